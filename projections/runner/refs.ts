import type { DatabaseSync, StatementSync } from 'node:sqlite';

const rememberedMax = 50_000;

/** DDL of a table that `Refs` works on. */
export const refsSchema = (table: string): string => `CREATE TABLE ${table} (ref INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;`;

/**
 * Small integers for long names (streams, accounts), so that big tables and indexes stay small. A name's ref is the log
 * position at which this view first met it: the same in every rebuild. An event must not introduce two names into one table.
 */
export class Refs {
  readonly #find: StatementSync;
  readonly #insert: StatementSync;
  readonly #remembered = new Map<string, number>();

  constructor(db: DatabaseSync, table: string) {
    this.#find = db.prepare(`SELECT ref FROM ${table} WHERE name = ?`);
    this.#insert = db.prepare(`INSERT INTO ${table} VALUES (?, ?)`);
  }

  find(name: string): number | undefined {
    const remembered = this.#remembered.get(name);
    if (remembered !== undefined) return remembered;
    const ref = (this.#find.get(name) as { ref: number } | undefined)?.ref;
    if (ref !== undefined) this.#remember(name, ref);
    return ref;
  }

  /** Finds the name, or introduces it at `position`. */
  refOf(name: string, position: number): number {
    const found = this.find(name);
    if (found !== undefined) return found;
    this.#insert.run(position, name);
    this.#remember(name, position);
    return position;
  }

  #remember(name: string, ref: number): void {
    if (this.#remembered.size >= rememberedMax) this.#remembered.clear();
    this.#remembered.set(name, ref);
  }
}

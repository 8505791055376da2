import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Rows written by one call. More of them win nothing. */
const atOnce = 32;

/** Inserts rows that lie one behind the other in an array, many with each call: the call and its answer cost as much as a row. */
export class ManyRows {
  readonly #width: number;
  readonly #many: StatementSync;
  readonly #one: StatementSync;

  /** `width`: number of columns. `onConflict`: the clause, where a row may be there already. */
  constructor(db: DatabaseSync, table: string, width: number, onConflict = '') {
    const row = `(${Array.from({ length: width }, () => '?').join(', ')})`;
    this.#width = width;
    this.#many = db.prepare(`INSERT INTO ${table} VALUES ${Array.from({ length: atOnce }, () => row).join(', ')} ${onConflict}`);
    this.#one = db.prepare(`INSERT INTO ${table} VALUES ${row} ${onConflict}`);
  }

  /** Writes all of them, in this order. */
  insert(values: readonly SQLInputValue[]): void {
    let at = 0;
    for (const step = this.#width * atOnce; at + step <= values.length; at += step) this.#many.run(...values.slice(at, at + step));
    for (; at < values.length; at += this.#width) this.#one.run(...values.slice(at, at + this.#width));
  }
}

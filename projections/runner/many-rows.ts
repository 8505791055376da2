import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Rows written by one call. More of them win nothing. */
const most = 32;

/**
 * Inserts the rows of one table, many with each call: the call and its answer cost as much as a row. Rows are gathered until
 * there are enough for a call; `flush` before anybody reads the table or changes it otherwise, and before the commit.
 *
 * A call that fails leaves what came before the row that failed (OR FAIL), so whoever gets its error must give up the whole
 * transaction. Otherwise SQLite opens a savepoint for each call: it copies the pages and makes FTS5 write out what it gathered,
 * which costs ten times what is won. A conflict clause asks for the savepoint anyway, so rows that may be there already are first
 * written as if they were not: from the first that is, each has a call of its own.
 */
export class ManyRows {
  readonly #width: number;
  readonly #many: StatementSync;
  readonly #one: StatementSync;
  /** Rows that the last call wrote; undefined where a row that is there already is an error. */
  readonly #written: StatementSync | undefined;
  readonly #gathered: SQLInputValue[];
  #used = 0;

  /** `width`: number of columns. `onConflict`: the clause, where a row may be there already. */
  constructor(db: DatabaseSync, table: string, width: number, onConflict = '') {
    const row = `(${Array.from({ length: width }, () => '?').join(', ')})`;
    this.#width = width;
    this.#many = db.prepare(`INSERT OR FAIL INTO ${table} VALUES ${Array.from({ length: most }, () => row).join(', ')}`);
    this.#one = db.prepare(`INSERT OR FAIL INTO ${table} VALUES ${row} ${onConflict}`);
    this.#written = onConflict === '' ? undefined : db.prepare('SELECT changes() AS written');
    this.#gathered = Array.from({ length: width * most }, () => null);
  }

  /** All columns of one row. */
  add(...row: SQLInputValue[]): void {
    for (let column = 0; column < this.#width; column += 1) this.put(row[column]!);
  }

  /** The next column of a row; only whole rows may be flushed. */
  put(value: SQLInputValue): void {
    this.#gathered[this.#used] = value;
    this.#used += 1;
    if (this.#used < this.#gathered.length) return;
    this.#used = 0;
    try {
      this.#many.run(...this.#gathered);
    } catch (error) {
      if (!this.#written || !isTaken(error)) throw error;
      const { written } = this.#written.get() as { written: number };
      this.#oneByOne(written * this.#width, this.#gathered.length);
    }
  }

  flush(): void {
    const used = this.#used;
    this.#used = 0;
    this.#oneByOne(0, used);
  }

  #oneByOne(from: number, to: number): void {
    for (let at = from; at < to; at += this.#width) this.#one.run(...this.#gathered.slice(at, at + this.#width));
  }
}

/** SQLITE_CONSTRAINT_PRIMARYKEY or _UNIQUE (sqlite.org/rescode.html). */
const isTaken = (error: unknown): boolean => [1555, 2067].includes((error as { errcode?: number }).errcode ?? 0);

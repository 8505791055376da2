import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';

/** Rows written by one call. More of them win nothing. */
const most = 32;

/**
 * Inserts the rows of one table, many with each call: the call and its answer cost as much as a row. Rows are gathered until
 * there are enough for a call; `flush` before anybody reads the table or changes it otherwise, and before the commit.
 *
 * A call that fails leaves what came before the row that failed (OR FAIL), so whoever gets its error must give up the whole
 * transaction. Otherwise SQLite opens a savepoint for each call: it copies the pages and makes FTS5 write out what it gathered,
 * which costs ten times what is won. A conflict clause asks for the savepoint anyway, so then each row has a call of its own.
 */
export class ManyRows {
  readonly #width: number;
  readonly #many: StatementSync;
  readonly #one: StatementSync;
  readonly #gathered: SQLInputValue[];
  #used = 0;

  /** `width`: number of columns. `onConflict`: the clause, where a row may be there already. */
  constructor(db: DatabaseSync, table: string, width: number, onConflict = '') {
    const atOnce = onConflict === '' ? most : 1;
    const row = `(${Array.from({ length: width }, () => '?').join(', ')})`;
    this.#width = width;
    this.#many = db.prepare(`INSERT OR FAIL INTO ${table} VALUES ${Array.from({ length: atOnce }, () => row).join(', ')} ${onConflict}`);
    this.#one = db.prepare(`INSERT OR FAIL INTO ${table} VALUES ${row} ${onConflict}`);
    this.#gathered = Array.from({ length: width * atOnce }, () => null);
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
    this.#many.run(...this.#gathered);
  }

  flush(): void {
    const used = this.#used;
    this.#used = 0;
    for (let at = 0; at < used; at += this.#width) this.#one.run(...this.#gathered.slice(at, at + this.#width));
  }
}

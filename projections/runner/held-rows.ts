import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { ManyRows } from './many-rows.ts';

/** What one flush can put in order (see `#order`). */
const heldMax = 2 ** 20;

/**
 * Rows of a table whose key begins with a random text (an id made by a client) and a number (where it belongs): held until the
 * commit and written in the order of these ids, so that a page of the file is touched once a batch and not once a row. Whoever
 * looks a row up asks here first, then the table. Held one value behind the other: objects that live until the commit cost more
 * than writing them. A key that comes twice is found by the table, when it is written.
 */
export class HeldRows {
  readonly #rows: ManyRows;
  readonly #width: number;
  #values: SQLInputValue[] = [];
  /**
   * Per row the first eight characters of its id, then its number, which is the lower half: numbers are sorted ten times faster
   * than texts, and what is written in another order is only written more slowly. Made while the id is at hand.
   */
  #order = new Float64Array(64);
  /** Id and number to where the last such row begins; made as far as `#indexedTo` when somebody looks. */
  readonly #index = new Map<string, number>();
  #indexedTo = 0;

  /** `width`: number of columns. `onConflict`: the clause, where a row may be there already. */
  constructor(db: DatabaseSync, table: string, width: number, onConflict?: string) {
    this.#rows = new ManyRows(db, table, width, onConflict);
    this.#width = width;
  }

  /** `row` has all columns: id and number first. */
  add(row: readonly [id: string, of: number, ...rest: SQLInputValue[]]): void {
    let count = this.#values.length / this.#width;
    if (count === heldMax) {
      this.flush();
      count = 0;
    }
    if (count === this.#order.length) {
      const grown = new Float64Array(count * 2);
      grown.set(this.#order);
      this.#order = grown;
    }
    this.#order[count] = beginningOf(row[0]) * heldMax + count;
    for (const value of row) this.#values.push(value);
  }

  /** Where the last row with this key is held, for `valueOf`, `set` and `drop`. */
  find(id: string, of: number): number | undefined {
    for (const values = this.#values; this.#indexedTo < values.length; this.#indexedTo += this.#width) {
      if (values[this.#indexedTo] !== null) this.#index.set(`${values[this.#indexedTo] as string} ${values[this.#indexedTo + 1] as number}`, this.#indexedTo);
    }
    return this.#index.get(`${id} ${of}`);
  }

  /** `column` counts from 0. */
  valueOf(row: number, column: number): SQLInputValue {
    return this.#values[row + column]!;
  }

  set(row: number, column: number, value: SQLInputValue): void {
    this.#values[row + column] = value;
  }

  /** This row is not written. */
  drop(row: number): void {
    this.#index.delete(`${this.#values[row] as string} ${this.#values[row + 1] as number}`);
    this.#values[row] = null;
  }

  /** Writes all rows and forgets them. */
  flush(): void {
    const [values, width] = [this.#values, this.#width];
    if (values.length === 0) return;
    for (const place of this.#order.subarray(0, values.length / width).sort()) {
      const at = (place % heldMax) * width;
      // Dropped.
      if (values[at] === null) continue;
      for (let column = 0; column < width; column += 1) this.#rows.put(values[at + column]!);
    }
    this.#rows.flush();
    this.#values = [];
    this.#index.clear();
    this.#indexedTo = 0;
  }
}

/** Eight hexadecimal digits as a number below 2^32; of any other text some such number. */
const beginningOf = (id: string): number => {
  let number = 0;
  for (let at = 0; at < 8; at += 1) {
    const code = id.charCodeAt(at);
    number = (number << 4) | ((code + (code >> 6) * 9) & 15);
  }
  return number >>> 0;
};

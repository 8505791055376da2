/**
 * Rows of a table whose key is random (an id made by a client): held until the commit and written in the order of their keys, so
 * that a page of the file is touched once a batch and not once a row. Whoever looks a row up asks here first, then the table.
 */
export class HeldRows<Row> {
  readonly #rows = new Map<string, Row>();

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** Throws where the key is held already, as the table does where it has it. */
  add(key: string, row: Row): void {
    if (this.#rows.has(key)) throw new Error(`${key} comes twice`);
    this.#rows.set(key, row);
  }

  set(key: string, row: Row): void {
    this.#rows.set(key, row);
  }

  /** Hands all rows over and forgets them. */
  flush(write: (row: Row) => void): void {
    for (const key of [...this.#rows.keys()].sort()) write(this.#rows.get(key)!);
    this.#rows.clear();
  }
}

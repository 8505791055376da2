/**
 * How far readers see. A write is in the log at once, but it is read and acknowledged only when the cluster has it: while
 * somebody holds the log at a position, everything from there on waits, in order.
 */
export class Visibility {
  /** Position of the last event that may be read; -1: none. */
  to = -1;
  #written = -1;
  readonly #holds = new Set<{ readonly before: number }>();
  readonly #watchers = new Set<() => void>();
  #waiting: { readonly position: number; readonly go: () => void }[] = [];

  grewTo(position: number): void {
    this.#written = position;
    if (this.#holds.size === 0) this.#show(position);
  }

  /** Nothing that is written from now on is seen until what this gives is called. */
  hold(): () => void {
    const hold = { before: this.#written };
    this.#holds.add(hold);
    return () => {
      this.#holds.delete(hold);
      this.#show(Math.min(this.#written, ...[...this.#holds].map(({ before }) => before)));
    };
  }

  /** Calls back when the position can be read; at once where it can be already. Gives the way to wait no longer. */
  when(position: number, go: () => void): () => void {
    if (position <= this.to) {
      go();
      return () => undefined;
    }
    const waiting = { position, go };
    this.#waiting.push(waiting);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== waiting);
    };
  }

  /** Calls back whenever readers see more, until what this gives is called. */
  watch(onMore: () => void): () => void {
    this.#watchers.add(onMore);
    return () => void this.#watchers.delete(onMore);
  }

  #show(position: number): void {
    if (position <= this.to) return;
    this.to = position;
    const due = this.#waiting.filter((one) => one.position <= position);
    if (due.length > 0) this.#waiting = this.#waiting.filter((one) => one.position > position);
    for (const { go } of due) go();
    for (const look of [...this.#watchers]) look();
  }
}

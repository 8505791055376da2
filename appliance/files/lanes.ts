/** One thing at a time for each upload; the newest ends a stream that is still being taken. */
export class Lanes {
  readonly #lanes = new Map<string, { readonly last: Promise<unknown>; readonly stop: AbortController }>();

  take<T>(name: string, work: (until: AbortSignal) => Promise<T>): Promise<T> {
    const before = this.#lanes.get(name);
    before?.stop.abort();
    const stop = new AbortController();
    const result = (before?.last ?? Promise.resolve()).then(() => work(stop.signal));
    const lane = { stop, last: result.catch(() => undefined) };
    this.#lanes.set(name, lane);
    void lane.last.then(() => this.#lanes.get(name) === lane && this.#lanes.delete(name));
    return result;
  }

  /** Ends every stream, and waits for what was begun: it keeps what has come. */
  async stop(): Promise<void> {
    for (const { stop } of this.#lanes.values()) stop.abort();
    await Promise.all([...this.#lanes.values()].map(({ last }) => last));
  }
}

const withinMsDefault = 5_000;

/** Something that changes by itself. Whoever waits for a fact about it looks again after every change. */
export class Watched {
  readonly #lookers = new Set<() => void>();

  changed(): void {
    for (const look of [...this.#lookers]) look();
  }

  /** Resolves with the first answer of `look` that is neither undefined nor false; rejects after the deadline with what was last seen. */
  until<T>(what: string, look: () => T | undefined | false, dump: () => unknown, withinMs = withinMsDefault): Promise<T> {
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#lookers.delete(again);
        clearTimeout(timer);
      };
      const again = (): void => {
        try {
          const found = look();
          if (found === undefined || found === false) return;
          done();
          resolve(found);
        } catch (cause) {
          done();
          reject(cause);
        }
      };
      const timer = setTimeout(() => {
        done();
        reject(new Error(`Waited ${withinMs} ms in vain until ${what}. Last seen: ${JSON.stringify(dump(), null, 1)}`));
      }, withinMs);
      this.#lookers.add(again);
      again();
    });
  }
}

/** For a fact that has to be asked for: asks again until the answer is neither undefined nor false; rejects after the deadline with the last one. */
export const eventually = async <T>(what: string, ask: () => Promise<T | undefined | false> | T | undefined | false, dump: () => unknown = () => 'nothing', withinMs = withinMsDefault): Promise<T> => {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`Waited ${withinMs} ms in vain until ${what}. Last seen: ${JSON.stringify(await dump(), null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

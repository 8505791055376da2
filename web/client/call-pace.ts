/** Lets so many calls out at once and then so many a second, in the order in which they asked. */
export class CallPace {
  readonly #everyMs: number;
  readonly #aheadMs: number;
  /** When the latest call would have gone, had there been no burst. */
  #at = Number.NEGATIVE_INFINITY;

  constructor({ burst, perSecond }: { readonly burst: number; readonly perSecond: number }) {
    this.#everyMs = 1_000 / perSecond;
    this.#aheadMs = burst * this.#everyMs;
  }

  /** Resolves when the next call may go. */
  async turn(): Promise<void> {
    const now = performance.now();
    this.#at = Math.max(this.#at, now - this.#aheadMs) + this.#everyMs;
    const waitMs = this.#at - now;
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}

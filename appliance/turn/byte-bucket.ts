/** What a packet costs beside its bytes: small ones are as much work as large ones. */
const packetCostBytes = 100;

/** So many bytes a second, lasting; twice as many at once. */
export class ByteBucket {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #at: number;

  constructor(perSecond: number, now: number) {
    this.#perMs = perSecond / 1_000;
    this.#most = perSecond * 2;
    this.#left = this.#most;
    this.#at = now;
  }

  /** Nobody has taken of it lately: a new one in its place would give no more. */
  isFull(now: number): boolean {
    return this.#left + (now - this.#at) * this.#perMs >= this.#most;
  }

  /** False, and nothing is taken, when there is not enough left for one packet of so many bytes. */
  take(bytes: number, now: number): boolean {
    if (now > this.#at) this.#left = Math.min(this.#most, this.#left + (now - this.#at) * this.#perMs);
    this.#at = now;
    const cost = bytes + packetCostBytes;
    if (this.#left < cost) return false;
    this.#left -= cost;
    return true;
  }
}

/** A bucket that holds `most` and refills every second: short bursts pass, what lasts is held to the rate. */
export class TokenBucket {
  readonly #most: number;
  #tokens: number;
  #refilledAt: number;

  constructor(most: number, now: number) {
    this.#most = most;
    this.#tokens = most;
    this.#refilledAt = now;
  }

  /** False when there is nothing left. A clock that was set back gives nothing, and takes nothing. */
  take(now: number, perSecond: number): boolean {
    this.#tokens = Math.min(this.#most, this.#tokens + (Math.max(0, now - this.#refilledAt) / 1_000) * perSecond);
    this.#refilledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  /** When it was asked last. */
  get askedAt(): number {
    return this.#refilledAt;
  }
}

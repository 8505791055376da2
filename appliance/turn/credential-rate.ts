import { limits } from '#src/contract/limits.ts';
import { TokenBucket } from '#src/doors/token-bucket.ts';
import { refuse, type Refusal } from '#src/kernel/refusal.ts';

const secondsForOne = 60 / limits.iceReadsPerMinute;
/** After so long without asking a bucket is as full as a new one. */
const forgottenAfterMs = limits.iceReadsBurst * secondsForOne * 1_000;

/**
 * How often each session is given credentials for relays. A browser needs one for twelve hours of calls, and asks again when it was cut
 * off; who wants many more is no browser.
 */
export class CredentialRate {
  readonly #buckets = new Map<string, TokenBucket>();
  #sweptAt = 0;
  #given = 0;
  #refused = 0;

  /** Counts one. A refusal when this session has asked more often than it may. `now`: ms. */
  refusal(session: string, now: number): Refusal | undefined {
    if (now - this.#sweptAt > forgottenAfterMs) this.#sweep(now);
    let bucket = this.#buckets.get(session);
    if (!bucket) this.#buckets.set(session, (bucket = new TokenBucket(limits.iceReadsBurst, now)));
    if (bucket.take(now, 1 / secondsForOne)) {
      this.#given += 1;
      return undefined;
    }
    this.#refused += 1;
    return refuse('slow-down', `You have asked for the way to the relay too often. Wait ${secondsForOne} seconds, then try again. Calls go on with what they have.`, secondsForOne);
  }

  /** Since the start. */
  get counts(): { readonly given: number; readonly refused: number } {
    return { given: this.#given, refused: this.#refused };
  }

  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [session, bucket] of this.#buckets) if (now - bucket.askedAt > forgottenAfterMs) this.#buckets.delete(session);
  }
}

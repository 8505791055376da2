import { limits } from '../../contract/limits.ts';
import { refuse, type Refusal } from '../../kernel/refusal.ts';
import { TokenBucket } from '../token-bucket.ts';

const sweepEveryMs = 60_000;

/** How many calls each session makes over HTTP; a socket counts its own frames. */
export class SessionRate {
  readonly #perSecond: number;
  readonly #buckets = new Map<string, TokenBucket>();
  #sweptAt = 0;

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Counts one call. A refusal when this session makes more than it may. */
  refusal(session: string, now: number): Refusal | undefined {
    if (now - this.#sweptAt > sweepEveryMs) this.#sweep(now);
    let bucket = this.#buckets.get(session);
    if (!bucket) this.#buckets.set(session, (bucket = new TokenBucket(limits.httpBurst, now)));
    if (bucket.take(now, this.#perSecond)) return undefined;
    return refuse('too-many', `You may make ${this.#perSecond} calls a second. Nothing was changed; wait a moment, then try again.`, this.#perSecond);
  }

  /** Whoever has not asked for so long has a full bucket by now, as a new one would be. */
  #sweep(now: number): void {
    this.#sweptAt = now;
    for (const [session, bucket] of this.#buckets) if (now - bucket.askedAt > sweepEveryMs) this.#buckets.delete(session);
  }
}

import { TokenBucket } from '#src/doors/token-bucket.ts';
import { bytesOfAddress } from './addresses.ts';
import type { RelayLimits } from './relay-settings.ts';

const burst = 4;
/** Sources remembered. One that was asked nothing for longest goes first; whoever makes up sources meets the limit for all. */
const sourcesMax = 10_000;

/** How much is answered to those whom the relay does not know yet. */
export class Strangers {
  readonly #perSource = new Map<string, TokenBucket>();
  readonly #all: TokenBucket;
  readonly #limits: RelayLimits;

  constructor(limits: RelayLimits, now: number) {
    this.#limits = limits;
    this.#all = new TokenBucket(limits.strangersPerSecond * burst, now);
  }

  /** False: no answer. The source's own share is asked first, so that one alone does not use up what is for all. `now`: ms. */
  mayAsk(address: string, now: number): boolean {
    const source = sourceOf(address);
    const bucket = this.#perSource.get(source) ?? new TokenBucket(this.#limits.strangersPerSourcePerSecond * burst, now);
    // Last in the map is who asked last.
    this.#perSource.delete(source);
    this.#perSource.set(source, bucket);
    if (this.#perSource.size > sourcesMax) this.#perSource.delete(this.#perSource.keys().next().value!);
    return bucket.take(now, this.#limits.strangersPerSourcePerSecond) && this.#all.take(now, this.#limits.strangersPerSecond);
  }

  get sources(): number {
    return this.#perSource.size;
  }
}

/** Whoever has one IPv6 address has its whole /64. */
export const sourceOf = (address: string): string => {
  const bytes = bytesOfAddress(address);
  return bytes?.length === 16 ? bytes.toString('hex', 0, 8) : address;
};

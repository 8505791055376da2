import { ByteBucket } from './byte-bucket.ts';

/**
 * What all allocations of one account may send together, `perSecond` bytes. An account that has no allocation any more is remembered until
 * its bucket is full again, or whoever ends an allocation and asks for another would have a new bucket at once.
 */
export class AccountBuckets {
  readonly #perSecond: number;
  readonly #byAccount = new Map<string, ByteBucket>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  get size(): number {
    return this.#byAccount.size;
  }

  /** For one more allocation of `account`. `holders`: the accounts of all that there are; those of no other are forgotten where that gives nothing away. */
  of(account: string, holders: { readonly has: (account: string) => boolean }, now: number): ByteBucket {
    for (const [one, bucket] of this.#byAccount) if (!holders.has(one) && bucket.isFull(now)) this.#byAccount.delete(one);
    const bucket = this.#byAccount.get(account) ?? new ByteBucket(this.#perSecond, now);
    this.#byAccount.set(account, bucket);
    return bucket;
  }
}

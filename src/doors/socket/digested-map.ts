import { hash } from 'node:crypto';

export const bucketsCount = 256;
const wordsPerBucket = 2;
/** Bytes of all digests of one map. */
export const digestsBytes = bucketsCount * wordsPerBucket * 4;

/** Accounts by the last byte of their id, which is random or a hash in every kind of UUID that we make. */
const bucketOf = (account: string): number => Number.parseInt(account.slice(-2), 16);

/**
 * A map by account that two nodes compare without sending it: 256 buckets, each with a digest that costs the same to keep however
 * many are in it (XOR of 64 bits of SHA-256 of every entry). Guards against loss, not against forgery.
 */
export class DigestedMap<V> {
  readonly #buckets: (Map<string, V> | undefined)[] = Array.from({ length: bucketsCount });
  readonly #digests = new Int32Array(bucketsCount * wordsPerBucket);
  readonly #wordOf: (value: V) => string;
  #size = 0;

  /** `wordOf` says all that two nodes must agree on. */
  constructor(wordOf: (value: V) => string) {
    this.#wordOf = wordOf;
  }

  get size(): number {
    return this.#size;
  }

  get(account: string): V | undefined {
    return this.#buckets[bucketOf(account)]?.get(account);
  }

  /** Undefined takes it out. */
  set(account: string, value: V | undefined): void {
    const index = bucketOf(account);
    const before = this.#buckets[index]?.get(account);
    if (before !== undefined) this.#toggle(index, account, before);
    if (value === undefined) {
      if (this.#buckets[index]?.delete(account)) this.#size -= 1;
      if (this.#buckets[index]?.size === 0) this.#buckets[index] = undefined;
      return;
    }
    if (before === undefined) this.#size += 1;
    (this.#buckets[index] ??= new Map()).set(account, value);
    this.#toggle(index, account, value);
  }

  #toggle(index: number, account: string, value: V): void {
    const digest = hash('sha256', `${account} ${this.#wordOf(value)}`, 'buffer');
    this.#digests[index * wordsPerBucket]! ^= digest.readInt32LE(0);
    this.#digests[index * wordsPerBucket + 1]! ^= digest.readInt32LE(4);
  }

  bucket(index: number): ReadonlyMap<string, V> {
    return this.#buckets[index] ?? new Map<string, V>();
  }

  *accounts(): Generator<string> {
    for (const bucket of this.#buckets) if (bucket) yield* bucket.keys();
  }

  /** Of everything: 16 hex digits. */
  digest(): string {
    const all = Buffer.alloc(digestsBytes);
    this.#digests.forEach((word, index) => all.writeInt32LE(word, index * 4));
    return hash('sha256', all, 'hex').slice(0, 16);
  }

  /** Of every bucket: `digestsBytes` bytes, base64url. */
  digests(): string {
    const all = Buffer.alloc(digestsBytes);
    this.#digests.forEach((word, index) => all.writeInt32LE(word, index * 4));
    return all.toString('base64url');
  }

  /** The buckets in which whoever has these `digests` holds something else. */
  differing(digests: string): readonly number[] {
    const theirs = Buffer.from(digests, 'base64url');
    if (theirs.length !== digestsBytes) return [];
    const differs = (word: number): boolean => theirs.readInt32LE(word * 4) !== this.#digests[word];
    return Array.from({ length: bucketsCount }, (_, index) => index).filter((index) => differs(index * wordsPerBucket) || differs(index * wordsPerBucket + 1));
  }
}

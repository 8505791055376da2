import { Fault } from '#src/kernel/fault.ts';
import { keysAtOnceMax } from '#src/sealing/keyring.ts';

/** More than this waits for the next batch. */
export const batchKeysMax = 2 * keysAtOnceMax;

type Batch<T> = { readonly items: Map<string, T>; readonly done: PromiseWithResolvers<void> };

/** Gathers what is asked for while the batch before it is under way, so that a burst over a thousand conversations costs one flush and not a thousand. */
export class Lane<T> {
  readonly #carry: (items: ReadonlyMap<string, T>) => Promise<void>;
  readonly #gathering: Batch<T>[] = [];
  #isUnderWay = false;

  /** `carry` is called for one batch at a time. */
  constructor(carry: (items: ReadonlyMap<string, T>) => Promise<void>) {
    this.#carry = carry;
  }

  /** Resolves or rejects as the batch does that these go with; at most `keysAtOnceMax` at a time. */
  ask(items: readonly (readonly [name: string, item: T])[]): Promise<void> {
    if (items.length > keysAtOnceMax) return Promise.reject(new Fault(`More than ${keysAtOnceMax} keys cannot be asked for at once.`));
    let batch = this.#gathering.at(-1);
    if (!batch || batch.items.size + items.length > batchKeysMax) {
      batch = { items: new Map(), done: Promise.withResolvers() };
      this.#gathering.push(batch);
    }
    for (const [name, item] of items) batch.items.set(name, item);
    // The end of the turn, so that everything asked for in it goes together.
    if (!this.#isUnderWay) {
      this.#isUnderWay = true;
      setImmediate(() => this.#next());
    }
    return batch.done.promise;
  }

  #next(): void {
    const batch = this.#gathering.shift();
    this.#isUnderWay = batch !== undefined;
    if (!batch) return;
    // Answered before the next batch is sent: who waited finds what came before it can be pushed out of memory.
    void this.#carry(batch.items).then(batch.done.resolve, batch.done.reject).then(() => this.#next());
  }
}

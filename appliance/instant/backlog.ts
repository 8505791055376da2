import { touchedBy, type Touched } from '#projections/instant/touched.ts';
import type { Opened } from '#src/every-event.ts';

type Pending = { readonly position: number; readonly touched: Touched; /** `performance.now()` */ readonly heardAt: number };
/** What is to be looked at again, up to a position. `read-log`: this appliance does not remember; positions, both included. */
export type Next = { readonly is: 'touched'; readonly touched: readonly Touched[]; readonly upTo: number } | { readonly is: 'read-log'; readonly from: number; readonly to: number } | undefined;

/** More than this is not remembered but read from the log again. */
const rememberedMax = 50_000;

/** What the log has brought and the index does not hold yet: keys only, no texts. Bounded, however long Meilisearch is away. */
export class Backlog {
  /** Every touched document of the events after `#rememberedAfter`, in log order. */
  #pending: Pending[] = [];
  #rememberedAfter: number;
  #head: number;
  /** The index holds everything up to here. */
  #done = -1;

  /** `head`: position of the last event before the first that `follow` brings. */
  constructor(head: number) {
    this.#head = this.#rememberedAfter = head;
  }

  follow(events: readonly Opened[], now = performance.now()): void {
    for (const event of events) {
      const touched = event.position > this.#done ? touchedBy(event) : undefined;
      if (touched) this.#pending.push({ position: event.position, touched, heardAt: now });
    }
    this.#head = events.at(-1)?.position ?? this.#head;
    if (this.#pending.length <= rememberedMax) return;
    this.#pending = [];
    this.#rememberedAfter = this.#head;
  }

  get head(): number {
    return this.#head;
  }

  /** The index holds everything up to here; less than before after a rebuild, or where it is an older copy. */
  indexedTo(position: number): void {
    this.#done = position;
    const still = this.#pending.findIndex((one) => one.position > position);
    if (still !== 0) this.#pending = still < 0 ? [] : this.#pending.slice(still);
    this.#rememberedAfter = Math.max(this.#rememberedAfter, position);
  }

  /** In order, at most `most` at a time; undefined when there is nothing to do. */
  next(most: number): Next {
    if (this.#isForgotten) return { is: 'read-log', from: this.#done + 1, to: this.#rememberedAfter };
    const batch = this.#pending.slice(0, most);
    if (batch.length === 0) return undefined;
    // What touches nothing counts as done, up to the next event that does.
    const following = this.#pending[batch.length];
    return { is: 'touched', touched: batch.map(({ touched }) => touched), upTo: following ? following.position - 1 : this.#head };
  }

  /** Where the index has come to, with the events after it that touch no document. */
  get position(): number {
    if (this.#isForgotten) return this.#done;
    return this.#pending.length === 0 ? Math.max(this.#head, this.#done) : this.#pending[0]!.position - 1;
  }

  /** How long the oldest thing has waited, in ms; infinite where that is not remembered. */
  waitedMs(now = performance.now()): number {
    if (this.#isForgotten) return Number.POSITIVE_INFINITY;
    return this.#pending.length === 0 ? 0 : now - this.#pending[0]!.heardAt;
  }

  get #isForgotten(): boolean {
    return this.#done < this.#rememberedAfter;
  }
}

import type { RecordedEvent } from '../../kernel/event.ts';
import { Fault } from '../../kernel/fault.ts';
import type { Following } from '../event-log.ts';

/** UTF-16 units that may wait in memory for one slow follower; beyond, it reads from the disk again. */
const liveUnitsMax = 32 * 1024 * 1024;

/** One flush. A chain: what every follower has passed is let go by itself. */
type Link = { readonly from: number; readonly events: readonly RecordedEvent[]; readonly unitsBefore: number; next: Link | undefined };

type OnEvents = (events: readonly RecordedEvent[]) => void | Promise<void>;
export type History = (from: number, limit: number) => AsyncIterable<readonly RecordedEvent[]>;

const unitsOf = (events: readonly RecordedEvent[]): number => {
  let units = 0;
  for (const { data, metadata } of events) units += data.length + metadata.length;
  return units;
};

/** The events that this process appended, as they become durable, and those who follow them. */
export class LiveTail {
  readonly #history: History;
  readonly #followers = new Set<Follower>();
  #size: number;
  #units = 0;
  #last: Link;

  constructor(size: number, history: History) {
    this.#size = size;
    this.#history = history;
    this.#last = { from: size, events: [], unitsBefore: 0, next: undefined };
  }

  /** Number of durable events. */
  get size(): number {
    return this.#size;
  }

  /** Nobody follows: `publish` needs no events. */
  get isFollowed(): boolean {
    return this.#followers.size > 0;
  }

  /** The log has `size` durable events; `events` are those that are new, all of them if the tail is followed. */
  publish(size: number, events: readonly RecordedEvent[]): void {
    if (size === this.#size) return;
    const link: Link = { from: this.#size, events, unitsBefore: this.#units, next: undefined };
    this.#size = size;
    this.#units += unitsOf(events);
    this.#last.next = link;
    this.#last = link;
    for (const follower of this.#followers) {
      follower.dropIfBehind(this.#units - liveUnitsMax);
      follower.pump();
    }
  }

  follow(from: number, onEvents: OnEvents): Following {
    const follower = new Follower(from, onEvents, {
      pin: () => ({ link: this.#last, size: this.#size }),
      history: this.#history,
      leave: () => this.#followers.delete(follower),
    });
    this.#followers.add(follower);
    follower.pump();
    return { stop: () => follower.stop(), ended: follower.ended };
  }

  /** No call of any follower begins after this. Does not wait for those that are running: one of them may be what closes the log. */
  close(): void {
    for (const follower of this.#followers) void follower.stop();
  }
}

type Surroundings = { readonly pin: () => { link: Link; size: number }; readonly history: History; readonly leave: () => void };

class Follower {
  readonly ended: Promise<void>;
  readonly #onEvents: OnEvents;
  readonly #around: Surroundings;
  readonly #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
  #next: number;
  /** The last flush taken from memory; undefined while it has to read from the disk. */
  #link: Link | undefined;
  #running: Promise<void> | undefined;
  #isOver = false;

  constructor(from: number, onEvents: OnEvents, around: Surroundings) {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ended = promise;
    this.#settle = { resolve, reject };
    this.#next = from;
    this.#onEvents = onEvents;
    this.#around = around;
  }

  /** Hands over what is there. Returns at once when a call is running: its end pumps again. */
  pump(): void {
    while (!this.#isOver && !this.#running) {
      const handing = this.#link ? this.#handLive(this.#link) : this.#handHistory();
      if (!handing) {
        if (this.#link?.next) continue;
        return;
      }
      this.#running = handing.then(
        () => {
          this.#running = undefined;
          this.pump();
        },
        (error: unknown) => this.#fail(error),
      );
    }
  }

  dropIfBehind(units: number): void {
    if (this.#link && this.#link.unitsBefore < units && this.#link.next) this.#link = undefined;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    this.#around.leave();
    await this.#running;
    this.#settle.resolve();
  }

  /** The next flush, in the caller's turn; a promise only if `onEvents` gave one. */
  #handLive({ next }: Link): Promise<void> | undefined {
    if (!next) return undefined;
    this.#link = next;
    const events = next.from >= this.#next ? next.events : next.events.slice(this.#next - next.from);
    if (events.length === 0) return undefined;
    this.#next = next.from + next.events.length;
    try {
      return this.#onEvents(events) ?? undefined;
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }

  /** From the disk up to the flush that is pinned before the first page is asked for, so that no gap can open behind it. */
  async #handHistory(): Promise<void> {
    const { link, size } = this.#around.pin();
    this.#link = link;
    if (this.#next >= size) return;
    for await (const page of this.#around.history(this.#next, size - this.#next)) {
      if (this.#isOver) return;
      if (page[0]!.position !== this.#next) throw new Fault(`The log has a gap at position ${this.#next}.`);
      this.#next += page.length;
      await this.#onEvents(page);
      if (this.#isOver) return;
    }
    if (this.#next < size) throw new Fault(`The log ends at position ${this.#next}, before the ${size} events that it holds.`);
  }

  #fail(error: unknown): void {
    this.#running = undefined;
    if (this.#isOver) return;
    this.#isOver = true;
    this.#around.leave();
    this.#settle.reject(error);
  }
}

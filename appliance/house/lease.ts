import type { LeaseTaken } from '#src/custody/events.ts';
import { isFreeFor, leaseAfter, leaseMs, type LeaseStanding } from '#src/custody/lease.ts';
import { releaseLease } from '#src/custody/release-lease.ts';
import { leaseHeld, takeLease } from '#src/custody/take-lease.ts';
import type { Opened } from '#src/every-event.ts';
import type { Clock } from '#src/kernel/clock.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { LogStopped, NotSent, type EventLog } from '#src/log/event-log.ts';
import type { House } from './house.ts';
import { theAppliance } from './the-appliance.ts';

export type LeasePorts = {
  /** What may have one holder at a time. */
  readonly name: string;
  readonly commandAs: House['commandAs'];
  readonly log: Pick<EventLog, 'isShared'>;
  readonly clock: Clock;
  /** Milliseconds that only run forwards. */
  readonly steady?: () => number;
  readonly onFault: (cause: unknown) => void;
};

/** `node`: one run of one appliance. `until`: ms UTC by the holder's clock. */
export type LeaseHolder = { readonly node: string; readonly term: number; readonly until: number; readonly isHere: boolean };

const lookEveryMs = 1_000;
const againAfterMs = 2_000;
/** A log that does not answer keeps nobody from closing: the term then runs out by itself. */
const releaseWithinMs = 2_000;

/**
 * One holder at a time among the appliances on one log. Who holds it is decided in custody; whether this process may still
 * act on it, by the time that has passed here since before the append was sent. A process that slept finds its term over
 * when it wakes, without having heard from anybody. On a log of its own an appliance always holds it, and records nothing.
 */
export class Lease {
  readonly name: string;
  readonly node = uuidv4();
  readonly #ports: LeasePorts;
  readonly #steady: () => number;
  /** As of what was followed, or what the desk decided on. */
  #standing: LeaseStanding | undefined;
  /** `endsAt`, `renewAt`: by the steady clock. */
  #mine: { readonly term: number; readonly until: number; readonly endsAt: number; readonly renewAt: number } | undefined;
  #taking: Promise<void> | undefined;
  #notBefore = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(ports: LeasePorts) {
    this.#ports = ports;
    this.name = ports.name;
    this.#steady = ports.steady ?? (() => performance.now());
  }

  /** Commands can be given: from here on the lease is taken when it is free, and renewed. Waits for nothing. */
  begin(): void {
    if (!this.#ports.log.isShared || this.#isClosed) return;
    this.#timer = setInterval(() => this.look(), lookEveryMs).unref();
    this.look();
  }

  /** Ask right before each act: what it answers is true now, and no longer. */
  held(): { readonly term: number } | undefined {
    if (!this.#ports.log.isShared) return { term: 0 };
    if (!this.#mine || this.#isClosed || this.#standing?.node !== this.node) return undefined;
    // A machine that was suspended may have stopped its steady clock too; the one on the wall then shows it.
    const isOver = this.#steady() >= this.#mine.endsAt || this.#ports.clock() >= this.#mine.until;
    return isOver ? undefined : { term: this.#mine.term };
  }
  /** Whoever acts on it asks these. */
  readonly forWriter = {
    active: (): boolean => this.held() !== undefined,
    writer: (): string | undefined => {
      const holder = this.holder();
      return holder?.isHere ? undefined : holder?.node;
    },
  };

  /** Whose term stands, run out or not; undefined where nobody's does, or nobody shares the log. */
  holder(): LeaseHolder | undefined {
    const { node, term, until } = this.#standing ?? { node: null, term: 0, until: 0 };
    return node === null ? undefined : { node, term, until, isHere: node === this.node };
  }

  /** For whoever looks for why nothing is done about it here; undefined where this process may act. */
  says(): string | undefined {
    if (this.held()) return undefined;
    const holder = this.holder();
    return holder ? `The lease ${this.name} is held by node ${holder.node} until ${new Date(holder.until).toISOString()}. Should that one be gone, another takes it a minute later by itself.` : `Nobody holds the lease ${this.name} yet; it is taken by itself as soon as the log answers.`;
  }

  /** From the log's follower: what other appliances take ends what is held here, and what they release is free. */
  follow(events: readonly Opened[]): void {
    for (const event of events) if ((event.type === 'LeaseTaken' || event.type === 'LeaseReleased') && event.data.lease === this.name) this.#hear(leaseAfter(event, this.#standing));
    if (this.#timer && this.#standing?.node === null) this.look();
  }

  /** Terms only grow, and within one a release comes last: what comes late changes nothing. */
  #hear(standing: LeaseStanding): void {
    const known = this.#standing;
    if (!known || standing.term > known.term || (standing.term === known.term && standing.node === null)) this.#standing = standing;
  }

  /** Takes or renews it where it is time to; one attempt at a time. */
  look(): void {
    if (this.#isClosed || this.#taking || this.#steady() < this.#notBefore) return;
    const isTime = this.held() ? this.#steady() >= this.#mine!.renewAt : isFreeFor(this.node, this.#standing, this.#ports.clock());
    if (!isTime) return;
    this.#taking = this.#take()
      .catch((cause: unknown) => {
        // Neither is news: the log is away, and is asked again.
        if (!(cause instanceof NotSent || cause instanceof LogStopped)) this.#ports.onFault(cause);
        this.#notBefore = this.#steady() + againAfterMs;
      })
      .finally(() => (this.#taking = undefined));
  }

  async #take(): Promise<void> {
    const { commandAs, clock } = this.#ports;
    // Before the append is sent: nobody counts the term from an earlier moment than its holder.
    const [sent, at] = [this.#steady(), clock()];
    const result = await commandAs(theAppliance, this.#takeAndSee, { lease: this.name, node: this.node }, { appendClass: 'essential', at });
    if (isRefusal(result)) {
      // Where another node holds it, it was heard until when.
      if (result.code !== leaseHeld) this.#notBefore = this.#steady() + againAfterMs;
      return;
    }
    const { term, until } = result.events[0]!.data as LeaseTaken['data'];
    this.#hear({ node: this.node, term, until });
    this.#mine = { term, until, endsAt: sent + leaseMs, renewAt: sent + leaseMs / 2 };
  }

  /** Who is refused knows from the same look at custody by whom, and until when. */
  readonly #takeAndSee: typeof takeLease = {
    ...takeLease,
    decide: (permit, input, state, acting, known) => {
      const standing = state.leases.get(this.name);
      if (standing) this.#hear(standing);
      return takeLease.decide(permit, input, state, acting, known);
    },
  };

  /** After whatever acts on the lease has ended. Releases it; never rejects, and takes two seconds at most. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    const late = Promise.withResolvers<void>();
    const timer = setTimeout(late.resolve, releaseWithinMs);
    await Promise.race([this.#release().catch(() => undefined), late.promise]);
    clearTimeout(timer);
  }

  async #release(): Promise<void> {
    await this.#taking;
    const holder = this.holder();
    if (holder?.isHere) await this.#ports.commandAs(theAppliance, releaseLease, { lease: this.name, node: this.node, term: holder.term }, { appendClass: 'essential' });
  }
}

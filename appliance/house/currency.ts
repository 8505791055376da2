import { setTimeout } from 'node:timers/promises';
import { Fault } from '#src/kernel/fault.ts';
import { refuse, type Refusal } from '#src/kernel/refusal.ts';
import type { EventLog } from '#src/log/event-log.ts';

/** A revocation that another node acknowledged holds here within this time, or nothing is answered here. */
const behindMaxMs = 1_000;
const lookedEveryMs = 200;
/** A call that comes while it is not known waits so long for the proof: a machine that was busy for a moment has it at once. */
const patienceMs = 2_000;
const askedAgainEveryMs = 25;
const followedEveryMs = 2;

/** For people; why it is so is for whoever runs it, in health. */
export const lostTouch = 'It has lost touch with its record, and goes on by itself when it has caught up.';

/**
 * How far this node's own follower is behind what is acknowledged anywhere (ARCHITECTURE section 4). While it is further
 * behind than a second, or cannot know, the node answers nobody: somebody may have lost their access meanwhile.
 */
export class Currency {
  readonly #log: EventLog;
  readonly #followed: () => number;
  readonly #clock: () => number;
  /** What was in the log at an instant for which it was known to be complete, oldest first; those the follower has not passed yet. */
  #ahead: { readonly asOf: number; readonly size: number }[] = [];
  #currentAsOf: number;
  #timer: NodeJS.Timeout | undefined;

  /** `followed`: the last position that this node's follower has handed on. `startedFrom`: an instant for which what the node started from was complete. */
  constructor(log: EventLog, followed: () => number, startedFrom: number, clock = (): number => performance.now()) {
    this.#log = log;
    this.#followed = followed;
    this.#clock = clock;
    this.#currentAsOf = startedFrom;
  }

  /** The follower runs: from here on the node has to keep up. Resolves when it has; rejects with `Fault` where it cannot. */
  async begin(): Promise<void> {
    if (!this.#log.isShared) return;
    this.#timer = setInterval(() => void this.look().catch(() => undefined), lookedEveryMs).unref();
    await this.caughtUp();
    await this.look();
  }

  /** Resolves once this node has followed everything that anybody had acknowledged when it was called; rejects with `Fault` where it does not come to that. */
  async caughtUp(): Promise<void> {
    if (!this.#log.isShared) return;
    await this.#log.makeCurrent();
    const { size } = await this.#log.head();
    for (const until = this.#clock() + patienceMs; this.#followed() < size - 1; await setTimeout(followedEveryMs)) {
      if (this.#clock() > until) throw new Fault(`This node has not followed its log up to position ${size - 1} within ${patienceMs / 1000} s.`);
    }
  }

  async look(): Promise<void> {
    const asOf = this.#log.currentAsOf();
    const { size } = await this.#log.head();
    if (asOf > (this.#ahead.at(-1)?.asOf ?? this.#currentAsOf)) this.#ahead.push({ asOf, size });
    this.#pass();
  }

  #pass(): void {
    const followed = this.#followed();
    while (this.#ahead[0] && this.#ahead[0].size - 1 <= followed) this.#currentAsOf = this.#ahead.shift()!.asOf;
  }

  /** Milliseconds; 0 where nobody else writes. */
  get behindMs(): number {
    return this.#log.isShared ? this.#clock() - this.#currentAsOf : 0;
  }

  /** Undefined while this node may answer; else why not, in a sentence for whoever runs it. */
  behind(): string | undefined {
    // Before it begins nobody is served; what the node does then for itself rests on what it started from.
    if (this.#timer === undefined) return undefined;
    this.#pass();
    if (this.behindMs <= behindMaxMs) return undefined;
    return this.#log.cutOff() ?? `This node is ${Math.round(this.behindMs / 1000)} s behind the record; it catches up by itself.`;
  }

  /** Undefined once it is proven that this node may answer. */
  async refusal(): Promise<Refusal | undefined> {
    for (const until = this.#clock() + patienceMs; this.behind() !== undefined && this.#clock() < until; ) await setTimeout(askedAgainEveryMs);
    return this.behind() === undefined ? undefined : refuse('unavailable', `The appliance answers nobody now. ${lostTouch} Nothing was lost; what you wrote goes out then.`);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

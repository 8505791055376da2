import { randomUUID } from 'node:crypto';

import type { EventToAppend } from '../event-log.ts';
import { AppendLine } from './append-line.ts';
import { judgeAppend, type Seen, type Verdict } from './judge-append.ts';
import { backOffMs, isWorthRenewing, type Link } from './link.ts';
import { reasonOf } from './reason.ts';
import { accessDenied, batchAppendRequest, type AppendAnswer } from './wire.ts';

export type Outcome =
  | Verdict
  | { readonly kind: 'unknown'; readonly reason: string }
  /** Nothing of it was ever put on the wire, and nothing will be. */
  | { readonly kind: 'unsent' };

type Pending = {
  readonly ticket: number;
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly EventToAppend[];
  /** For what was never sent the moment at which it never will be. */
  deadlineAtMs: number;
  refusedAt: number | undefined;
  deleted: boolean;
  inDoubt: boolean;
  /** It was put on the wire, from then on for good. */
  wasSent: boolean;
  failures: number;
  /** Not to be sent before this; Infinity while it is under way or its answer leaves only the follower to wait for. */
  sendAtMs: number;
  /** Of the sending that is under way. */
  correlation: string | undefined;
  reason: string;
};

/** What waited for a line so long was decided in a world that may be gone: a revocation must hold everywhere within a second. */
const unsentMs = 500;

export type AppenderSettings = { readonly deadlineMs: number; readonly silenceMs: number };

type Around = {
  readonly seen: (stream: string, expected: number, count: number) => Seen;
  readonly settle: (ticket: number, outcome: Outcome) => void;
  readonly onTrouble: (error: unknown) => void;
};

/**
 * Appends and does not rest until each is known: sent again with the same bytes, ids and expected revision as often as
 * needed, in the order they were handed over, until our own follower has seen the next revision of the stream. What is not
 * known by its deadline is answered as unknown, and stays in doubt when it is handed over again; what was not even sent by
 * then is dropped and answered so, since the world in which it was decided is gone.
 */
export class Appender {
  readonly #link: Link;
  readonly #settings: AppenderSettings;
  readonly #around: Around;
  readonly #line: AppendLine;
  /** By ticket, in the order handed over. */
  readonly #pending = new Map<number, Pending>();
  readonly #byStream = new Map<string, Set<Pending>>();
  /** By correlation id, in the order sent. */
  readonly #underWay = new Map<string, { readonly pending: Pending; readonly sentAtMs: number }>();
  /**
   * First ids of batches that were put on the wire and are not known yet, those too that were answered as unknown. None is
   * ever forgotten for room: who was told "unknown" holds the whole batch and hands it over again until it is known.
   */
  readonly #sent = new Set<string>();
  #failures = 0;
  #openAtMs = 0;
  #heardAtMs = 0;
  #isRefused = false;

  constructor(link: Link, settings: AppenderSettings, around: Around) {
    this.#link = link;
    this.#settings = settings;
    this.#around = around;
    this.#line = new AppendLine(link, settings.silenceMs, {
      onOpen: () => this.#sendDue(),
      onAnswer: (correlation, answer) => this.#hear(correlation, answer),
      onDown: (error) => this.#lineDown(error),
    });
  }

  /** The last answer was that we may not write. */
  get isRefused(): boolean {
    return this.#isRefused;
  }

  get isIdle(): boolean {
    return this.#pending.size === 0;
  }

  append(ticket: number, stream: string, expected: number, events: readonly EventToAppend[]): void {
    const nowMs = performance.now();
    const inDoubt = this.#sent.has(events[0]!.id);
    const pending: Pending = { ticket, stream, expected, events, deadlineAtMs: nowMs + (inDoubt ? this.#settings.deadlineMs : Math.min(unsentMs, this.#settings.deadlineMs)), refusedAt: undefined, deleted: false, inDoubt, wasSent: inDoubt, failures: 0, sendAtMs: nowMs, correlation: undefined, reason: 'it has not answered' };
    const known = this.#judge(pending);
    if (known) {
      this.#around.settle(ticket, known);
      return;
    }
    this.#pending.set(ticket, pending);
    const beside = this.#byStream.get(stream);
    if (beside) beside.add(pending);
    else this.#byStream.set(stream, new Set([pending]));
    if (this.#line.isOpen) this.#send(pending, nowMs);
    else if (nowMs >= this.#openAtMs) this.#line.open();
  }

  /** The append that made this event, if it is one that waits here. `isLast`: it ends its batch. */
  makerOf(stream: string, revision: number, id: string, leafHash: string): { readonly ticket: number; readonly index: number; readonly isLast: boolean } | undefined {
    for (const { ticket, expected, events } of this.#byStream.get(stream) ?? []) {
      const index = revision - expected - 1;
      if (events[index]?.id === id && events[index].leafHash === leafHash) return { ticket, index, isLast: index === events.length - 1 };
    }
    return undefined;
  }

  /** The follower has seen the last event of the one-event batch behind this ticket, at this position: nothing is left to judge. */
  isThere(ticket: number, position: number): void {
    const pending = this.#pending.get(ticket)!;
    this.#sent.delete(pending.events[0]!.id);
    this.#settle(pending, { kind: 'appended', position, revision: pending.expected + 1 });
  }

  /** The follower has seen more of these streams. */
  review(streams: Iterable<string>): void {
    for (const stream of streams) for (const pending of this.#byStream.get(stream) ?? []) this.#settleIfKnown(pending);
  }

  /** Called often: sends what is due, gives up what is late, and takes a line that says nothing for a dead one. */
  tick(): void {
    const nowMs = performance.now();
    for (const pending of this.#pending.values()) {
      if (nowMs < pending.deadlineAtMs) continue;
      // The same batch may have been handed over twice, and sent for the other.
      const mayBeThere = pending.wasSent || this.#sent.has(pending.events[0]!.id);
      this.#settle(pending, mayBeThere ? { kind: 'unknown', reason: pending.reason } : { kind: 'unsent' });
    }
    this.#missAnswers(nowMs);
    this.#sendDue();
  }

  #missAnswers(nowMs: number): void {
    const { silenceMs } = this.#settings;
    if (this.#underWay.size > 0 && nowMs - this.#heardAtMs > silenceMs) {
      const { current } = this.#link;
      this.#line.drop(new Error(`it has not answered an append for ${silenceMs} ms`));
      this.#link.renew(current);
      return;
    }
    // The line lives, one answer was lost: that batch goes again.
    for (const [correlation, { pending, sentAtMs }] of this.#underWay) {
      if (nowMs - sentAtMs <= silenceMs) return;
      this.#underWay.delete(correlation);
      pending.inDoubt = true;
      pending.correlation = undefined;
      pending.sendAtMs = nowMs;
      this.#settleIfKnown(pending);
    }
  }

  /** Everything that waits is answered as unknown. */
  giveUp(reason: string): void {
    for (const pending of [...this.#pending.values()]) this.#settle(pending, { kind: 'unknown', reason });
    this.#line.drop(new Error(reason));
  }

  #judge(pending: Pending): Verdict | undefined {
    return judgeAppend({ ...pending, underWay: pending.correlation !== undefined }, this.#around.seen(pending.stream, pending.expected, pending.events.length));
  }

  #settleIfKnown(pending: Pending): boolean {
    const verdict = this.#judge(pending);
    if (!verdict) return false;
    this.#sent.delete(pending.events[0]!.id);
    this.#settle(pending, verdict);
    return true;
  }

  #settle(pending: Pending, outcome: Outcome): void {
    this.#pending.delete(pending.ticket);
    if (pending.correlation !== undefined) this.#underWay.delete(pending.correlation);
    const beside = this.#byStream.get(pending.stream);
    beside?.delete(pending);
    if (beside?.size === 0) this.#byStream.delete(pending.stream);
    this.#around.settle(pending.ticket, outcome);
  }

  #sendDue(): void {
    const nowMs = performance.now();
    for (const pending of this.#pending.values()) {
      // Behind its deadline nothing is sent any more: the next tick answers it.
      if (pending.sendAtMs > nowMs || nowMs >= pending.deadlineAtMs) continue;
      if (!this.#line.isOpen) {
        if (nowMs >= this.#openAtMs) this.#line.open();
        return;
      }
      this.#send(pending, nowMs);
    }
  }

  #send(pending: Pending, nowMs: number): void {
    const correlation = randomUUID();
    if (this.#underWay.size === 0) this.#heardAtMs = nowMs;
    this.#underWay.set(correlation, { pending, sentAtMs: nowMs });
    pending.correlation = correlation;
    pending.sendAtMs = Infinity;
    // Before the writing: whatever becomes of that, from here on it may be there.
    if (!pending.wasSent) pending.deadlineAtMs = nowMs + this.#settings.deadlineMs;
    pending.wasSent = true;
    this.#sent.add(pending.events[0]!.id);
    this.#line.send(batchAppendRequest(correlation, pending.stream, pending.expected, pending.events));
  }

  #hear(correlation: string, answer: AppendAnswer): void {
    const nowMs = performance.now();
    this.#heardAtMs = nowMs;
    this.#failures = 0;
    this.#isRefused = answer.kind === 'failed' && answer.reason === accessDenied;
    const pending = this.#underWay.get(correlation)?.pending;
    if (!pending) return;
    this.#underWay.delete(correlation);
    pending.correlation = undefined;
    if (answer.kind === 'written') {
      pending.reason = 'it took the batch, and has not shown it yet';
      return;
    }
    if (answer.kind === 'wrong-revision') pending.refusedAt = answer.revision;
    else if (answer.kind === 'stream-deleted') pending.deleted = true;
    else {
      // It may be there all the same: such a failure was seen to be followed by the event itself.
      pending.inDoubt = true;
      pending.reason = answer.reason;
      this.#around.onTrouble(new Error(answer.reason));
    }
    if (this.#settleIfKnown(pending)) return;
    // A refusal for what others have written needs no second sending: the follower will see what they wrote.
    if (answer.kind === 'wrong-revision' && answer.revision > pending.expected) return;
    pending.failures += 1;
    pending.sendAtMs = nowMs + backOffMs(pending.failures);
  }

  #lineDown(error: unknown): void {
    const nowMs = performance.now();
    for (const { pending } of this.#underWay.values()) {
      pending.inDoubt = true;
      pending.correlation = undefined;
      pending.reason = reasonOf(error);
    }
    this.#underWay.clear();
    this.#failures += 1;
    this.#openAtMs = nowMs + backOffMs(this.#failures);
    // In order and with no regard to their own waits, so that what builds on another batch comes after it.
    for (const pending of this.#pending.values()) {
      pending.sendAtMs = nowMs;
      this.#settleIfKnown(pending);
    }
    if (isWorthRenewing(this.#failures)) this.#link.renew(this.#link.current);
    this.#around.onTrouble(error);
  }
}

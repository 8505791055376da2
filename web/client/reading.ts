import { limits } from '#src/contract/limits.ts';
import { markReadUpTo, markUnread, reportViewed } from '#src/contract/reading.ts';
import type { Ranges } from '#src/contract/shapes.ts';
import { uniteRanges } from '#src/contract/timeline.ts';
import type { Answer } from './answer.ts';
import { call } from './call.ts';
import { newId } from './new-id.ts';
import { workspace } from './workspace.ts';

type Range = { readonly conversationId: string; readonly from: number; readonly to: number };
export type Report = { readonly commandId: string; readonly ranges: readonly Range[] };
/** What the reporter needs from outside. `keep` survives the page; it gets all that is not answered yet. */
export type ReadingPorts = {
  readonly report: (report: Report) => Promise<Answer<unknown>>;
  readonly readUpTo: (conversationId: string, revision: number) => Promise<Answer<unknown>>;
  readonly keep: (reports: readonly Report[]) => void;
  readonly everyMs: number;
};

/** The rule by which a line counts as viewed; its number travels with the evidence. */
export const viewedRule = 1;
const reportEveryMs = 5_000;

/**
 * Collects what was really in view and tells it: the first report after a quiet time at once, then one every five
 * seconds, the rest on leaving. A report is kept until it is answered, under one commandId. The cursor only goes up,
 * and not at all in a conversation that was marked unread, until that is left.
 */
export class Reading {
  readonly #ports: ReadingPorts;
  readonly #seen = new Map<string, Ranges>();
  readonly #told = new Map<string, Ranges>();
  readonly #cursors = new Map<string, { wanted: number; told: number }>();
  readonly #held = new Set<string>();
  #unanswered: readonly Report[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ports: ReadingPorts) {
    this.#ports = ports;
  }

  /** These revisions are in view now. `receipts`: the conversation keeps evidence; the cursor moves either way. */
  viewed(conversationId: string, revisions: readonly number[], receipts: boolean): void {
    const fresh = receipts ? revisions.filter((revision) => !this.#has(conversationId, revision)) : [];
    const cursor = this.#cursors.get(conversationId) ?? { wanted: -1, told: -1 };
    const wanted = this.#held.has(conversationId) ? cursor.wanted : Math.max(cursor.wanted, ...revisions);
    if (fresh.length === 0 && wanted === cursor.wanted) return;
    const ranges = uniteRanges([], fresh.map((revision) => [revision, revision]));
    this.#told.set(conversationId, uniteRanges(this.#told.get(conversationId) ?? [], ranges));
    if (fresh.length > 0) this.#seen.set(conversationId, uniteRanges(this.#seen.get(conversationId) ?? [], ranges));
    this.#cursors.set(conversationId, { ...cursor, wanted });
    if (this.#timer === undefined) this.#tell();
  }

  /** Where the server has the cursor already: nothing below it is told again. */
  startsAt(conversationId: string, revision: number): void {
    this.#cursors.set(conversationId, { wanted: revision, told: revision });
  }

  isHeld(conversationId: string): boolean {
    return this.#held.has(conversationId);
  }

  /** From now on looking moves nothing here, until `left`. What was seen before is told first. */
  hold(conversationId: string): void {
    this.flush();
    this.#held.add(conversationId);
  }

  /** Looking moves the cursor again; what was seen meanwhile does not. */
  release(conversationId: string): void {
    this.#held.delete(conversationId);
    this.flush();
  }

  /** The conversation is not on screen any more. */
  left(conversationId: string): void {
    this.flush();
    this.#held.delete(conversationId);
    this.#cursors.delete(conversationId);
  }

  /** Tells everything now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#seen.size > 0 || this.#movedCursors().length > 0) this.#tell();
  }

  /** Takes up reports that an earlier page did not get answered. */
  resume(reports: readonly Report[]): void {
    for (const report of reports) void this.#send(report);
  }

  #has(conversationId: string, revision: number): boolean {
    return (this.#told.get(conversationId) ?? []).some(([from, to]) => from <= revision && revision <= to);
  }

  #movedCursors(): (readonly [string, number])[] {
    return [...this.#cursors].filter(([id, { wanted, told }]) => wanted > told && !this.#held.has(id)).map(([id, { wanted }]) => [id, wanted] as const);
  }

  #tell(): void {
    const ranges = [...this.#seen].flatMap(([conversationId, pairs]) => pairs.map(([from, to]) => ({ conversationId, from, to })));
    this.#seen.clear();
    for (let i = 0; i < ranges.length; i += limits.viewedRangesMax) void this.#send({ commandId: newId(), ranges: ranges.slice(i, i + limits.viewedRangesMax) });
    for (const [conversationId, revision] of this.#movedCursors()) {
      this.#cursors.set(conversationId, { wanted: revision, told: revision });
      void this.#ports.readUpTo(conversationId, revision);
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, this.#ports.everyMs);
  }

  async #send(report: Report): Promise<void> {
    this.#keep([...this.#unanswered, report]);
    const answer = await this.#ports.report(report);
    if (!answer.ok && (answer.code === 'offline' || answer.code === 'signed-out')) return; // Kept for the next page.
    this.#keep(this.#unanswered.filter((other) => other !== report));
  }

  #keep(reports: readonly Report[]): void {
    this.#unanswered = reports;
    this.#ports.keep(reports);
  }
}

const keptUnder = (account: string): string => `hansard-viewed-${account}`;

export const reading = new Reading({
  report: ({ commandId, ranges }) => call(reportViewed, { ranges: [...ranges], rule: viewedRule }, { commandId, kept: true }),
  readUpTo: (conversationId, revision) => call(markReadUpTo, { conversationId, revision }, { kept: true }), // The next look at the conversation tells it again.
  // localStorage, because it is written before the page is gone.
  keep: (reports) => {
    const account = workspace.me?.account;
    if (!account) return;
    if (reports.length === 0) localStorage.removeItem(keptUnder(account));
    else localStorage.setItem(keptUnder(account), JSON.stringify(reports));
  },
  everyMs: reportEveryMs,
});

/** Marks a line as the first unread one and holds the cursor there until the conversation is left. */
export const markUnreadFrom = (conversationId: string, revision: number): Promise<Answer<unknown>> => {
  reading.hold(conversationId);
  return call(markUnread, { conversationId, revision });
};

workspace.session.watch((session) => {
  if (session.state === 'signed-in') reading.resume(JSON.parse(localStorage.getItem(keptUnder(session.me.account)) ?? '[]') as Report[]);
});
workspace.beforeSignOut(async () => reading.flush()); // What is not answered then stays, under ids alone, and is told at the next sign-in.
globalThis.addEventListener?.('pagehide', () => reading.flush());
globalThis.document?.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && reading.flush());

import { readConversation } from '#src/contract/conversations.ts';
import type { InputOf, OutputOf } from '#src/contract/endpoint.ts';
import { limits } from '#src/contract/limits.ts';
import { readTimeline, type MessageLine, type TimelineLine } from '#src/contract/timeline.ts';
import type { Answer } from '../../client/answer.ts';
import { looking } from '../../client/attention.ts';
import { call, socket } from '../../client/call.ts';
import { LiveView } from '../../client/live-view.ts';
import { outbox } from '../../client/outbox.ts';
import { withChanges } from '../../client/outgoing.ts';
import { reading } from '../../client/reading.ts';
import { indexedShelf } from '../../client/shelf.ts';
import { Store } from '../../client/store.ts';
import { applyTimelineChange, findMessage, isCounting, isTakenBack, joinNewer, joinOlder, quotedBy, trimNewest, trimOldest, windowLinesMax, windowOf, type CountingLine, type TimelineWindow } from '../../client/timeline-window.ts';
import { withUploads } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import { TypingPeople } from './typing-people.ts';
import { saidAt, type Divider } from './timeline-rows.ts';

export type About = OutputOf<typeof readConversation>;
/** Where the list is to go once it shows the window: the end, the divider, or a line put in the middle and lit up. */
export type Goal = { readonly to: 'end' } | { readonly to: 'divider' } | { readonly to: 'line'; readonly revision: number };

const left = indexedShelf<{ readonly account: string; readonly key: string; readonly at: number }>('left');
workspace.onSignedOut((account) => left.clear(account));

/** A window that somebody reads in may grow by pushes up to here before its far end is let go. */
const slack = 50;

/** One conversation on screen: its timeline, who is in it, who is writing, and where the reader is. Made on opening, closed on leaving. */
export class OpenConversation {
  readonly conversationId: string;
  readonly live: LiveView<'timeline', TimelineWindow>;
  readonly about = new Store<About | undefined>(undefined);
  readonly divider = new Store<Divider | null>(null);
  readonly goal = new Store<Goal | undefined>(undefined);
  /** The line lit up after a jump. */
  readonly lit = new Store<number | null>(null);
  /** Every message that is loaded is imported: said once, and not with each. */
  readonly importedOnly = new Store(false);
  readonly typing: TypingPeople;
  /** What the reader sees: kept by the list. */
  place: { readonly atEnd: boolean; readonly revision: number } = { atEnd: true, revision: -1 };
  readonly #at: number | null;
  readonly #ends: (() => void)[] = [];
  /** When conversations were left last on this device. */
  readonly #left = left.all(workspace.me?.account ?? '');
  #loading: Promise<unknown> | undefined;
  #awayAt: number | undefined;
  #lastSeen = -1;
  #lastRevision = -1;
  #aboutLoading = false;
  /** Came to see one line: what lies between it and the cursor does not count as read, until the reader goes to the end or to the first unread. */
  #visiting: boolean;

  constructor(conversationId: string, at: number | null) {
    this.conversationId = conversationId;
    this.#at = at;
    this.#visiting = at !== null;
    this.typing = new TypingPeople(conversationId);
    this.live = new LiveView(socket, { view: 'timeline', key: conversationId, read: (now) => this.#read(now), apply: applyTimelineChange });
  }

  open(): void {
    if (this.#visiting) reading.hold(this.conversationId);
    this.#ends.push(
      this.live.state.watch(() => this.#changed()),
      looking.watch((now) => this.#looks(now)),
      workspace.conversations.watch(() => void this.#loadAboutIfChanged()),
      () => this.typing.close(),
    );
    this.live.open();
    void this.#loadAbout();
  }

  close(): void {
    this.live.close();
    for (const end of this.#ends) end();
    reading.left(this.conversationId);
    this.#leave();
  }

  get window(): TimelineWindow | undefined {
    return this.live.snapshot;
  }

  older(): Promise<unknown> {
    const first = this.window?.lines[0];
    if (!this.window?.hasOlder || !first) return Promise.resolve();
    return this.#one(() => this.live.extend(() => this.#page({ where: 'before', revision: first.revision }), joinOlder));
  }

  newer(): Promise<unknown> {
    const last = this.window?.lines.at(-1);
    if (!this.window?.hasNewer || !last) return Promise.resolve();
    return this.#one(() => this.live.extend(() => this.#page({ where: 'after', revision: last.revision }), joinNewer));
  }

  /** Is the first unread line further up than what is loaded? */
  get hasUnreadAbove(): boolean {
    const { window } = this;
    const first = window?.lines.find(isCounting);
    return this.#visiting && this.divider.value === null && window !== undefined && window.hasOlder && first !== undefined && first.ordinal > window.cursor.ordinal + 1;
  }

  /** The reader is where reading goes on: the cursor moves with the eyes again. */
  readsOn(): void {
    if (!this.#visiting) return;
    this.#visiting = false;
    reading.release(this.conversationId);
  }

  /** To the end; loads it when the window does not reach it. */
  async toEnd(): Promise<void> {
    if (this.window?.hasNewer) await this.#replace({ where: 'latest' });
    this.readsOn();
    this.goal.set({ to: 'end' });
  }

  async toFirstUnread(): Promise<void> {
    const { window } = this;
    const known = this.divider.value;
    if (!known || !window?.lines.some((line) => line.revision >= known.revision) || (window.lines[0]?.revision ?? 0) > known.revision) {
      if (known) await this.#replace({ where: 'around', revision: known.revision });
      else await this.#replace({ where: 'opening' });
    }
    this.#divide();
    this.readsOn();
    this.goal.set(this.divider.value ? { to: 'divider' } : { to: 'end' });
  }

  async toRevision(revision: number): Promise<void> {
    const lines = this.window?.lines ?? [];
    if (!lines.some((line) => line.revision === revision)) await this.#replace({ where: 'around', revision });
    this.#light(revision);
  }

  async toMessage(messageId: string): Promise<void> {
    const { window } = this;
    if (!window) return;
    const known = quotedBy(window, messageId);
    if (known) return this.toRevision(known.revision);
    await this.#replace({ where: 'around', messageId });
    const found = this.window && findMessage(this.window, messageId);
    if (found) this.#light(found.revision);
  }

  /** The first line at or after a moment, in ms. */
  async toDate(date: number): Promise<void> {
    await this.#replace({ where: 'date', date });
    const line = this.window?.lines.find((one) => saidAt(one) >= date) ?? this.window?.lines.at(-1);
    if (line) this.#light(line.revision);
  }

  /** What is loaded, with what the reader changed of it done already. */
  get lines(): readonly TimelineLine[] {
    return withChanges(this.window?.lines ?? [], outbox.waiting.value);
  }

  /** The last message of one's own that can still be edited. */
  lastOwn(me: string): MessageLine | undefined {
    return this.lines.findLast((line): line is MessageLine => line.kind === 'message' && line.author === me && !line.retracted && line.text !== null);
  }

  #light(revision: number): void {
    this.lit.set(null);
    this.goal.set({ to: 'line', revision });
    this.lit.set(revision);
  }

  #page(how: Omit<InputOf<typeof readTimeline>, 'conversationId' | 'limit'>) {
    return call(readTimeline, { conversationId: this.conversationId, ...how, ...(how.where === 'opening' ? {} : { limit: limits.timelinePage }) });
  }

  async #read(now: TimelineWindow | undefined): Promise<Answer<TimelineWindow>> {
    const where = now ? (this.place.atEnd ? ({ where: 'latest' } as const) : ({ where: 'around', revision: this.place.revision } as const)) : this.#at === null ? ({ where: 'opening' } as const) : ({ where: 'around', revision: this.#at } as const);
    const answer = await this.#page(where);
    if (!answer.ok) return answer;
    if (!now) await this.#begins(windowOf(answer.output));
    return { ok: true, output: windowOf(answer.output) };
  }

  /** The first page is here: where were we? */
  async #begins(window: TimelineWindow): Promise<void> {
    reading.startsAt(this.conversationId, window.cursor.revision);
    const me = workspace.me?.account ?? '';
    const was = (await this.#left).find(({ key }) => key === this.conversationId);
    const first = firstUnread(window, me);
    this.divider.set(first ? { revision: first.revision, at: was?.at ?? null } : null);
    if (this.#at !== null) this.#light(this.#at);
    else this.goal.set(first ? { to: 'divider' } : { to: 'end' });
  }

  #divide(): void {
    const { window } = this;
    const first = window && !this.divider.value ? firstUnread(window, workspace.me?.account ?? '') : undefined;
    if (first) this.divider.set({ revision: first.revision, at: null });
  }

  async #replace(how: Omit<InputOf<typeof readTimeline>, 'conversationId' | 'limit'>): Promise<void> {
    await this.live.extend(() => this.#page(how), (_, page) => windowOf(page));
  }

  /** One page at a time, or two would overlap. */
  #one(work: () => Promise<unknown>): Promise<unknown> {
    this.#loading ??= work().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  #changed(): void {
    const { window } = this;
    if (!window) return;
    const said = window.lines.filter(isCounting);
    this.importedOnly.set(said.length > 0 && said.every((line) => line.importedSaidAt !== null));
    outbox.arrived({ conversationId: this.conversationId, window });
    withUploads((queue) => queue.arrived(new Set(said.map((line) => (line.kind === 'file' ? line.fileId : '')))));
    const last = window.lines.at(-1);
    if (last && isCounting(last) && last.revision > this.#lastRevision) this.typing.said(last.author);
    this.#lastRevision = last?.revision ?? -1;
    const arrived = said.find((line) => line.revision > this.#lastSeen && line.author !== workspace.me?.account);
    if (!looking.value && this.#awayAt !== undefined && arrived && this.divider.value === null) this.divider.set({ revision: arrived.revision, at: this.#awayAt });
    if (this.#visiting) this.#divide();
    this.#fetchQuotes(window);
    if (window.lines.length > windowLinesMax + slack) this.live.change((now) => (this.place.atEnd ? trimOldest(now) : trimNewest(now)));
  }

  readonly #asked = new Set<string>();
  /** A reply that was pushed may quote what is not loaded. */
  #fetchQuotes(window: TimelineWindow): void {
    for (const line of window.lines) {
      if (line.kind !== 'message' || !line.replyTo || this.#asked.has(line.replyTo) || quotedBy(window, line.replyTo)) continue;
      const messageId = line.replyTo;
      this.#asked.add(messageId);
      void this.live.extend(
        () => call(readTimeline, { conversationId: this.conversationId, where: 'around', messageId, limit: 1 }),
        (now, page) => ({ ...now, quoted: new Map([...now.quoted, ...page.lines.flatMap((one) => (one.kind === 'message' ? [[one.messageId, one] as const] : []))]) }),
      );
    }
  }

  #looks(now: boolean): void {
    if (now) return void (this.#awayAt = undefined);
    this.#awayAt = Date.now();
    this.#lastSeen = this.window?.lines.at(-1)?.revision ?? -1;
    this.#leave();
  }

  #leave(): void {
    const account = workspace.me?.account;
    if (account) void left.put({ account, key: this.conversationId, at: Date.now() });
  }

  async #loadAbout(): Promise<void> {
    const answer = await call(readConversation, { conversationId: this.conversationId });
    if (answer.ok) this.about.set(answer.output);
  }

  /** Members come and go with lines of life; the row in one's list says when their number, the title, or one's own membership changed. */
  async #loadAboutIfChanged(): Promise<void> {
    const row = workspace.conversation(this.conversationId);
    const about = this.about.value;
    if (!about || this.#aboutLoading || !workspace.conversations.value) return;
    const { conversation, joined } = about;
    const isSame = row && row.memberCount === conversation.memberCount && row.title === conversation.title && row.topic === conversation.topic && row.closed === conversation.closed;
    if (joined === (row !== undefined) && (isSame || !row)) return;
    this.#aboutLoading = true;
    if (row && !joined) this.#again();
    if (!row) this.about.set({ ...about, joined: false });
    await this.#loadAbout();
    this.#aboutLoading = false;
  }

  /** Joined just now: what was refused is asked for again. */
  #again(): void {
    this.live.close();
    this.live.open();
  }
}

/** Undefined, too, when the first unread line lies further up than what is loaded. */
const firstUnread = (window: TimelineWindow, me: string): CountingLine | undefined => {
  const said = window.lines.filter(isCounting);
  if (window.hasOlder && (said[0]?.ordinal ?? 0) > window.cursor.ordinal + 1) return undefined;
  return said.find((line) => line.ordinal > window.cursor.ordinal && line.author !== me && !isTakenBack(line));
};

import type { MentionPlace } from '#src/contract/shapes.ts';
import { postMessage } from '#src/contract/timeline.ts';
import type { Answer, Refusal } from './answer.ts';
import { call } from './call.ts';
import { newId } from './new-id.ts';
import { indexedShelf, type Shelf } from './shelf.ts';
import { Store } from './store.ts';
import { workspace } from './workspace.ts';

/** A message on its way. `recorded`: answered, its line has not come yet. `refused`: stays until the writer decides. */
export type Waiting = {
  readonly account: string;
  /** The messageId. */
  readonly key: string;
  readonly conversationId: string;
  readonly commandId: string;
  /** Grows with every message written on this device. */
  readonly order: number;
  readonly writtenAt: number;
  readonly text: string;
  readonly mentions: readonly MentionPlace[];
  readonly replyTo: string | null;
  readonly state: 'waiting' | 'recorded' | 'refused';
  readonly refusal: Refusal | null;
};
export type Writing = Pick<Waiting, 'text' | 'mentions' | 'replyTo'>;

/** Sends one message; resolves when it is answered. */
export type Send = (waiting: Waiting) => Promise<Answer<unknown>>;

/** These say nothing about the message; it waits and is sent again. */
const waits = new Set(['offline', 'signed-out', 'unavailable', 'not-confirmed', 'read-only', 'too-many']);

/** How long signing out waits for what can still be sent. */
const lastChanceMs = 2_000;

/**
 * Messages of one account that are not in the log yet. Each is kept on the shelf until it is answered, goes out under
 * one commandId and messageId however often it is tried, and in each conversation one goes at a time, in the order written.
 */
export class Outbox {
  readonly waiting = new Store<readonly Waiting[]>([]);
  readonly #shelf: Shelf<Waiting>;
  readonly #send: Send;
  readonly #againAfterMs: number;
  #account = '';
  readonly #busy = new Set<string>();
  #again: ReturnType<typeof setTimeout> | undefined;

  constructor(shelf: Shelf<Waiting>, send: Send, againAfterMs = 3_000) {
    this.#shelf = shelf;
    this.#send = send;
    this.#againAfterMs = againAfterMs;
  }

  /** What signing out would lose. */
  get unsent(): readonly Waiting[] {
    return this.waiting.value.filter(({ state }) => state !== 'recorded');
  }

  /** Takes up what this account left behind on this device. */
  async open(account: string): Promise<void> {
    if (this.#account === account) return this.push();
    this.#account = account;
    this.waiting.set([]);
    const left = await this.#shelf.all(account);
    if (this.#account !== account) return;
    const here = new Set(this.waiting.value.map(({ key }) => key));
    this.waiting.set([...left.filter(({ key }) => !here.has(key)).sort((a, b) => a.order - b.order), ...this.waiting.value]);
    this.push();
  }

  close(): void {
    this.#account = '';
    clearTimeout(this.#again);
    this.waiting.set([]);
  }

  /** @returns the messageId under which the line appears at once. */
  post(conversationId: string, writing: Writing): string {
    const order = Math.max(Date.now(), (this.waiting.value.at(-1)?.order ?? 0) + 1);
    const waiting: Waiting = { ...writing, account: this.#account, key: newId(), conversationId, commandId: newId(), order, writtenAt: Date.now(), state: 'waiting', refusal: null };
    this.waiting.set([...this.waiting.value, waiting]);
    void this.#shelf.put(waiting).then(() => this.push());
    return waiting.key;
  }

  /** The push of the line came: it stands in the timeline now. */
  arrived(messageIds: ReadonlySet<string>): void {
    for (const { key } of this.waiting.value.filter((w) => messageIds.has(w.key))) void this.#forget(key);
  }

  /** Tries a refused message again, as a new intent: the old one has been answered. */
  async retry(messageId: string): Promise<void> {
    const waiting = this.waiting.value.find((w) => w.key === messageId && w.state === 'refused');
    if (!waiting) return;
    if (waiting.refusal?.code === 'message-id-taken') {
      await this.#forget(messageId);
      this.post(waiting.conversationId, waiting);
      return;
    }
    const again: Waiting = { ...waiting, commandId: newId(), state: 'waiting', refusal: null };
    this.#put(again);
    await this.#shelf.put(again);
    this.push();
  }

  async discard(messageId: string): Promise<void> {
    await this.#forget(messageId);
  }

  /** Lets everything go that waits; the writer has agreed to lose it. */
  async discardAll(): Promise<void> {
    for (const { key } of this.waiting.value) await this.#forget(key);
  }

  /** Sends what can be sent; called when the connection is back. */
  push(): void {
    for (const conversationId of new Set(this.waiting.value.map((w) => w.conversationId))) void this.#drain(conversationId);
  }

  /** Resolves when nothing waits any more; what was refused does not count. */
  async emptied(): Promise<void> {
    if (!this.waiting.value.some((w) => w.state === 'waiting')) return;
    await new Promise<void>((resolve) => {
      const end = this.waiting.watch((all) => {
        if (all.some((w) => w.state === 'waiting')) return;
        end();
        resolve();
      });
    });
  }

  async #drain(conversationId: string): Promise<void> {
    if (this.#busy.has(conversationId)) return;
    this.#busy.add(conversationId);
    try {
      for (;;) {
        const next = this.waiting.value.find((w) => w.conversationId === conversationId && w.state === 'waiting');
        if (!next) return;
        const account = this.#account;
        const answer = await this.#send(next);
        if (account !== this.#account) return;
        if (!answer.ok && waits.has(answer.code)) return this.#later();
        await this.#answered(next, answer);
      }
    } finally {
      this.#busy.delete(conversationId);
    }
  }

  async #answered(waiting: Waiting, answer: Answer<unknown>): Promise<void> {
    const still = this.waiting.value.some((w) => w.key === waiting.key);
    if (answer.ok) {
      if (still) this.#put({ ...waiting, state: 'recorded' });
      await this.#shelf.remove(waiting.account, waiting.key);
    } else if (still) {
      const refused: Waiting = { ...waiting, state: 'refused', refusal: answer };
      this.#put(refused);
      await this.#shelf.put(refused);
    }
  }

  #later(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.push(), this.#againAfterMs);
  }

  #put(waiting: Waiting): void {
    this.waiting.set(this.waiting.value.map((w) => (w.key === waiting.key ? waiting : w)));
  }

  async #forget(messageId: string): Promise<void> {
    const waiting = this.waiting.value.find((w) => w.key === messageId);
    if (!waiting) return;
    this.waiting.set(this.waiting.value.filter((w) => w.key !== messageId));
    await this.#shelf.remove(waiting.account, messageId);
  }
}

export const outbox = new Outbox(indexedShelf<Waiting>('outbox'), ({ conversationId, key, commandId, text, mentions, replyTo }) =>
  call(postMessage, { conversationId, messageId: key, text, mentions: [...mentions], ...(replyTo ? { replyTo } : {}) }, { commandId, kept: true }),
);

workspace.session.watch((session) => (session.state === 'signed-in' ? void outbox.open(session.me.account) : outbox.close()));
workspace.connection.watch((state) => state === 'connected' && outbox.push());
workspace.onSignedOut(() => outbox.discardAll());
workspace.beforeSignOut(async () => {
  await Promise.race([outbox.emptied(), new Promise((resolve) => setTimeout(resolve, lastChanceMs))]);
  const unsent = outbox.unsent.length;
  if (unsent === 0) return undefined;
  return { ok: false, code: 'unsent', sentence: `${unsent === 1 ? 'A message of yours has' : `${unsent} messages of yours have`} not been sent. Signing out would lose ${unsent === 1 ? 'it' : 'them'}.` };
});

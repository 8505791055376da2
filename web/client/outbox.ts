import { addReaction, editMessage, postMessage, retractMessage, withdrawReaction } from '#src/contract/timeline.ts';
import type { Answer, Refusal } from './answer.ts';
import { call } from './call.ts';
import { newId } from './new-id.ts';
import { countOf, isChange, isInLine, isPost, type ChangeWaiting, type Outgoing, type Waiting, type WhatChanges } from './outgoing.ts';
import { indexedShelf, type Shelf } from './shelf.ts';
import { Store } from './store.ts';
import { findMessage, type TimelineWindow } from './timeline-window.ts';
import { workspace } from './workspace.ts';

export type Writing = Pick<Waiting, 'text' | 'mentions' | 'replyTo'>;

/** Sends one message or change; resolves when it is answered. */
export type Send = (outgoing: Outgoing) => Promise<Answer<unknown>>;

/** These say nothing about what was sent; it waits and is sent again. */
const waits = new Set(['offline', 'signed-out', 'unavailable', 'not-confirmed', 'read-only', 'too-many']);

/** How long signing out waits for what can still be sent. */
const lastChanceMs = 2_000;
/** How long an answered change is shown from here at most while its push is on its way: a moment, but nobody's line may stay behind. */
const pushComesMs = 2_000;

/**
 * What one account wrote that is not in the log yet: messages, and changes of messages. Each is kept on the shelf until it is
 * answered, goes out under one commandId and its own ids however often it is tried, and in each conversation one goes at a
 * time, in the order written, so that a change never overtakes what it rests on.
 */
export class Outbox {
  readonly waiting = new Store<readonly Outgoing[]>([]);
  readonly #shelf: Shelf<Outgoing>;
  readonly #send: Send;
  readonly #againAfterMs: number;
  readonly #pushComesMs: number;
  #account = '';
  readonly #busy = new Set<string>();
  #again: ReturnType<typeof setTimeout> | undefined;
  readonly #refused = new Set<(refusal: Refusal) => void>();

  constructor(shelf: Shelf<Outgoing>, send: Send, againAfterMs = 3_000, changeStaysMs = pushComesMs) {
    this.#shelf = shelf;
    this.#send = send;
    this.#againAfterMs = againAfterMs;
    this.#pushComesMs = changeStaysMs;
  }

  /** What signing out would lose. */
  get unsent(): readonly Outgoing[] {
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
    this.waiting.set([...left.filter(({ key }) => !here.has(key)).map(ofAnyVersion).sort((a, b) => a.order - b.order), ...this.waiting.value]);
    this.push();
  }

  close(): void {
    this.#account = '';
    clearTimeout(this.#again);
    this.waiting.set([]);
  }

  /** @returns the messageId under which the line appears at once. */
  post(conversationId: string, writing: Writing): string {
    const { text, mentions, replyTo } = writing;
    return this.#take({ kind: 'post', ...this.#begun(conversationId), text, mentions, replyTo });
  }

  /** Changes a message; what the line looks like then is shown at once. */
  change(conversationId: string, messageId: string, what: WhatChanges): void {
    this.#take({ kind: 'change', ...this.#begun(conversationId), messageId, what });
  }

  /** Told of every reaction and retraction that was refused: it is let go, for nothing written is lost with it. @returns what ends the telling. */
  onRefused(tell: (refusal: Refusal) => void): () => void {
    this.#refused.add(tell);
    return () => this.#refused.delete(tell);
  }

  #begun(conversationId: string) {
    const order = Math.max(Date.now(), (this.waiting.value.at(-1)?.order ?? 0) + 1);
    return { account: this.#account, key: newId(), conversationId, commandId: newId(), order, writtenAt: Date.now(), state: 'waiting', refusal: null } as const;
  }
  #take(outgoing: Outgoing): string {
    this.waiting.set([...this.waiting.value, outgoing]);
    void this.#shelf.put(outgoing).then(() => this.push());
    return outgoing.key;
  }

  /** What stands in the timeline now need not be shown from here any longer. */
  arrived({ conversationId, window }: { readonly conversationId: string; readonly window: TimelineWindow }): void {
    for (const one of this.waiting.value) {
      if (one.conversationId !== conversationId) continue;
      const line = findMessage(window, isPost(one) ? one.key : one.messageId);
      if (line && (isPost(one) || (one.state === 'recorded' && isInLine(line, one)))) void this.#forget(one.key);
    }
  }

  /** Tries what was refused again, as a new intent: the old one has been answered. */
  async retry(key: string): Promise<void> {
    const waiting = this.waiting.value.find((w) => w.key === key && w.state === 'refused');
    if (!waiting) return;
    if (isPost(waiting) && waiting.refusal?.code === 'message-id-taken') {
      await this.#forget(key);
      this.post(waiting.conversationId, waiting);
      return;
    }
    const again: Outgoing = { ...waiting, commandId: newId(), state: 'waiting', refusal: null };
    this.#put(again);
    await this.#shelf.put(again);
    this.push();
  }

  async discard(key: string): Promise<void> {
    await this.#forget(key);
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

  async #answered(waiting: Outgoing, answer: Answer<unknown>): Promise<void> {
    const still = this.waiting.value.some((w) => w.key === waiting.key);
    if (answer.ok) {
      if (still) this.#put({ ...waiting, state: 'recorded' });
      if (isChange(waiting)) setTimeout(() => void this.#forget(waiting.key), this.#pushComesMs);
      await this.#shelf.remove(waiting.account, waiting.key);
    } else if (still && holdsWords(waiting)) {
      const refused: Outgoing = { ...waiting, state: 'refused', refusal: answer };
      this.#put(refused);
      await this.#shelf.put(refused);
    } else if (still) {
      await this.#forget(waiting.key);
      for (const tell of this.#refused) tell(answer);
    }
  }

  #later(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => this.push(), this.#againAfterMs);
  }

  #put(waiting: Outgoing): void {
    this.waiting.set(this.waiting.value.map((w) => (w.key === waiting.key ? waiting : w)));
  }

  async #forget(key: string): Promise<void> {
    const waiting = this.waiting.value.find((w) => w.key === key);
    if (!waiting) return;
    this.waiting.set(this.waiting.value.filter((w) => w.key !== key));
    await this.#shelf.remove(waiting.account, key);
  }
}

/** What was kept before changes were is a message. */
const ofAnyVersion = (kept: Outgoing): Outgoing => (kept.kind === undefined ? { ...(kept as Waiting), kind: 'post' } : kept);

const holdsWords = (outgoing: Outgoing): boolean => isPost(outgoing) || outgoing.what.is === 'edit';

const sendPost = ({ conversationId, key, commandId, text, mentions, replyTo }: Waiting): Promise<Answer<unknown>> =>
  call(postMessage, { conversationId, messageId: key, text, mentions: [...mentions], ...(replyTo ? { replyTo } : {}) }, { commandId, kept: true });

const sendChange = ({ conversationId, messageId, commandId, what }: ChangeWaiting): Promise<Answer<unknown>> => {
  const [message, how] = [{ conversationId, messageId }, { commandId, kept: true }];
  switch (what.is) {
    case 'edit': return call(editMessage, { ...message, text: what.text, mentions: [...what.mentions] }, how);
    case 'retract': return call(retractMessage, message, how);
    case 'react': return call(addReaction, { ...message, reactionId: what.reactionId, emoji: what.emoji }, how);
    case 'withdraw': return call(withdrawReaction, { ...message, reactionId: what.reactionId }, how);
  }
};

export const outbox = new Outbox(indexedShelf<Outgoing>('outbox'), (outgoing) => (isPost(outgoing) ? sendPost(outgoing) : sendChange(outgoing)));

workspace.session.watch((session) => (session.state === 'signed-in' ? void outbox.open(session.me.account) : outbox.close()));
workspace.connection.watch((state) => state === 'connected' && outbox.push());
workspace.onSignedOut(() => outbox.discardAll());
workspace.beforeSignOut(async () => {
  await Promise.race([outbox.emptied(), new Promise((resolve) => setTimeout(resolve, lastChanceMs))]);
  const { unsent } = outbox;
  if (unsent.length === 0) return undefined;
  return { ok: false, code: 'unsent', sentence: `Signing out would lose ${countOf(unsent)}.` };
});

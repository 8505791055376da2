import { socket } from '../../client/call.ts';
import { Store } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';

const shownMs = 6_000;
const tellEveryMs = 3_000;

/** Who is writing here, and telling the others that I am. Ephemeral: nothing of it is kept. */
export class TypingPeople {
  /** Accounts, the longest writing first. */
  readonly people = new Store<readonly string[]>([]);
  readonly #conversationId: string;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  readonly #end: () => void;
  #toldAt = 0;

  constructor(conversationId: string) {
    this.#conversationId = conversationId;
    this.#end = socket.listen('typing', (frame) => frame.conversationId === conversationId && frame.account !== workspace.me?.account && this.#types(frame.account));
  }

  /** The line came: that person is done. */
  said(account: string): void {
    clearTimeout(this.#timers.get(account));
    if (this.#timers.delete(account)) this.people.set([...this.#timers.keys()]);
  }

  /** A key was pressed in the composer. */
  tell(): void {
    const now = Date.now();
    if (workspace.presence.unseen.value) return;
    if (now - this.#toldAt < tellEveryMs) return;
    this.#toldAt = now;
    socket.tell({ is: 'typing', conversationId: this.#conversationId });
  }

  /** What was written is sent: the next key begins something new, which is told at once. */
  sent(): void {
    this.#toldAt = 0;
  }

  close(): void {
    this.#end();
    for (const timer of this.#timers.values()) clearTimeout(timer);
  }

  #types(account: string): void {
    clearTimeout(this.#timers.get(account));
    this.#timers.set(account, setTimeout(() => this.said(account), shownMs));
    this.people.set([...this.#timers.keys()]);
  }
}

import { indexedShelf, type Shelf } from './shelf.ts';
import { Store } from './store.ts';
import { workspace } from './workspace.ts';

/** What is being written in one conversation. `picked`: account by name, for people chosen from the list. */
export type Draft = { readonly text: string; readonly replyTo: string | null; readonly picked: Readonly<Record<string, string>> };
type Kept = Draft & { readonly account: string; readonly key: string };

export const emptyDraft: Draft = { text: '', replyTo: null, picked: {} };
const keepAfterMs = 250;

/** One draft a conversation and account, kept within a quarter of a second, so that a reload or a crash costs nothing. */
export class Drafts {
  /** By conversation; those with something in them. */
  readonly all = new Store<ReadonlyMap<string, Draft>>(new Map());
  readonly #shelf: Shelf<Kept>;
  #account = '';
  #opening: Promise<void> = Promise.resolve();
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(shelf: Shelf<Kept>) {
    this.#shelf = shelf;
  }

  /** Resolves when the drafts of the account are here. */
  get opened(): Promise<void> {
    return this.#opening;
  }

  open(account: string): Promise<void> {
    if (this.#account === account) return this.#opening;
    this.#account = account;
    this.#opening = this.#shelf.all(account).then((kept) => {
      if (this.#account === account) this.all.set(new Map([...kept.map((draft): [string, Draft] => [draft.key, draft]), ...this.all.value]));
    });
    return this.#opening;
  }

  close(): void {
    this.keepNow();
    this.#account = '';
    this.all.set(new Map());
  }

  of(conversationId: string): Draft {
    return this.all.value.get(conversationId) ?? emptyDraft;
  }

  set(conversationId: string, draft: Draft): void {
    const all = new Map(this.all.value);
    if (draft.text === '' && !draft.replyTo) all.delete(conversationId);
    else all.set(conversationId, draft);
    this.all.set(all);
    clearTimeout(this.#timers.get(conversationId));
    this.#timers.set(conversationId, setTimeout(() => this.#keep(conversationId), keepAfterMs));
  }

  /** On leaving the page. */
  keepNow(): void {
    for (const conversationId of this.#timers.keys()) this.#keep(conversationId);
  }

  async forget(account: string): Promise<void> {
    await this.#shelf.clear(account);
  }

  #keep(conversationId: string): void {
    clearTimeout(this.#timers.get(conversationId));
    this.#timers.delete(conversationId);
    if (!this.#account) return;
    const draft = this.all.value.get(conversationId);
    if (draft) void this.#shelf.put({ ...draft, account: this.#account, key: conversationId });
    else void this.#shelf.remove(this.#account, conversationId);
  }
}

export const drafts = new Drafts(indexedShelf<Kept>('drafts'));

workspace.session.watch((session) => (session.state === 'signed-in' ? void drafts.open(session.me.account) : drafts.close()));
workspace.onSignedOut(async (account) => {
  drafts.close();
  await drafts.forget(account);
});
globalThis.addEventListener?.('pagehide', () => drafts.keepNow());

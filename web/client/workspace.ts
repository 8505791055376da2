import { acknowledgePasswordReset, readMe, signIn, signOut, signOutEverywhere, type Me } from '#src/contract/accounts.ts';
import { applyConversationsChange, listConversations, type ConversationRow, type MyConversations } from '#src/contract/conversations.ts';
import type { ServerFrame } from '#src/contract/socket.ts';
import type { Answer, Refusal } from './answer.ts';
import { watchAttention } from './attention.ts';
import { call, socket } from './call.ts';
import { Directory } from './directory.ts';
import { LiveView } from './live-view.ts';
import { Presence } from './presence.ts';
import { Store } from './store.ts';

export type Session =
  | { readonly state: 'asking' }
  /** `ended`: it was good once; somebody or time ended it. */
  | { readonly state: 'signed-out'; readonly ended: boolean }
  | { readonly state: 'signed-in'; readonly me: Me };
export type Download = Extract<ServerFrame, { is: 'download' }>;

/** What is done while the session is still good, e.g. sending what waits; a refusal keeps the session. */
type Leaving = () => Promise<Refusal | void>;
/** Takes what this browser kept for the account away. */
type Forgetting = (account: string) => unknown;

const askAgainMs = 2_000;

const badgeOf = (rows: readonly ConversationRow[]): number =>
  rows.reduce((sum, row) => sum + (row.muted ? 0 : row.kind === 'direct' ? row.unread : row.mentions), 0);

/** What every screen shares: who is signed in, the connection, the conversations, names and presence. One per page. */
export class Workspace {
  readonly session = new Store<Session>({ state: 'asking' });
  readonly connection = socket.connection;
  /** Undefined until the first snapshot is here. */
  readonly conversations = new Store<MyConversations | undefined>(undefined);
  readonly directory = new Directory();
  readonly presence = new Presence();
  /** Why the appliance does not write at the moment; null when it does. */
  readonly writingStopped = new Store<string | null>(null);
  /** The latest frame about a download of this person's. */
  readonly download = new Store<Download | undefined>(undefined);
  /** Shown before "Hansard" in the title, after the badge. */
  readonly place = new Store('');
  #live: LiveView<'conversations', MyConversations> | undefined;
  readonly #leaving = new Set<Leaving>();
  readonly #forgetting = new Set<Forgetting>();

  constructor() {
    socket.listen('directory', () => void this.directory.load());
    socket.listen('writing', ({ stopped }) => this.writingStopped.set(stopped));
    socket.listen('download', (frame) => this.download.set(frame));
    socket.connection.watch((state) => {
      if (state === 'ended' && this.session.value.state === 'signed-in') this.#close(true);
      if (state === 'connected') void this.directory.load();
    });
    this.presence.unseen.watch(() => this.#title());
    this.place.watch(() => this.#title());
    this.conversations.watch(() => this.#title());
  }

  get me(): Me | undefined {
    return this.session.value.state === 'signed-in' ? this.session.value.me : undefined;
  }

  /** A row of one's own list, if one is a member. */
  conversation(conversationId: string): ConversationRow | undefined {
    return this.conversations.value?.conversations.find((row) => row.conversationId === conversationId);
  }

  /** What people call a conversation: its title, or the other person of a direct chat. */
  titleOf(row: Pick<ConversationRow, 'kind' | 'title' | 'members'>): string {
    if (row.kind !== 'direct') return row.title;
    const other = row.members.find((account) => account !== this.me?.account) ?? row.members[0];
    return other ? this.directory.nameOf(other) : row.title;
  }

  /** The end of a conversation is in view: its counts fall here at once, the server's own follow. */
  readToEnd(conversationId: string): void {
    const row = this.conversation(conversationId);
    if (!row || (row.unread === 0 && row.mentions === 0)) return;
    this.#live?.change((mine) => applyConversationsChange(mine, { kind: 'counts-set', conversationId, unread: 0, mentions: 0, cursorOrdinal: row.lastOrdinal, muted: row.muted, lastOrdinal: row.lastOrdinal, countedTo: row.countedTo }, this.me?.account ?? ''));
  }

  /** Asks who is signed in and, if somebody is, connects. Asks again for as long as nobody answers. Called once at start. */
  async open(): Promise<Answer<Me>> {
    watchAttention();
    for (;;) {
      const answer = this.#enter(await call(readMe, {}, { overHttp: true }));
      if (answer.ok || answer.code !== 'offline') return answer;
      await new Promise((resolve) => setTimeout(resolve, askAgainMs));
    }
  }

  async signIn(signInName: string, password: string): Promise<Answer<Me>> {
    return this.#enter(await call(signIn, { signInName, password }));
  }

  /** Takes over a session that was opened elsewhere, e.g. by the first-account form. */
  async entered(me: Me): Promise<void> {
    await this.#enter({ ok: true, output: me });
  }

  /**
   * Sends what waits, ends the session, or `everywhere` all of one's own, and then forgets what this browser kept for the account. Refused with `unsent` when
   * messages cannot go out now; `discard` lets them go, which somebody must have agreed to. Nothing goes while the session stays.
   */
  async signOut({ discard = false, everywhere = false } = {}): Promise<Answer<unknown>> {
    const { me } = this;
    for (const leave of me && !discard ? this.#leaving : []) {
      const refusal = await leave();
      if (refusal) return refusal;
    }
    const answer = await call(everywhere ? signOutEverywhere : signOut, {});
    if (!answer.ok && answer.code !== 'signed-out') return answer;
    for (const forget of me ? this.#forgetting : []) await forget(me!.account);
    this.#close(false);
    return answer;
  }

  async acknowledgePasswordReset(): Promise<void> {
    const { me } = this;
    if (me && (await call(acknowledgePasswordReset, {})).ok) this.session.set({ state: 'signed-in', me: { ...me, passwordReset: null } });
  }

  /** Registers work that is done at sign-out while the session is still good. */
  beforeSignOut(leave: Leaving): void {
    this.#leaving.add(leave);
  }

  /** Registers what is forgotten once the session is over. */
  onSignedOut(forget: Forgetting): void {
    this.#forgetting.add(forget);
  }

  #enter(answer: Answer<Me>): Answer<Me> {
    if (!answer.ok) {
      if (this.session.value.state === 'asking' && answer.code !== 'offline') this.session.set({ state: 'signed-out', ended: false });
      return answer;
    }
    const me = answer.output;
    this.presence.me = me.account;
    this.session.set({ state: 'signed-in', me });
    this.#live = new LiveView(socket, { view: 'conversations', key: me.account, read: () => call(listConversations, {}), apply: (mine, change) => applyConversationsChange(mine, change, me.account) });
    this.#live.state.watch((live) => live.phase === 'ready' && this.conversations.set(live.snapshot));
    this.#live.open();
    socket.start();
    return answer;
  }

  #close(ended: boolean): void {
    this.#live?.close();
    this.#live = undefined;
    socket.stop(ended ? 'ended' : 'idle');
    this.conversations.set(undefined);
    this.directory.clear();
    this.presence.clear();
    this.writingStopped.set(null);
    this.session.set({ state: 'signed-out', ended });
  }

  #title(): void {
    const badge = this.presence.unseen.value ? 0 : badgeOf(this.conversations.value?.conversations ?? []);
    const shown = badge === 0 ? '' : `(${badge > 999 ? '999+' : badge}) `;
    document.title = `${shown}${this.place.value ? `${this.place.value} – ` : ''}Hansard`;
  }
}

export const workspace = new Workspace();

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { MessageLine } from '#src/contract/timeline.ts';
import { openWindow } from '../../app/router.ts';
import { detailsOpen, openDialog } from '../../app/shell-state.ts';
import { callIn, enterLobby, rosters } from '../../calls/rosters.ts';
import { newId } from '../../client/new-id.ts';
import { outbox } from '../../client/outbox.ts';
import { isPost } from '../../client/outgoing.ts';
import { markUnreadFrom } from '../../client/reading.ts';
import { StoreController } from '../../client/store.ts';
import type { CountingLine } from '../../client/timeline-window.ts';
import { withUploads } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-dialog.ts';
import '../../elements/hansard-menu.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { addFiles } from './add-files.ts';
import { callBanner, callButton, callEntryStyles } from './call-entry.ts';
import { dropStyles, FileDrop } from './file-drop.ts';
import { headerStyles } from './header-styles.ts';
import type { EmojiPicker, PickEmoji } from './emoji-picker.ts';
import './message-composer.ts';
import type { MessageComposer } from './message-composer.ts';
import type { LineActs, WaitingActs } from './message-line.ts';
import './message-list.ts';
import type { MessageList } from './message-list.ts';
import { OpenConversation } from './open-conversation.ts';
import './receipts-popover.ts';
import type { ReceiptsPopover } from './receipts-popover.ts';
import './typing-line.ts';

const importedTag = html`<span class="tag imported" title="These messages were imported. Each time is the one that its source states.">Imported</span>`;

/** A conversation: what was said since I left, and has mine been seen? */
export class ConversationScreen extends LitElement {
  static override properties = { conversationId: {}, revision: { attribute: false }, alone: { type: Boolean }, beside: { type: Boolean }, retracting: { state: true } };
  declare conversationId: string;
  /** The line to show in its place; null opens at the first unread, else at the end. */
  declare revision: number | null;
  /** In a window of its own: what leads elsewhere is left out. */
  declare alone: boolean;
  /** Beside something that has a header of its own: a call. */
  declare beside: boolean;
  declare retracting: MessageLine | null;
  #open: OpenConversation | undefined;
  #endAbout = (): void => {};
  readonly #drop: FileDrop;

  constructor() {
    super();
    this.conversationId = '';
    this.revision = null;
    this.alone = false;
    this.beside = false;
    this.retracting = null;
    this.#drop = new FileDrop(this, () => this.#composer?.takesFiles() ?? false, (files) => void addFiles(this.conversationId, files).then(() => this.#composer?.write()));
    new StoreController(this, workspace.conversations, workspace.directory.version, workspace.session, detailsOpen, rosters);
  }

  static override styles = [base, buttons, fields, surfaces, headerStyles, callEntryStyles, dropStyles, css`
    :host { position: relative; display: flex; flex-direction: column; min-block-size: 0; min-inline-size: 0; background: var(--page); }
    .notice { display: flex; align-items: center; gap: 0.5rem; padding: 0.4375rem 1.4375rem 0.5rem; font-size: var(--text-s); color: var(--ink-3); }
    .notice span { min-inline-size: 0; overflow-wrap: anywhere; }
    .said { margin-block: 0.75rem 0; padding: 0.5rem 0.75rem; border-inline-start: 3px solid var(--rule-strong); color: var(--ink-2); white-space: pre-wrap; overflow-wrap: anywhere; max-block-size: 10rem; overflow-y: auto; }
    message-list { flex: 1; }
    .not-here { margin: auto; }
    .not-here h1 { font: 600 var(--text-2xl)/1.2 var(--font-record); }
    @media (max-width: 719px) { .notice { padding-inline: 0.75rem; } }
  `];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('conversationId')) this.#enter();
    else if (changed.has('revision') && this.revision !== null) void this.#open?.toRevision(this.revision);
  }
  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#enter();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#leave();
  }

  #enter(): void {
    this.#leave();
    if (!this.conversationId) return;
    this.#open = new OpenConversation(this.conversationId, this.revision);
    const ends = [this.#open.about.watch(() => this.requestUpdate()), this.#open.importedOnly.watch(() => this.requestUpdate()), this.#open.live.state.watch(({ phase }) => phase === 'refused' && this.requestUpdate())];
    this.#endAbout = () => ends.forEach((end) => end());
    this.#open.open();
    this.retracting = null;
  }
  #leave(): void {
    this.#endAbout();
    this.#open?.close();
    this.#open = undefined;
    workspace.place.set('');
  }

  get #composer(): MessageComposer | null {
    return this.renderRoot.querySelector('message-composer');
  }
  /** Its script is no part of the first screen. */
  readonly #picker: PickEmoji = async (from, pick) => {
    if (await import('./emoji-picker.ts')) this.renderRoot.querySelector<EmojiPicker>('emoji-picker')?.show(from, pick);
  };

  #tell(type: 'navigate' | 'toggle-details', detail?: { readonly path: string }): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  readonly #acts: LineActs = {
    react: (line, from) => void this.#picker(from, (emoji) => this.#acts.toggleReaction(line, emoji)),
    toggleReaction: (line, emoji) => this.#toggleReaction(line, emoji),
    reply: (line) => this.#composer?.reply(line),
    edit: (line) => this.#composer?.edit(line),
    copy: (line) => void navigator.clipboard?.writeText(line.text ?? '').then(() => toast('Copied.')),
    markUnread: (line) => void this.#markUnread(line),
    retract: (line) => (this.retracting = line),
    withdraw: ({ fileId, name }) => openDialog({ is: 'withdraw-file', conversationId: this.conversationId, fileId, name: name ?? '' }),
    viewers: (line, from) => this.renderRoot.querySelector<ReceiptsPopover>('receipts-popover')?.show(from, this.conversationId, line),
    goTo: (messageId) => void this.#open?.toMessage(messageId),
    menuToggled: (isOpen) => this.renderRoot.querySelector<MessageList>('message-list')?.menuToggled(isOpen),
  };
  readonly #wait: WaitingActs = {
    retry: (waiting) => void outbox.retry(waiting.key),
    rewrite: (refused) => {
      this.#wait.discard(refused);
      if (isPost(refused)) this.#composer?.rewrite(refused.text, refused.replyTo);
      else if (refused.what.is === 'edit') this.#composer?.rewrite(refused.what.text, null);
    },
    discard: (waiting) => {
      withUploads((queue) => queue.takeBack(waiting.key));
      void outbox.discard(waiting.key);
    },
  };

  #toggleReaction(line: MessageLine, emoji: string): void {
    const mine = line.reactions.find((one) => one.emoji === emoji && one.account === workspace.me?.account);
    outbox.change(this.conversationId, line.messageId, mine ? { is: 'withdraw', reactionId: mine.reactionId } : { is: 'react', reactionId: newId(), emoji });
  }
  async #markUnread(line: CountingLine): Promise<void> {
    const answer = await markUnreadFrom(this.conversationId, line.revision);
    if (answer.ok) this.#open?.divider.set({ revision: line.revision, at: null });
    else toast(answer.sentence, { danger: true });
  }
  #retract(line: MessageLine): void {
    this.renderRoot.querySelector<HTMLElement & { close(): void }>('hansard-dialog')?.close();
    outbox.change(this.conversationId, line.messageId, { is: 'retract' });
  }

  readonly #jumpToDate = (event: Event): void => {
    const { value } = event.target as HTMLInputElement;
    const [year, month, day] = value.split('-').map(Number);
    if (year && month && day) void this.#open?.toDate(new Date(year, month - 1, day).getTime());
  };
  readonly #popOut = (): void => {
    if (!openWindow(this.conversationId)) toast('The browser kept the window closed. Allow pop-up windows for this address, then try again.', { danger: true });
  };
  readonly #askDate = (): void => {
    this.renderRoot.querySelector<HTMLInputElement>('.date')?.showPicker();
  };

  #header(): TemplateResult {
    const about = this.#open?.about.value;
    const row = workspace.conversation(this.conversationId) ?? about?.conversation;
    const title = row ? workspace.titleOf(row) : '';
    workspace.place.set(title);
    const space = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === row?.space);
    const under = [space && !row?.general ? space.name : '', row?.topic ?? ''].filter(Boolean).join(' · ');
    const search = (): void => this.#tell('navigate', { path: `/search?in=${this.conversationId}` });
    const details = (): void => this.#tell('toggle-details');
    const date = html`<input class="date" type="date" tabindex="-1" aria-hidden="true" @change=${this.#jumpToDate}>
      <button class=${this.alone ? 'icon-button' : 'icon-button wide-only'} aria-label="Jump to a date" data-tip="Jump to a date" @click=${this.#askDate}>${icon('calendar')}</button>`;
    const titles = html`<div class="titles"><h1 dir="auto" class="one-line" title=${title}>${title}</h1>${this.#open?.importedOnly.value ? importedTag : nothing}${under ? html`<p class="one-line" dir="auto" title=${under}>${under}</p>` : nothing}</div>`;
    if (this.alone) return html`<header class="alone">${titles}${date}</header>`;
    return html`<header>
      <button class="icon-button back" aria-label="Back to the list" @click=${() => this.#tell('navigate', { path: '/' })}>${icon('arrow-left')}</button>
      ${titles}
      ${row && row.kind !== 'direct' ? html`<button class="people" aria-label=${`${row.memberCount} people. Show details`} data-tip="People" @click=${details}>${icon('users')}${count(row.memberCount)}</button>` : nothing}
      ${row && !row.closed ? callButton(callIn(this.conversationId), () => void enterLobby(this.conversationId)) : nothing}
      ${date}
      <button class="icon-button wide-only" aria-label="Open in its own window" data-tip="Own window" @click=${this.#popOut}>${icon('picture-in-picture-2')}</button>
      <button class="icon-button wide-only" aria-label="Search in this conversation" data-tip="Search here" @click=${search}>${icon('search')}</button>
      <button class="icon-button wide-only" aria-label="Details" aria-pressed=${detailsOpen.value} data-tip="Details" data-keys="Ctrl Shift D" @click=${details}>${icon('panel-right')}</button>
      <hansard-menu class="narrow-only" label="This conversation" align="end">
        <button slot="trigger" class="icon-button" aria-label="More">${icon('ellipsis-vertical')}</button>
        <button role="menuitem" class="menu-item" @click=${details}>${icon('panel-right')}Details</button>
        <button role="menuitem" class="menu-item" @click=${search}>${icon('search')}Search here</button>
        <button role="menuitem" class="menu-item" @click=${this.#askDate}>${icon('calendar')}Jump to a date</button>
      </hansard-menu>
    </header>`;
  }

  #retractDialog(line: MessageLine): TemplateResult {
    return html`<hansard-dialog heading="Retract this message" @closed=${() => (this.retracting = null)}>
      <p>It disappears for everybody here and cannot be brought back. That you retracted it stays visible, and the record keeps the text: compliance officers can read it.</p>
      <p class="said" dir="auto">${line.text}</p>
      <button slot="actions" class="button" @click=${() => this.renderRoot.querySelector<HTMLElement & { close(): void }>('hansard-dialog')?.close()}>Keep it</button>
      <button slot="actions" class="button danger" autofocus @click=${() => this.#retract(line)}>Retract message</button>
    </hansard-dialog>`;
  }

  override render() {
    const open = this.#open;
    const { me } = workspace;
    if (!open || !me) return nothing;
    if (open.live.state.value.phase === 'refused') return html`<div class="not-here empty"><h1>Not here</h1><p>You are not in this conversation, or it does not exist.</p><a class="button" href="/">To your conversations</a></div>`;
    const row = workspace.conversation(this.conversationId);
    const writable = row ? !row.closed : (open.about.value?.joined ?? true);
    const call = callIn(this.conversationId);
    return html`${this.beside ? nothing : this.#header()}${call && !this.beside && !this.alone ? callBanner(call, () => void enterLobby(this.conversationId)) : nothing}
      ${keyed(open, html`
        <message-list .open=${open} .acts=${this.#acts} .wait=${this.#wait} .writable=${writable} @write=${() => this.#composer?.write()}></message-list>
        <typing-line .typing=${open.typing}></typing-line>
        <message-composer ?aside=${this.beside} .open=${open} .picker=${this.#picker}></message-composer>`)}
      <p class="notice">${icon('landmark', 14)}<span dir="auto">${me.notice}</span></p>
      <emoji-picker></emoji-picker><receipts-popover></receipts-popover>${this.#drop.veil(row ? workspace.titleOf(row) : '')}
      ${this.retracting ? this.#retractDialog(this.retracting) : nothing}`;
  }
}
customElements.define('conversation-screen', ConversationScreen);

import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { joinChannel } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import type { MessageLine } from '#src/contract/timeline.ts';
import { call } from '../../client/call.ts';
import { drafts, emptyDraft } from '../../client/drafts.ts';
import { plainText } from '../../client/markdown.ts';
import { Nameable } from '../../client/mentions.ts';
import { outbox } from '../../client/outbox.ts';
import { isPost } from '../../client/outgoing.ts';
import { workspace } from '../../client/workspace.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon, type IconName } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { ComposerFiles } from './composer-files.ts';
import { composerStyles } from './composer-styles.ts';
import { askedAt, insert, link, listed, wrap, wrapCode, type Field } from './composer-text.ts';
import type { OpenConversation } from './open-conversation.ts';
import { Suggestions, suggestionList, type Suggestion } from './suggestions.ts';
import type { PickEmoji } from './emoji-picker.ts';

const countFrom = limits.messageTextMax - 1_000;
/** So long an arrow up waits for the line of what was just sent. */
const lineComesMs = 1_500;

/** Where messages are written. A plain text field: what is typed is what is recorded. */
export class MessageComposer extends LitElement {
  static override properties = { open: { attribute: false }, aside: { type: Boolean }, picker: { attribute: false }, editing: { state: true }, text: { state: true } };
  declare open: OpenConversation;
  declare aside: boolean; // Beside a call: the focus stays where it is.
  declare picker: PickEmoji;
  /** The message that is being given another text. */
  declare editing: MessageLine | null;
  declare text: string;
  #files!: ComposerFiles;
  #picked: Record<string, string> = {};
  #composing = false;
  /** Grows with every change of the text. */
  #strokes = 0;
  readonly #suggestions = new Suggestions(() => this.requestUpdate());
  #ends: (() => void)[] = [];

  constructor() {
    super();
    this.editing = null;
    this.text = '';
  }

  static override styles = [base, buttons, composerStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    const again = (): void => this.requestUpdate();
    this.#files = new ComposerFiles(this.#id, () => this.write());
    this.#ends = [this.open.about.watch(again), workspace.conversations.watch(again), workspace.directory.version.watch(again), this.open.live.state.watch(again), this.#files.watch(again)];
    this.#takeDraft();
    void drafts.opened.then(() => this.text === '' && this.#takeDraft());
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const end of this.#ends) end();
  }
  override firstUpdated(): void {
    if (!this.aside && matchMedia('(pointer: fine)').matches) this.write();
  }

  /** Is there a field, so that files can be sent with it? */
  readonly takesFiles = (): boolean => this.#field !== null;
  get #id(): string {
    return this.open.conversationId;
  }
  get #field(): HTMLTextAreaElement | null {
    return this.renderRoot.querySelector('textarea');
  }
  get #replyTo(): string | null {
    return drafts.of(this.#id).replyTo;
  }

  /** Puts the caret into the field. */
  write(): void {
    this.#field?.focus({ preventScroll: true });
  }

  reply(line: MessageLine): void {
    if (this.editing) this.#leaveEditing();
    drafts.set(this.#id, { ...drafts.of(this.#id), text: this.text, picked: this.#picked, replyTo: line.messageId });
    this.requestUpdate();
    this.write();
  }

  edit(line: MessageLine): void {
    this.editing = line;
    for (const { account, from, to } of line.mentions) this.#picked = { ...this.#picked, [(line.text ?? '').slice(from + 1, to)]: account };
    this.#show({ text: line.text ?? '', from: line.text?.length ?? 0, to: line.text?.length ?? 0 });
  }

  /** Takes what was refused back, to be written again as a message. */
  rewrite(text: string, replyTo: string | null): void {
    drafts.set(this.#id, { text, replyTo, picked: this.#picked });
    this.#show({ text, from: text.length, to: text.length });
  }

  #takeDraft(): void {
    const { text, picked } = drafts.of(this.#id);
    this.#picked = { ...picked };
    this.text = text;
  }

  /** Puts text into the field as if it was typed, so that undo works. */
  #show({ text, from, to }: Field): void {
    const field = this.#field;
    if (!field) return;
    field.focus({ preventScroll: true });
    field.select();
    if (!(text === '' ? document.execCommand('delete') : document.execCommand('insertText', false, text)) || field.value !== text) field.value = text;
    field.setSelectionRange(from, to);
    this.#typed();
  }
  #now(): Field {
    const field = this.#field!;
    return { text: field.value, from: field.selectionStart, to: field.selectionEnd };
  }

  readonly #typed = (): void => {
    this.#strokes += 1;
    this.text = this.#field?.value ?? '';
    this.#keepDraft();
    if (this.text !== '' && !this.editing) this.open.typing.tell();
    this.#look();
  };
  #keepDraft(): void {
    if (!this.editing) drafts.set(this.#id, { text: this.text, picked: this.#picked, replyTo: this.#replyTo });
  }
  readonly #look = (): void => {
    const members = new Set((this.open.about.value?.members ?? []).map(({ account }) => account));
    this.#suggestions.look(this.#composing ? undefined : askedAt(this.#now()), members);
    this.requestUpdate();
  };
  readonly #take = (item: Suggestion): void => {
    if (item.picked) this.#picked = { ...this.#picked, [item.picked[0]]: item.picked[1] };
    this.#show(this.#suggestions.take(this.#now(), item));
  };

  readonly #key = (event: KeyboardEvent): void => {
    if (event.isComposing || event.keyCode === 229 || this.#composing) return;
    if (this.#suggestionKey(event) || this.#formatKey(event)) return event.preventDefault();
    if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      void this.#send();
    } else if (event.key === 'ArrowUp' && this.text === '' && !this.editing) {
      event.preventDefault();
      void this.#editLast();
    } else if (event.key === 'Escape' && (this.editing || this.#replyTo)) {
      event.preventDefault();
      this.#leave();
    }
  };
  /** The last of one's own. One that was just sent is waited for a moment: it is what is meant, and not the one before. */
  async #editLast(): Promise<void> {
    const isOnItsWay = (): boolean => outbox.waiting.value.some((one) => isPost(one) && one.conversationId === this.#id && one.state !== 'refused');
    const strokes = this.#strokes;
    for (const until = Date.now() + lineComesMs; isOnItsWay(); ) {
      if (Date.now() > until || strokes !== this.#strokes) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const last = this.open.lastOwn(workspace.me?.account ?? '');
    if (last && strokes === this.#strokes && this.isConnected) this.edit(last);
  }
  #suggestionKey(event: KeyboardEvent): boolean {
    const suggestions = this.#suggestions;
    if (!suggestions.isOpen) return false;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') suggestions.move(event.key === 'ArrowDown' ? 1 : -1);
    else if (event.key === 'Escape') suggestions.close();
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && suggestions.takesEnter) this.#take(suggestions.items[suggestions.chosen]!);
    else return false;
    this.requestUpdate();
    return true;
  }
  #formatKey(event: KeyboardEvent): boolean {
    if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return false;
    const mark = { b: '**', i: '*', e: '`' }[event.key.toLowerCase()];
    if (mark) this.#format((field) => (mark === '`' ? wrapCode(field) : wrap(field, mark)));
    return mark !== undefined;
  }
  #format(how: (field: Field) => Field): void {
    this.#show(how(this.#now()));
  }
  /** An address over chosen words makes a link of them. */
  readonly #paste = (event: ClipboardEvent): void => {
    if (this.#files.paste(event)) return;
    const pasted = event.clipboardData?.getData('text/plain').trim() ?? '';
    const now = this.#now();
    if (now.from === now.to || !/^https?:\/\/\S+$/.test(pasted)) return;
    event.preventDefault();
    this.#show(link(now, pasted));
  };
  /** Some browsers end the composition before the Enter that ended it: that Enter is not ours either. */
  readonly #compositionEnded = (): void => {
    setTimeout(() => (this.#composing = false));
  };

  #leave(): void {
    if (this.editing) return this.#leaveEditing();
    drafts.set(this.#id, { text: this.text, picked: this.#picked, replyTo: null });
    this.requestUpdate();
    this.write();
  }
  #leaveEditing(): void {
    this.editing = null;
    const { text } = drafts.of(this.#id);
    this.#show({ text, from: text.length, to: text.length });
  }

  /** Members by display name and by sign-in name. */
  #names(): (readonly [account: string, name: string])[] {
    const people = (this.open.about.value?.members ?? []).map(({ account }) => workspace.directory.person(account)).filter((person) => person !== undefined);
    return people.flatMap(([account, name, signInName]) => [[account, name] as const, ...(signInName ? [[account, signInName] as const] : [])]);
  }

  get #canSend(): boolean {
    return this.text.length <= limits.messageTextMax && (this.text.trim() !== '' || (!this.editing && this.#files.hasSendable));
  }
  async #send(): Promise<void> {
    const { text, editing } = this;
    if (!this.#canSend) return;
    const mentions = new Nameable(this.#names(), this.#picked).placesIn(text);
    if (editing) {
      this.#leaveEditing();
      if (text === editing.text) return;
      return outbox.change(this.#id, editing.messageId, { is: 'edit', text, mentions });
    }
    this.#files.send(text.trim() === '' ? null : outbox.post(this.#id, { text, mentions, replyTo: this.#replyTo }));
    drafts.set(this.#id, emptyDraft);
    this.#picked = {};
    this.#show({ text: '', from: 0, to: 0 });
    drafts.set(this.#id, emptyDraft);
    this.open.typing.sent();
    await this.open.toEnd();
  }

  readonly #submit = (event: Event): void => {
    event.preventDefault();
    void this.#send();
    this.write();
  };
  readonly #emoji = (event: Event): void => {
    void this.picker(event.currentTarget as HTMLElement, (emoji) => this.#format((field) => insert(field, emoji)));
  };
  readonly #join = async (): Promise<void> => {
    const answer = await call(joinChannel, { conversationId: this.#id });
    if (!answer.ok) toast(answer.sentence, { danger: true });
  };

  #about(): TemplateResult | typeof nothing {
    const leave = html`<button type="button" class="icon-button" aria-label=${this.editing ? 'Leave the message as it is' : 'Not a reply'} data-tip="Leave" data-keys="Esc" @click=${() => this.#leave()}>${icon('x', 14)}</button>`;
    if (this.editing) return html`<div class="about">${icon('pencil', 14)}<span class="one-line">Editing your message. The first version stays in the record.</span>${leave}</div>`;
    if (!this.#replyTo) return nothing;
    const line = this.open.window?.lines.find((one): one is MessageLine => one.kind === 'message' && one.messageId === this.#replyTo) ?? this.open.window?.quoted.get(this.#replyTo);
    return html`<div class="about">${icon('reply', 14)}<span class="one-line" dir="auto">${line ? html`<b>${workspace.directory.nameOf(line.author)}</b> · ${plainText(line.text ?? '', 120)}` : 'Reply'}</span>${leave}</div>`;
  }
  #tool(drawing: IconName, words: string, does: (event: Event) => void, keys = '', extra = ''): TemplateResult {
    return html`<button type="button" class=${`icon-button ${extra}`} aria-label=${words} data-tip=${words} data-keys=${keys} @click=${does}>${icon(drawing)}</button>`;
  }
  #left(): TemplateResult | typeof nothing {
    if (this.text.length < countFrom) return nothing;
    const left = limits.messageTextMax - this.text.length;
    return html`<span class=${left < 0 ? 'count over' : 'count'} role="status">${left < 0 ? `${-left} characters too long` : `${left} characters left`}</span>`;
  }

  override render() {
    const about = this.open.about.value;
    const row = workspace.conversation(this.#id) ?? about?.conversation;
    if (row?.closed) return html`<p class="closed">This conversation is closed. What was said stays in the record.</p>`;
    if (about && !about.joined && row?.kind === 'group') return html`<p class="closed">You are not in this group any more. What was said stays in the record.</p>`;
    if (about && !about.joined && !workspace.conversation(this.#id)) return html`<p class="closed">You are not in this channel. Join it to write. <button class="button primary" @click=${this.#join}>Join channel</button></p>`;
    const { isOpen, chosen } = this.#suggestions;
    const title = row ? workspace.titleOf(row) : '';
    return html`<form @submit=${this.#submit} aria-label="Write a message">
      ${suggestionList(this.#suggestions, this.#take)}
      ${this.#about()}${this.#files.chips()}
      <textarea dir="auto" rows="1" .value=${this.text} placeholder=${`Message ${title}`} aria-label=${this.editing ? 'Edit your message' : `Message ${title}`} aria-autocomplete="list" aria-controls="suggestions" aria-haspopup="listbox"
        aria-activedescendant=${isOpen ? `suggestion-${chosen}` : ''} enterkeyhint="send" autocapitalize="sentences"
        @input=${this.#typed} @keydown=${this.#key} @keyup=${this.#look} @click=${this.#look} @paste=${this.#paste} @blur=${() => { this.#suggestions.close(); this.requestUpdate(); }}
        @compositionstart=${() => (this.#composing = true)} @compositionend=${this.#compositionEnded}></textarea>
      <div class="bar">
        ${this.editing ? nothing : this.#files.button()}
        ${this.#tool('bold', 'Bold', () => this.#format((field) => wrap(field, '**')), 'Ctrl B', 'formats')}
        ${this.#tool('italic', 'Italic', () => this.#format((field) => wrap(field, '*')), 'Ctrl I', 'formats')}
        ${this.#tool('code', 'Code', () => this.#format(wrapCode), 'Ctrl E', 'formats')}
        ${this.#tool('list', 'List', () => this.#format(listed), '', 'formats')}
        ${this.#tool('smile', 'Emoji', this.#emoji)}
        ${this.#tool('at-sign', 'Mention somebody', () => this.#format((field) => insert(field, field.from > 0 && !/\s/.test(field.text[field.from - 1] ?? '') ? ' @' : '@')))}
        ${this.#left()}
        <button class="button primary" ?disabled=${!this.#canSend}>${icon(this.editing ? 'check' : 'send-horizontal', 16)}${this.editing ? 'Save' : 'Send'}</button>
      </div>
    </form>`;
  }
}
customElements.define('message-composer', MessageComposer);

import { css, html, nothing, type CSSResultGroup } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { joinChannel, leaveConversation, readSpace } from '#src/contract/conversations.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { openDialog } from '../../app/shell-state.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { FormDialog } from './form-dialog.ts';

type Space = OutputOf<typeof readSpace>;
type Channel = Space['channels'][number];

/** Every channel of a space, joined or not: join, leave, open. */
export class BrowseChannelsDialog extends FormDialog {
  static override properties = { spaceId: {}, space: { state: true }, typed: { state: true }, waiting: { state: true } };
  declare spaceId: string;
  declare space: Space | undefined;
  declare typed: string;
  /** Channel whose joining or leaving is under way. */
  declare waiting: string;
  #readFor = '';

  constructor() {
    super();
    this.space = undefined;
    this.typed = '';
    this.waiting = '';
    new StoreController(this, workspace.conversations);
  }

  static override styles: CSSResultGroup = [FormDialog.styles, css`
    .channels li { display: flex; align-items: center; gap: var(--space-3); padding: 0.5rem 0; border-block-start: 1px solid var(--rule); }
    .channels > li > .icon { color: var(--ink-3); }
    .channels .text { flex: 1; min-inline-size: 0; }
    .channels .title { font-weight: 600; overflow-wrap: anywhere; }
    .channels .title a { color: inherit; text-decoration: none; }
    .channels .title a:hover { text-decoration: underline; }
    .channels .more { font-size: var(--text-s); color: var(--ink-3); }
    .top { display: flex; gap: var(--space-2); }
    .top .search-box { flex: 1; }
    .skeleton { block-size: 2.5rem; margin-block: 0.5rem; }
  `];

  /** Somebody may open or close a channel while one looks. */
  override willUpdate(): void {
    const row = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === this.spaceId);
    const state = JSON.stringify([this.spaceId, row]);
    if (state === this.#readFor) return;
    this.#readFor = state;
    void this.#read();
  }
  async #read(): Promise<void> {
    const answer = await call(readSpace, { spaceId: this.spaceId });
    if (answer.ok) this.space = answer.output;
    else this.fault = answer.sentence;
  }
  async #toggle(channel: Channel): Promise<void> {
    this.waiting = channel.conversationId;
    this.fault = '';
    const answer = await call(channel.joined ? leaveConversation : joinChannel, { conversationId: channel.conversationId });
    this.waiting = '';
    if (!answer.ok) this.fault = answer.sentence;
    else if (this.space) this.space = { ...this.space, channels: this.space.channels.map((one) => (one === channel ? { ...one, joined: !one.joined } : one)) };
  }
  #open(event: Event, channel: Channel): void {
    event.preventDefault();
    this.close();
    navigate(pathOfConversation(channel.conversationId));
  }

  #channel = (channel: Channel) => html`<li>${icon('hash')}
    <span class="text"><span class="title" dir="auto">${channel.joined ? html`<a href=${pathOfConversation(channel.conversationId)} @click=${(event: Event) => this.#open(event, channel)}>${channel.general ? 'General' : channel.title}</a>` : channel.title}</span>
      <span class="more one-line" dir="auto">${count(channel.memberCount)} ${channel.memberCount === 1 ? 'member' : 'members'}${channel.topic ? ` · ${channel.topic}` : ''}</span></span>
    ${channel.closed ? html`<span class="tag">Closed</span>` : channel.general ? html`<span class="tag">Everybody</span>` : html`<button class="button small" ?disabled=${this.waiting !== ''} aria-label="${channel.joined ? 'Leave' : 'Join'} ${channel.title}" @click=${() => this.#toggle(channel)}>${channel.joined ? 'Leave' : 'Join'}</button>`}</li>`;

  override render() {
    const typed = this.typed.toLocaleLowerCase();
    const channels = this.space?.channels.filter(({ title, topic }) => `${title} ${topic}`.toLocaleLowerCase().includes(typed)) ?? [];
    const governs = this.space?.space.administrators.includes(workspace.me?.account ?? '') ?? false;
    return html`<hansard-dialog .heading=${this.space ? `Channels in ${this.space.space.name}` : 'Channels'}>
      <div class="stack">${this.faultLine()}
        <div class="top"><label class="search-box">${icon('search', 16)}<span class="seen-by-readers-only">Find a channel</span><input class="input" type="search" placeholder="Find a channel" autofocus @input=${(event: InputEvent) => (this.typed = (event.target as HTMLInputElement).value)}></label>
          ${governs ? html`<button class="button" @click=${() => openDialog({ is: 'new-channel', spaceId: this.spaceId })}>${icon('plus')}New channel</button>` : nothing}</div>
        ${this.space ? html`<ul class="channels">${repeat(channels, (channel) => channel.conversationId, this.#channel)}</ul>${channels.length === 0 ? html`<p class="says">No channel has that in its name or topic.</p>` : nothing}`
          : this.fault ? nothing : html`<div aria-hidden="true"><span class="skeleton"></span><span class="skeleton"></span><span class="skeleton"></span></div>`}
      </div></hansard-dialog>`;
  }
}
customElements.define('browse-channels-dialog', BrowseChannelsDialog);

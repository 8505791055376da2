import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { readConversation } from '#src/contract/conversations.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { muteConversation, unmuteConversation } from '#src/contract/reading.ts';
import { openDialog, toggleDetails } from '../../app/shell-state.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-switch.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { count, longDay } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { otherOf } from '../sidebar/rows.ts';
import './conversation-files.ts';
import './member-list.ts';

type Read = OutputOf<typeof readConversation>;

/** Beside a conversation: what it is, who is in it, what one can do with it. */
export class DetailsPanel extends LitElement {
  static override properties = { conversationId: {}, read: { state: true }, fault: { state: true } };
  declare conversationId: string;
  declare read: Read | undefined;
  declare fault: string;
  /** What the list said when this was read; when it says something else, it is read again. */
  #readFor = '';

  constructor() {
    super();
    this.conversationId = '';
    this.read = undefined;
    this.fault = '';
    new StoreController(this, workspace.conversations, workspace.directory.version, workspace.presence.version);
  }

  static override styles = [base, buttons, surfaces, css`
    :host { display: block; block-size: 100%; overflow-y: auto; scrollbar-width: thin; }
    section { padding: var(--space-4); border-block-end: 1px solid var(--rule); display: grid; gap: var(--space-2); }
    .top { display: none; align-items: center; justify-content: space-between; padding: 0.5rem 0.5rem 0.5rem var(--space-4); border-block-end: 1px solid var(--rule); }
    h2 { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); }
    .top h2 { font: 600 var(--text-l)/1.3 var(--font-record); color: var(--ink); }
    .topic { font-size: var(--text-s); overflow-wrap: anywhere; white-space: pre-line; }
    dl { display: grid; gap: var(--space-1); font-size: var(--text-s); }
    dl > div { display: flex; justify-content: space-between; gap: var(--space-3); }
    dt { color: var(--ink-3); }
    dd { text-align: end; overflow-wrap: anywhere; }
    .help { font-size: var(--text-s); color: var(--ink-3); }
    .heading { display: flex; align-items: center; justify-content: space-between; min-block-size: 1.75rem; }
    .heading .icon-button { margin-inline-end: -0.375rem; inline-size: 1.75rem; block-size: 1.75rem; }
    .acts { gap: 0; padding-block: var(--space-2); }
    .acts .menu-item { margin-inline: -0.625rem; inline-size: calc(100% + 1.25rem); }
    .skeleton { block-size: 0.8125rem; margin-block: 0.375rem; }
    @media (max-width: 1099px) { .top { display: flex; } }
  `];

  override willUpdate(changed: PropertyValues<this>): void {
    const row = workspace.conversation(this.conversationId);
    const state = row ? [row.conversationId, row.memberCount, row.members.join(), row.title, row.topic, row.closed].join('\n') : this.conversationId;
    if (changed.has('conversationId') && this.read?.conversation.conversationId !== this.conversationId) this.read = undefined;
    if (state === this.#readFor) return;
    this.#readFor = state;
    void this.#ask(this.conversationId);
  }
  async #ask(conversationId: string): Promise<void> {
    const answer = await call(readConversation, { conversationId });
    if (conversationId !== this.conversationId) return;
    this.fault = answer.ok ? '' : answer.sentence;
    if (answer.ok) this.read = answer.output;
  }
  #mute = async (event: CustomEvent<boolean>): Promise<void> => {
    const answer = await call(event.detail ? muteConversation : unmuteConversation, { conversationId: this.conversationId });
    if (!answer.ok) toast(answer.sentence, { danger: true });
    this.requestUpdate();
  };

  #about({ conversation }: Read): TemplateResult {
    const row = workspace.conversation(this.conversationId);
    const other = otherOf(conversation);
    const person = other ? workspace.directory.person(other) : undefined;
    const messages = Math.max(row?.lastOrdinal ?? 0, conversation.messageCount); // What is pushed carries the ordinal.
    const space = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === conversation.space);
    return html`<section aria-labelledby="about"><h2 id="about">About</h2>
      ${conversation.topic ? html`<p class="topic" dir="auto">${conversation.topic}</p>` : nothing}
      <dl>
        ${person ? html`<div><dt>Sign-in name</dt><dd>${person[2] ?? 'none'}</dd></div>` : nothing}
        ${space ? html`<div><dt>Space</dt><dd><a href="/spaces/${space.spaceId}" dir="auto">${space.name}</a></dd></div>` : nothing}
        <div><dt>${conversation.kind === 'direct' ? 'Since' : 'Founded'}</dt><dd>${longDay(conversation.openedAt)}</dd></div>
        <div><dt>Messages</dt><dd>${count(messages)}</dd></div>
      </dl>
      ${conversation.closed ? html`<p class="help">Closed: nobody can write here any more. It can be read, and the record keeps it.</p>` : nothing}
    </section>`;
  }
  #people({ conversation, members, joined }: Read): TemplateResult {
    const space = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === conversation.space);
    const governs = space?.administrators.includes(workspace.me?.account ?? '') ?? false;
    const invite = conversation.closed || !joined ? undefined : conversation.kind === 'group' ? { is: 'invite-to-group' as const, conversationId: conversation.conversationId } : governs && space ? { is: 'invite-to-space' as const, spaceId: space.spaceId } : undefined;
    const words = conversation.kind === 'group' ? 'Invite to this group' : 'Invite to the space';
    return html`<section aria-labelledby="people"><div class="heading"><h2 id="people">People, ${count(conversation.memberCount)}</h2>
        ${invite ? html`<button class="icon-button" aria-label=${words} data-tip=${words} @click=${() => openDialog(invite)}>${icon('user-plus', 17)}</button>` : nothing}</div>
      <member-list .members=${members}></member-list></section>`;
  }
  #acts({ conversation, joined }: Read): TemplateResult | typeof nothing {
    const { conversationId, kind, general, closed } = conversation;
    const row = workspace.conversation(conversationId);
    if (!joined || !row) return nothing;
    const space = workspace.conversations.value?.spaces.find(({ spaceId }) => spaceId === conversation.space);
    const governs = space?.administrators.includes(workspace.me?.account ?? '') ?? false;
    const mayTitle = !closed && (kind === 'group' || (kind === 'channel' && governs && !general));
    return html`<section class="acts" aria-label="What you can do">
      <hansard-switch ?on=${row.muted} @changed=${this.#mute}>Mute: count, without a badge</hansard-switch>
      ${kind === 'meeting' && !workspace.me?.guest ? html`<button class="menu-item" @click=${() => openDialog({ is: 'meeting', conversationId })}>${icon('link')}Link and guests</button>` : nothing}
      ${mayTitle ? html`<button class="menu-item" @click=${() => openDialog({ is: 'title-conversation', conversationId })}>${icon('pencil')}Title and topic</button>` : nothing}
      ${kind === 'channel' && governs && !general && !closed ? html`<button class="menu-item danger" @click=${() => openDialog({ is: 'close-channel', conversationId })}>${icon('lock')}Close channel</button>` : nothing}
      ${kind === 'direct' || general ? nothing : html`<button class="menu-item danger" @click=${() => openDialog({ is: 'leave-conversation', conversationId })}>${icon('door-open')}Leave ${kind}</button>`}
    </section>`;
  }

  override render() {
    const { read } = this;
    return html`<div class="top"><h2>Details</h2><button class="icon-button" aria-label="Close details" @click=${() => toggleDetails(false)}>${icon('x')}</button></div>
      ${read ? html`${this.#about(read)}${this.#people(read)}<conversation-files .conversationId=${this.conversationId}></conversation-files>
          ${read.joined ? html`<section><button class="button wide" @click=${() => openDialog({ is: 'download-history', conversationId: this.conversationId })}>${icon('download')}Download history</button>
            <p class="help">A zip with every message you may read, as text and as data.</p></section>` : nothing}
          ${this.#acts(read)}`
        : this.fault ? html`<section><p class="help">${this.fault}</p></section>`
        : html`<section aria-hidden="true"><span class="skeleton"></span><span class="skeleton"></span><span class="skeleton"></span></section>`}`;
  }
}
customElements.define('details-panel', DetailsPanel);

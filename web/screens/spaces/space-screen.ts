import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { appointAdministrator, joinChannel, readSpace, removeFromSpace } from '#src/contract/conversations.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { openDialog } from '../../app/shell-state.ts';
import type { Answer } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import '../../elements/hansard-menu.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { count, longDay } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import '../details/member-list.ts';

type Space = OutputOf<typeof readSpace>;
type Channel = Space['channels'][number];
type Member = Space['members'][number];

/** A space: what it is for, its channels, who is in it, and what its administrators can do. */
export class SpaceScreen extends LitElement {
  static override properties = { spaceId: {}, read: { state: true }, fault: { state: true } };
  declare spaceId: string;
  declare read: Space | undefined;
  declare fault: string;
  #readFor = '';

  constructor() {
    super();
    this.spaceId = '';
    this.read = undefined;
    this.fault = '';
    new StoreController(this, workspace.conversations, workspace.directory.version);
  }

  static override styles = [base, buttons, surfaces, css`
    :host { display: block; block-size: 100%; overflow-y: auto; }
    .page { display: grid; gap: var(--space-6); max-inline-size: 46rem; padding: var(--space-5) var(--space-5) var(--space-7); margin-inline: auto; }
    header { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--space-4); align-items: start; }
    h1 { font: 600 var(--text-2xl)/1.2 var(--font-record); overflow-wrap: anywhere; }
    .topic { margin-block-start: var(--space-1); overflow-wrap: anywhere; white-space: pre-line; }
    .founded { font-size: var(--text-s); color: var(--ink-3); margin-block-start: var(--space-1); }
    .acts { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: var(--space-2); }
    section { display: grid; gap: var(--space-2); }
    h2 { font: 600 var(--text-l)/1.3 var(--font-record); }
    .heading { display: flex; align-items: center; justify-content: space-between; min-block-size: 2rem; }
    .channels li { display: flex; align-items: center; gap: var(--space-3); padding: 0.5rem 0; border-block-start: 1px solid var(--rule); }
    .channels li > .icon { color: var(--ink-3); }
    .text { flex: 1; min-inline-size: 0; }
    .text a, .text b { font-weight: 600; color: var(--ink); text-decoration: none; overflow-wrap: anywhere; }
    .text a:hover { text-decoration: underline; }
    .more { font-size: var(--text-s); color: var(--ink-3); }
    .back { display: none; }
    .skeleton { block-size: 2.5rem; }
    @media (max-width: 719px) { .back { display: inline-grid; margin-block-end: calc(-1 * var(--space-5)); justify-self: start; } .page { padding-inline: var(--space-3); } }
  `];

  override willUpdate(changed: PropertyValues<this>): void {
    const mine = workspace.conversations.value;
    const space = mine?.spaces.find(({ spaceId }) => spaceId === this.spaceId);
    const state = JSON.stringify([this.spaceId, space, mine?.conversations.filter((row) => row.space === this.spaceId).map((row) => row.conversationId)]);
    if (changed.has('spaceId')) {
      this.read = undefined;
      workspace.place.set(space?.name ?? 'Space');
    }
    if (state === this.#readFor) return;
    this.#readFor = state;
    void this.#ask();
  }
  async #ask(): Promise<void> {
    const { spaceId } = this;
    const answer = await call(readSpace, { spaceId });
    if (spaceId !== this.spaceId) return;
    this.fault = answer.ok ? '' : answer.sentence;
    if (answer.ok) this.read = answer.output;
  }
  async #act(asked: Promise<Answer<unknown>>, done: string): Promise<void> {
    const answer = await asked;
    toast(answer.ok ? done : answer.sentence, { danger: !answer.ok });
    if (answer.ok) await this.#ask();
  }
  #join = async (channel: Channel): Promise<void> => {
    const answer = await call(joinChannel, { conversationId: channel.conversationId });
    if (answer.ok) navigate(pathOfConversation(channel.conversationId));
    else toast(answer.sentence, { danger: true });
  };

  #channel = (channel: Channel): TemplateResult => {
    const title = channel.general ? 'General' : channel.title;
    return html`<li>${icon('hash')}<span class="text" dir="auto">${channel.joined ? html`<a href=${pathOfConversation(channel.conversationId)}>${title}</a>` : html`<b>${title}</b>`}
        <span class="more one-line">${count(channel.memberCount)} ${channel.memberCount === 1 ? 'member' : 'members'}, ${count(channel.messageCount)} messages${channel.topic && !channel.general ? ` · ${channel.topic}` : ''}</span></span>
      ${channel.closed ? html`<span class="tag">Closed</span>` : channel.joined ? html`<a class="button small" href=${pathOfConversation(channel.conversationId)}>Open</a>` : html`<button class="button small" aria-label="Join ${title}" @click=${() => this.#join(channel)}>Join</button>`}</li>`;
  };
  #actsOf = ({ account, administrator }: Member): TemplateResult => {
    const { spaceId } = this;
    const name = workspace.directory.nameOf(account);
    return html`${administrator ? nothing : html`<button role="menuitem" class="menu-item" @click=${() => this.#act(call(appointAdministrator, { spaceId, account }), `${name} is an administrator of the space.`)}>${icon('crown')}Make administrator</button>`}
      <button role="menuitem" class="menu-item danger" @click=${() => this.#act(call(removeFromSpace, { spaceId, account }), `${name} is out of the space and its channels. What was said stays in the record.`)}>${icon('user-x')}Remove from the space</button>`;
  };

  #page({ space, members, channels }: Space): TemplateResult {
    const governs = space.administrators.includes(workspace.me?.account ?? '');
    const { spaceId } = space;
    return html`
      <header><hansard-avatar .name=${space.name} .key=${spaceId} .size=${52} square></hansard-avatar>
        <div><h1 dir="auto">${space.name}</h1>${space.topic ? html`<p class="topic" dir="auto">${space.topic}</p>` : nothing}<p class="founded">Founded ${longDay(space.foundedAt)}</p></div>
        <div class="acts">
          ${governs ? html`<button class="button primary" @click=${() => openDialog({ is: 'invite-to-space', spaceId })}>${icon('user-plus')}Invite people</button>
            <button class="button" @click=${() => openDialog({ is: 'title-space', spaceId })}>${icon('pencil')}Name and topic</button>` : nothing}
          <button class="button" @click=${() => openDialog({ is: 'leave-space', spaceId })}>${icon('door-open')}Leave space</button></div></header>
      <section aria-labelledby="channels"><div class="heading"><h2 id="channels">Channels, ${count(channels.length)}</h2>${governs ? html`<button class="button small" @click=${() => openDialog({ is: 'new-channel', spaceId })}>${icon('plus', 16)}New channel</button>` : nothing}</div>
        <ul class="channels">${repeat(channels, ({ conversationId }) => conversationId, this.#channel)}</ul></section>
      <section aria-labelledby="people"><h2 id="people">People, ${count(space.memberCount)}</h2><member-list .members=${members} .actsOf=${governs ? this.#actsOf : undefined}></member-list></section>`;
  }

  override render() {
    return html`<div class="page"><a class="icon-button back" href="/" aria-label="Back to the list">${icon('arrow-left')}</a>
      ${this.read ? this.#page(this.read) : this.fault ? html`<div class="empty"><h1>Not here</h1><p>${this.fault}</p><a class="button" href="/">To your conversations</a></div>` : html`<span class="skeleton"></span><span class="skeleton"></span>`}</div>`;
  }
}
customElements.define('space-screen', SpaceScreen);

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { openDirect, type member } from '#src/contract/conversations.ts';
import type { z } from 'zod';
import { navigate, pathOfConversation } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import '../../elements/hansard-menu.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';

type Member = z.infer<typeof member>;
const first = 8;
const mostShown = 300;

/** Who is in a conversation or space: oneself first, administrators with a crown, then by name. A press opens the direct chat, a menu has the rest. */
export class MemberList extends LitElement {
  static override properties = { members: { attribute: false }, actsOf: { attribute: false }, all: { state: true }, typed: { state: true } };
  declare members: readonly Member[];
  /** More entries for the menu of a member. */
  declare actsOf: ((member: Member) => TemplateResult | typeof nothing) | undefined;
  declare all: boolean;
  declare typed: string;
  #endWatching: () => void = () => {};
  #watched = '';

  constructor() {
    super();
    this.members = [];
    this.actsOf = undefined;
    this.all = false;
    this.typed = '';
    new StoreController(this, workspace.directory.version, workspace.presence.version);
  }

  static override styles = [base, buttons, fields, surfaces, css`
    :host { display: grid; gap: var(--space-2); }
    li { display: flex; align-items: center; gap: var(--space-1); }
    .person { flex: 1; display: flex; align-items: center; gap: 0.625rem; min-inline-size: 0; min-block-size: 2.25rem; margin-inline: -0.375rem; padding: 0.125rem 0.375rem; border: 0; border-radius: var(--round-m); background: none; text-align: start; }
    button.person { cursor: pointer; }
    button.person:hover { background: var(--hover); }
    .crown { display: grid; color: var(--crown); }
    .end { margin-inline-start: auto; padding-inline-start: var(--space-2); font-size: var(--text-s); color: var(--ink-3); white-space: nowrap; }
    .text-button { justify-self: start; font-size: var(--text-s); }
    .input { min-block-size: 2rem; }
  `];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#endWatching();
    this.#watched = '';
  }
  override updated(): void {
    const shown = this.#shown().map(({ account }) => account);
    if (shown.join() === this.#watched) return;
    this.#watched = shown.join();
    this.#endWatching();
    this.#endWatching = workspace.presence.watch(shown);
  }
  #shown(): readonly Member[] {
    const me = workspace.me?.account;
    const typed = this.typed.toLocaleLowerCase();
    const nameOf = ({ account }: Member) => workspace.directory.nameOf(account);
    const ordered = [...this.members]
      .filter((one) => typed === '' || nameOf(one).toLocaleLowerCase().includes(typed))
      .sort((a, b) => Number(b.account === me) - Number(a.account === me) || Number(b.administrator) - Number(a.administrator) || nameOf(a).localeCompare(nameOf(b)));
    return ordered.slice(0, this.all ? mostShown : first);
  }
  #write = async (account: string): Promise<string | undefined> => {
    const answer = await call(openDirect, { with: account });
    if (answer.ok) navigate(pathOfConversation(answer.output.conversationId));
    else toast(answer.sentence, { danger: true });
    return answer.ok ? answer.output.conversationId : undefined;
  };
  #call = async (account: string, audioOnly: boolean): Promise<void> => {
    const conversationId = await this.#write(account);
    if (conversationId) await (await import('./call-from-menu.ts')).callFromMenu(conversationId, audioOnly);
  };
  #menu(member: Member, name: string, kind: string): TemplateResult | typeof nothing {
    const { account } = member;
    if (kind !== 'e' && !this.actsOf) return nothing;
    return html`<hansard-menu label="What to do with ${name}" align="end"><button slot="trigger" class="icon-button" aria-label="What to do with ${name}">${icon('ellipsis')}</button>
      ${kind === 'e' ? html`<button role="menuitem" class="menu-item" @click=${() => this.#write(account)}>${icon('message-square')}Write a message</button>
        <button role="menuitem" class="menu-item" @click=${() => this.#call(account, false)}>${icon('video')}Video call</button>
        <button role="menuitem" class="menu-item" @click=${() => this.#call(account, true)}>${icon('phone')}Voice call</button>` : nothing}
      ${this.actsOf?.(member) ?? nothing}</hansard-menu>`;
  }

  #row = (member: Member): TemplateResult => {
    const { account, administrator } = member;
    const [, name = '…', , kind = 'e'] = workspace.directory.person(account) ?? [];
    const isMe = account === workspace.me?.account;
    const inside = html`<hansard-avatar .name=${name} .key=${account} .presence=${kind === 'e' ? workspace.presence.stateOf(account) : null}></hansard-avatar>
      <span class="one-line" dir="auto">${name}</span>${administrator ? html`<span class="crown" data-tip="Administrator of the space">${icon('crown', 16)}<span class="seen-by-readers-only">administrator</span></span>` : nothing}
      ${isMe ? html`<span class="end">you</span>` : kind === 's' ? html`<span class="end">suspended</span>` : kind === 'n' ? html`<span class="end">imported</span>` : kind === 'g' ? html`<span class="end">guest</span>` : nothing}`;
    return html`<li>${isMe || kind !== 'e' ? html`<span class="person">${inside}</span>` : html`<button class="person" data-tip="Write to ${name}" @click=${() => this.#write(account)}>${inside}</button>`}${isMe ? nothing : this.#menu(member, name, kind)}</li>`;
  };

  override render() {
    return html`
      ${this.all && this.members.length > 20 ? html`<label><span class="seen-by-readers-only">Find among the members</span><input class="input" type="search" placeholder="Find among ${this.members.length}" @input=${(event: InputEvent) => (this.typed = (event.target as HTMLInputElement).value)}></label>` : nothing}
      <ul>${repeat(this.#shown(), ({ account }) => account, this.#row)}</ul>
      ${this.members.length > first ? html`<button class="text-button" aria-expanded=${this.all} @click=${() => { this.all = !this.all; this.typed = ''; }}>${this.all ? 'Show fewer' : 'Show all'}</button>` : nothing}`;
  }
}
customElements.define('member-list', MemberList);

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { CallRoster } from '#src/contract/calls.ts';
import { readConversation } from '#src/contract/conversations.ts';
import { limits } from '#src/contract/limits.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { liveCall } from '../../calls/live-call.ts';
import '../../elements/hansard-avatar.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import '../conversation/conversation-screen.ts';
import { endForAll, removePerson, ringPeople, takeFrom } from './host-acts.ts';

const mostShown = 200;

/** Beside a call: the conversation's own chat, which is its history, and the people: who is in it and whom one can ring. */
export class CallSide extends LitElement {
  static override properties = { roster: { attribute: false }, revision: { attribute: false }, tab: {}, members: { state: true } };
  declare roster: CallRoster;
  declare revision: number | null;
  declare tab: 'chat' | 'people';
  declare members: readonly string[];

  constructor() {
    super();
    this.revision = null;
    this.tab = 'chat';
    this.members = [];
    new StoreController(this, workspace.directory.version, workspace.presence.version, liveCall.people, liveCall.own.tracks);
  }

  static override styles = [base, buttons, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); min-block-size: 0; min-inline-size: 0; background: var(--page); color: var(--ink); }
    .tabs { display: flex; align-items: center; gap: var(--space-1); min-block-size: 2.75rem; padding-inline: 0.75rem 0.375rem; border-block-end: 1px solid var(--rule); }
    [role="tab"] { min-block-size: 2.25rem; padding: 0 0.5rem; border: 0; background: none; color: var(--ink-2); font-size: var(--text-s); cursor: pointer; border-radius: var(--round-m); }
    [role="tab"][aria-selected="true"] { color: var(--ink); font-weight: 600; }
    [role="tab"]:hover { background: var(--hover); }
    .close { margin-inline-start: auto; display: none; }
    .panel { display: grid; min-block-size: 0; min-inline-size: 0; }
    .people { align-content: start; padding: var(--space-3) var(--space-4); gap: var(--space-2); overflow-y: auto; scrollbar-width: thin; }
    h2 { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); margin-block-start: var(--space-2); }
    li { display: flex; align-items: center; gap: 0.5rem; min-block-size: 2.5rem; }
    li > .name { flex: 1; }
    .state { font-size: var(--text-s); color: var(--ink-3); display: inline-flex; gap: 0.25rem; align-items: center; }
    .end { justify-self: start; margin-block-start: var(--space-3); }
    @media (pointer: coarse) { [role="tab"] { min-block-size: 2.75rem; min-inline-size: 2.75rem; } }
    @media (max-width: 1099px) { .close { display: inline-grid; } }
  `];

  override willUpdate(changed: Map<PropertyKey, unknown>): void {
    if (changed.has('tab') && this.tab === 'people') void this.#ask();
  }
  async #ask(): Promise<void> {
    const answer = await call(readConversation, { conversationId: this.roster.conversationId });
    if (answer.ok) this.members = answer.output.members.map(({ account }) => account);
  }
  #tabKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    this.tab = this.tab === 'chat' ? 'people' : 'chat';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('[aria-selected="true"]')?.focus());
  };
  #close = (): void => void this.dispatchEvent(new CustomEvent('closed'));

  #person(account: string): TemplateResult {
    const me = workspace.me?.account;
    const name = workspace.directory.nameOf(account);
    const person = liveCall.people.value.find((one) => one.account === account);
    const audio = account === me ? liveCall.own.isOn('audio') : (person?.audio ?? false);
    const isHost = this.roster.host === me;
    return html`<li><hansard-avatar .name=${name} .key=${account}></hansard-avatar><span class="name one-line" dir="auto">${name}${account === me ? ' (you)' : ''}</span>
      <span class="state">${account === this.roster.host ? 'host' : nothing}${callIcon(audio ? 'mic' : 'mic-off', 15)}<span class="seen-by-readers-only">${audio ? 'microphone on' : 'muted'}</span></span>
      ${isHost && account !== me ? html`${audio ? html`<button class="icon-button" aria-label=${`Mute ${name} for all`} data-tip="Mute for all" @click=${() => takeFrom(this.roster, account, 'audio')}>${callIcon('mic-off', 16)}</button>` : nothing}
        <button class="icon-button" aria-label=${`Remove ${name} from the call`} data-tip="Remove from call" @click=${() => removePerson(this.roster, account)}>${callIcon('user-minus', 16)}</button>` : nothing}</li>`;
  }
  #absent(account: string): TemplateResult {
    const name = workspace.directory.nameOf(account);
    const rings = this.roster.ringing.includes(account);
    return html`<li><hansard-avatar .name=${name} .key=${account}></hansard-avatar><span class="name one-line" dir="auto">${name}</span>
      ${rings ? html`<span class="state" role="status">rings…</span>` : html`<button class="button small" aria-label=${`Ring ${name}`} @click=${() => ringPeople(this.roster, [account])}>${icon('phone', 14)}Ring</button>`}</li>`;
  }
  #people(): TemplateResult {
    const inCall = this.roster.participants.map(({ account }) => account);
    const absent = this.members.filter((account) => !inCall.includes(account) && workspace.directory.person(account)?.[3] === 'e').slice(0, mostShown);
    const isFull = inCall.length >= limits.callPeopleMax;
    return html`<h2>In the call, ${inCall.length}</h2><ul>${inCall.map((account) => this.#person(account))}</ul>
      ${this.roster.host === null ? html`<p class="state" role="status">Only guests are in the call, so nobody can mute or remove others.</p>` : nothing}
      ${isFull ? html`<p class="state">Eight are in the call, and eight is the most.</p>` : absent.length > 0 && !workspace.me?.guest ? html`<h2>Not in the call, ${absent.length}</h2><ul>${absent.map((account) => this.#absent(account))}</ul>` : nothing}
      ${this.roster.host === workspace.me?.account ? html`<button class="button small end" @click=${() => endForAll(this.roster)}>End the call for everybody</button>` : nothing}`;
  }

  override render() {
    const tab = (name: 'chat' | 'people', words: string): TemplateResult => html`<button role="tab" id=${name} aria-selected=${this.tab === name} tabindex=${this.tab === name ? 0 : -1} aria-controls="panel" @click=${() => (this.tab = name)}>${words}</button>`;
    return html`<div class="tabs"><div role="tablist" aria-label="Beside the call" @keydown=${this.#tabKey}>${tab('chat', 'Chat')}${tab('people', `People, ${this.roster.participants.length}`)}</div>
        <button class="icon-button close" aria-label="Close chat and people" @click=${this.#close}>${icon('x')}</button></div>
      <div class=${`panel ${this.tab}`} id="panel" role="tabpanel" aria-labelledby=${this.tab} tabindex=${this.tab === 'people' ? 0 : -1}>${this.tab === 'chat' ? html`<conversation-screen beside .conversationId=${this.roster.conversationId} .revision=${this.revision}></conversation-screen>` : this.#people()}</div>`;
  }
}
customElements.define('call-side', CallSide);

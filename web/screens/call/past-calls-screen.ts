import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { listPastCalls, type PastCall } from '#src/contract/calls.ts';
import { pathOfConversation } from '../../app/router.ts';
import { lasted } from '../../calls/call-words.ts';
import { peopleInCall } from '../../calls/ringing.ts';
import { enterLobby, rosters } from '../../calls/rosters.ts';
import { navigate } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { callIcon, type CallIconName } from '../../elements/call-icons.ts';
import { icon } from '../../elements/icons.ts';
import { fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';

const namedMax = 3;
const roles: Readonly<Record<PastCall['role'], readonly [drawing: CallIconName, words: string]>> = {
  'placed': ['phone-outgoing', 'You called'], 'answered': ['phone-incoming', 'You took part'], 'missed': ['phone-missed', 'Missed'], 'declined': ['phone-off', 'You declined'], 'without-me': ['phone', 'Without you'],
};

/** Calls in one's conversations, newest first (one list for all). */
export class PastCallsScreen extends LitElement {
  static override properties = { calls: { state: true }, next: { state: true }, fault: { state: true } };
  declare calls: readonly PastCall[] | undefined;
  declare next: number | null;
  declare fault: string;

  constructor() {
    super();
    this.calls = undefined;
    this.next = null;
    this.fault = '';
    new StoreController(this, rosters, workspace.conversations, workspace.directory.version);
    workspace.place.set('Calls');
  }
  static override styles = [base, buttons, surfaces, css`
    :host { display: block; overflow-y: auto; scrollbar-width: thin; }
    .page { max-inline-size: 46rem; margin-inline: auto; padding: var(--space-5) clamp(0.75rem, 3vw, 1.5rem); display: grid; gap: var(--space-4); }
    header { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-3); }
    h1 { flex: 1; font: 600 var(--text-xl)/1.2 var(--font-record); }
    .back { display: none; }
    @media (max-width: 719px) { .back { display: inline-grid; margin-inline-start: -0.25rem; } header { flex-wrap: nowrap; gap: var(--space-2); } .page { padding-block-start: var(--space-3); } }
    h2 { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); margin-block-end: var(--space-1); }
    li { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: 0.75rem; padding-block: 0.5rem; border-block-end: 1px solid var(--rule); }
    li > .icon { color: var(--ink-2); }
    li.missed > .icon, li.missed .what { color: var(--danger); }
    li a { color: var(--ink); font-weight: 600; text-decoration: none; }
    li a:hover { text-decoration: underline; }
    .what { font-size: var(--text-s); color: var(--ink-2); overflow-wrap: anywhere; }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }
  async #read(before?: number): Promise<void> {
    const answer = await call(listPastCalls, before === undefined ? {} : { before });
    this.fault = answer.ok ? '' : answer.sentence;
    if (!answer.ok) return;
    this.calls = [...(before === undefined ? [] : (this.calls ?? [])), ...answer.output.calls];
    this.next = answer.output.next;
  }
  async #enter(conversationId: string): Promise<void> {
    navigate(pathOfConversation(conversationId));
    await enterLobby(conversationId);
  }
  #titleOf(conversationId: string): string {
    const row = workspace.conversation(conversationId);
    return row ? workspace.titleOf(row) : 'A conversation you left';
  }

  #row = (one: PastCall): TemplateResult => {
    const [drawing, words] = roles[one.role];
    const others = one.people.filter((account) => account !== workspace.me?.account).map((account) => workspace.directory.nameOf(account));
    const length = one.endedAt === null ? 'in progress' : one.seconds ? lasted(one.seconds) : '';
    const here = workspace.conversation(one.conversationId);
    return html`<li class=${one.role}>${callIcon(drawing)}
      <div><a class="one-line" dir="auto" href=${pathOfConversation(one.conversationId, one.revision)}>${this.#titleOf(one.conversationId)}</a>
        <p class="what">${[words, one.audioOnly ? 'audio' : '', fullTime(one.startedAt), length].filter(Boolean).join(' · ')}${others.length > 0 && here?.kind !== 'direct' ? html` · <span dir="auto" title=${others.join(', ')}>${others.slice(0, namedMax).join(', ')}${others.length > namedMax ? ` and ${others.length - namedMax} more` : ''}</span>` : nothing}</p></div>
      ${here && !here.closed ? html`<button class="button small" aria-label=${`Call ${this.#titleOf(one.conversationId)}`} @click=${() => this.#enter(one.conversationId)}>${icon('phone', 14)}${one.role === 'missed' ? 'Call back' : 'Call'}</button>` : nothing}</li>`;
  };

  override render() {
    const now = [...rosters.value.values()];
    return html`<div class="page"><header><a class="icon-button back" href="/" aria-label="Back to the list">${icon('arrow-left')}</a><h1>Calls</h1><a class="button" href="/calls/test">Call test</a></header>
      ${now.length > 0 ? html`<section><h2>In progress</h2><ul>${now.map((one) => html`<li>${callIcon('phone-call')}<div><a class="one-line" dir="auto" href=${pathOfConversation(one.conversationId)}>${this.#titleOf(one.conversationId)}</a><p class="what">${peopleInCall(one)}, since ${fullTime(one.startedAt)}</p></div>
        <button class="button small primary" @click=${() => this.#enter(one.conversationId)}>Join</button></li>`)}</ul></section>` : nothing}
      ${this.fault ? html`<p class="empty" role="alert">${this.fault}</p>` : nothing}
      ${this.calls?.length === 0 ? html`<p class="empty">No calls yet. Open a conversation and press the camera above it.</p>` : nothing}
      ${this.calls && this.calls.length > 0 ? html`<section><h2>Before</h2><ul>${this.calls.filter(({ endedAt }) => endedAt !== null).map(this.#row)}</ul></section>` : nothing}
      ${this.next === null ? nothing : html`<div><button class="button" @click=${() => this.#read(this.next!)}>Show earlier calls</button></div>`}</div>`;
  }
}
customElements.define('past-calls-screen', PastCallsScreen);

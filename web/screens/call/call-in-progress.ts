import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { ringingOut, type CallState } from '../../calls/call-state.ts';
import { lasted } from '../../calls/call-words.ts';
import { liveCall } from '../../calls/live-call.ts';
import { playTone } from '../../calls/tones.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { icon } from '../../elements/icons.ts';
import { clock } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import './call-controls.ts';
import './call-devices.ts';
import './call-side.ts';
import './call-stage.ts';
import { CallKeys } from './call-keys.ts';
import { progressStyles } from './progress-styles.ts';
import { controlStyles, roomTokens } from './stage-styles.ts';

type Taking = Extract<CallState, { phase: 'in-call' | 'reconnecting' }>;
const clockEveryMs = 5_000;

/** A call: who is speaking? The stage with its controls, the conversation beside it. */
export class CallInProgress extends LitElement {
  static override properties = { taking: { attribute: false }, revision: { attribute: false }, spotlight: { state: true }, sideOpen: { state: true }, side: { state: true }, choosing: { state: true }, now: { state: true }, whole: { state: true } };
  declare taking: Taking;
  /** The line of the chat to show in its place. */
  declare revision: number | null;
  declare spotlight: boolean;
  /** Chat and People, where they lie over the stage. */
  declare sideOpen: boolean;
  declare side: 'chat' | 'people';
  declare choosing: boolean;
  declare now: number;
  declare whole: boolean;
  #clock: ReturnType<typeof setInterval> | undefined;
  #endOfRinging: (() => void) | undefined;
  readonly #keys = new CallKeys();

  constructor() {
    super();
    this.revision = null;
    this.spotlight = false;
    this.sideOpen = false;
    this.side = 'chat';
    this.choosing = false;
    this.now = Date.now();
    this.whole = false;
    new StoreController(this, liveCall.own.tracks, liveCall.own.faults, liveCall.silenced, liveCall.audioOnly, workspace.conversations, workspace.directory.version);
  }
  static override styles = [base, buttons, controlStyles, roomTokens, progressStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#clock = setInterval(() => (this.now = Date.now()), clockEveryMs);
    document.addEventListener('fullscreenchange', this.#wholeChanged);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#clock);
    document.removeEventListener('fullscreenchange', this.#wholeChanged);
    this.#ringBack(false);
  }
  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.room')?.focus({ preventScroll: true });
  }
  override updated(): void {
    this.#ringBack(ringingOut(this.taking).length > 0);
  }
  #ringBack(wanted: boolean): void {
    if (wanted === (this.#endOfRinging !== undefined)) return;
    this.#endOfRinging?.();
    this.#endOfRinging = wanted ? playTone('ringBack', liveCall.own.choices.speaker) : undefined;
  }
  #wholeChanged = (): void => void (this.whole = document.fullscreenElement !== null);
  #toggleWhole = async (): Promise<void> => {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await this.requestFullscreen().catch(() => undefined);
  };
  #showPeople = (): void => {
    this.side = 'people';
    this.sideOpen = true;
  };

  #header(): TemplateResult {
    const { roster } = this.taking;
    const row = workspace.conversation(roster.conversationId);
    const title = row ? workspace.titleOf(row) : 'Call';
    const guest = workspace.me?.guest; // Has no list to go back to, and rings nobody.
    return html`<header>
      ${guest ? nothing : html`<a class="control head alone back" href="/" aria-label="To the list; the call goes on">${icon('arrow-left')}</a>`}
      <div class="titles"><h1 class="one-line" dir="auto">${title}</h1><p><span>Call since ${clock(roster.startedAt)} · ${lasted((this.now - roster.startedAt) / 1_000)}</span><span class="media"> · media is encrypted between you, and is not recorded</span></p></div>
      ${guest ? nothing : html`<button class="control head" aria-label="Invite" data-tip="Ring people" @click=${this.#showPeople}>${icon('user-plus')}<span class="words">Invite</span></button>`}
      <button class="control head alone" aria-label="Spotlight" aria-pressed=${this.spotlight} data-tip=${this.spotlight ? 'Everybody of one size' : 'Whoever speaks is large'} @click=${() => (this.spotlight = !this.spotlight)}>${callIcon(this.spotlight ? 'layout-grid' : 'gallery-vertical-end')}</button>
      <button class="control head alone" aria-label="Full screen" aria-pressed=${this.whole} data-tip="Full screen" @click=${this.#toggleWhole}>${callIcon(this.whole ? 'minimize' : 'maximize')}</button>
    </header>`;
  }
  #knocking(): TemplateResult {
    void import('../meeting/knocking-guests.ts');
    return html`<knocking-guests .roster=${this.taking.roster}></knocking-guests>`;
  }
  /** What is so just now: who is rung, that the line is gone, that one's screen is seen, that nothing is heard. */
  #standing(): TemplateResult {
    const rung = ringingOut(this.taking).map((account) => workspace.directory.nameOf(account));
    const { faults } = liveCall.own;
    return html`<div class="standing" role="status">
      ${this.taking.phase === 'reconnecting' ? html`<p class="pill notice">Reconnecting… You are still heard where the connection holds.</p>` : nothing}
      ${this.taking.roster.knocking.length > 0 && !workspace.me?.guest ? this.#knocking() : nothing}
      ${rung.length > 0 ? html`<p class="pill">Ringing ${rung.length > 2 ? `${rung.length} people` : rung.join(' and ')}…</p>` : this.taking.roster.participants.length === 1 && this.taking.roster.knocking.length === 0 ? html`<p class="pill">Nobody else is here now.</p>` : nothing}
      ${liveCall.audioOnly.value ? html`<p class="pill">Audio only: no pictures are sent or received.</p>` : nothing}
      ${liveCall.own.isOn('screen') ? html`<p class="pill sharing">${callIcon('screen-share', 16)}Everybody in the call sees your screen.<button class="text-button" @click=${() => liveCall.share()}>Stop</button></p>` : nothing}
      ${liveCall.silenced.value ? html`<p class="pill notice">The browser plays no sound yet.<button class="text-button" @click=${() => liveCall.unsilence()}>Play it</button></p>` : nothing}
      ${Object.values(faults.value).map((fault) => html`<p class="pill notice fault">${fault} <button class="text-button" @click=${() => faults.set({})}>Close</button><a href="/calls/test" target="_blank">Call test</a></p>`)}
    </div>`;
  }

  override render() {
    const { roster, device } = this.taking;
    return html`<div class="room" tabindex="-1" @keydown=${this.#keys.down} @keyup=${this.#keys.up}>
        ${this.#header()}${this.#standing()}
        <call-stage .roster=${roster} .device=${device} ?spotlight=${this.spotlight}></call-stage>
        <call-controls ?chat=${this.sideOpen} @devices=${() => (this.choosing = true)} @chat=${() => (this.sideOpen = !this.sideOpen)}></call-controls>
      </div>
      <aside class=${this.sideOpen ? 'open' : ''} aria-label="Chat and people"><call-side class="side" .roster=${roster} .revision=${this.revision} .tab=${this.side} @closed=${() => (this.sideOpen = false)}></call-side></aside>
      ${this.choosing ? html`<call-devices @closed=${() => (this.choosing = false)}></call-devices>` : nothing}`;
  }
}
customElements.define('call-in-progress', CallInProgress);

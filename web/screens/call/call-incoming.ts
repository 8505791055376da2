import { css, html, LitElement, nothing } from 'lit';
import { declineCall, type CallRoster } from '#src/contract/calls.ts';
import { navigate, pathOfConversation, route } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { isTaking } from '../../calls/call-state.ts';
import { canCall } from '../../calls/devices.ts';
import { liveCall } from '../../calls/live-call.ts';
import { ringSound } from '../../calls/ring-sound.ts';
import { callNow, ignoreRing, ring } from '../../calls/rosters.ts';
import '../../elements/hansard-avatar.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { icon } from '../../elements/icons.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { base } from '../../styles/base.ts';
import { controlStyles, stageTokens } from './stage-styles.ts';

/**
 * Somebody calls. It lies over everything and takes the focus from nobody, so that no stroke meant for a message answers a call: F8 goes to it.
 * Who is in a call hears a knock instead.
 */
export class CallIncoming extends LitElement {
  #endOfSound = (): void => undefined;
  #shown = '';

  constructor() {
    super();
    new StoreController(this, ring, callNow, workspace.directory.version, workspace.presence.version, workspace.presence.chosen, route);
  }

  static override styles = [base, controlStyles, stageTokens, css`
    :host { display: contents; background: none; }
    [popover] {
      position: fixed; inset: 1rem 0 auto; margin: 0 auto; inline-size: min(26rem, calc(100vw - 1rem)); padding: 1rem; border: 1px solid var(--stage-rule); border-radius: var(--round-l);
      background: var(--stage); color: var(--stage-ink); box-shadow: var(--shadow); --avatar-surface: var(--stage);
    }
    [popover]:popover-open { display: grid; gap: 0.875rem; animation: comes var(--calm) var(--ease); }
    @keyframes comes { from { opacity: 0; translate: 0 -8px; } }
    .who { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: 0.875rem; align-items: center; }
    hansard-avatar { grid-row: 1 / 3; }
    h2 { font: 600 var(--text-l)/1.3 var(--font-record); overflow-wrap: anywhere; }
    .who p { font-size: var(--text-s); color: var(--stage-ink-2); }
    .hint { font-size: var(--text-xs); color: var(--stage-ink-2); }
    .acts { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; }
    .control { padding-inline: 0.5rem; }
    @media (max-width: 399px) { .acts .icon { display: none; } .control { font-size: var(--text-s); } }
    @media (pointer: coarse) { .key { display: none; } }
    .quiet { background: none; border-color: var(--stage-border); }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#key);
    this.#endOfSound();
  }
  readonly #key = (event: KeyboardEvent): void => {
    const panel = this.#panel;
    if (event.key !== 'F8' || !panel?.matches(':popover-open')) return;
    event.preventDefault();
    panel.querySelector<HTMLElement>('button')?.focus();
  };
  get #panel(): HTMLElement | null {
    return this.renderRoot.querySelector('[popover]');
  }
  get #rings(): CallRoster | undefined {
    return route.value.screen === 'window' || !workspace.me ? undefined : ring.value;
  }

  override updated(): void {
    const rings = this.#rings;
    this.#panel?.togglePopover(rings !== undefined);
    const isQuiet = workspace.presence.chosen.value === 'busy' || workspace.presence.unseen.value || (workspace.me && workspace.presence.stateOf(workspace.me.account) === 'busy');
    const sounds = rings ? `${rings.callId} ${isTaking(callNow.value)} ${isQuiet}` : '';
    if (sounds === this.#shown) return;
    this.#shown = sounds;
    this.#endOfSound();
    this.#endOfSound = rings && !isQuiet ? ringSound(isTaking(callNow.value) ? 'knock' : 'ring') : () => undefined;
  }

  async #accept(rings: CallRoster, video: boolean): Promise<void> {
    if (!canCall()) return toast('This browser cannot take calls here: it needs HTTPS, and WebRTC. The call goes on ringing elsewhere.', { danger: true });
    navigate(pathOfConversation(rings.conversationId));
    await liveCall.accept(rings.conversationId, rings.callId, { video });
  }
  async #decline({ conversationId, callId }: CallRoster): Promise<void> {
    ignoreRing(callId);
    const answer = await call(declineCall, { conversationId, callId });
    if (!answer.ok && answer.code !== 'call-over' && answer.code !== 'not-rung') toast(answer.sentence, { danger: true });
  }

  override render() {
    const rings = this.#rings;
    if (!rings) return html`<div popover="manual"></div>`;
    const row = workspace.conversation(rings.conversationId);
    const caller = workspace.directory.nameOf(rings.startedBy);
    const place = row && row.kind !== 'direct' ? workspace.titleOf(row) : '';
    const knocks = isTaking(callNow.value);
    const kind = rings.audioOnly ? 'Audio call' : 'Video call';
    return html`<div popover="manual" role="alertdialog" aria-labelledby="who" aria-describedby="what">
      <div class="who"><hansard-avatar .name=${caller} .key=${rings.startedBy} .size=${44}></hansard-avatar>
        <h2 id="who" dir="auto">${knocks ? `${caller} is knocking` : `${caller} calls`}</h2>
        <p id="what" dir="auto">${kind}${place ? ` in ${place}` : ''}${rings.participants.length > 1 ? `, ${rings.participants.length} people are in it` : ''}${knocks ? '. Accepting leaves the call you are in' : ''}</p></div>
      <div class="acts">
        ${rings.audioOnly ? nothing : html`<button class="control accept" @click=${() => this.#accept(rings, true)}>${icon('video')}Accept with video</button>`}
        <button class="control ${rings.audioOnly ? 'accept' : ''}" @click=${() => this.#accept(rings, false)}>${icon('phone')}Accept audio</button>
        <button class="control leave" data-tip="The caller is told" @click=${() => this.#decline(rings)}>${callIcon('phone-off')}Decline</button>
        <button class="control quiet" data-tip="Silent; the caller is not told" @click=${() => ignoreRing(rings.callId)}>Ignore</button>
      </div>
      <p class="hint"><span class="key"><kbd>F8</kbd> goes here. </span>Decline tells the caller; Ignore does not.</p>
    </div>`;
  }
}
customElements.define('call-incoming', CallIncoming);

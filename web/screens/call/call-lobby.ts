import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { limits } from '#src/contract/limits.ts';
import { peopleInCall } from '../../calls/ringing.ts';
import { rosters } from '../../calls/rosters.ts';
import { canCall } from '../../calls/devices.ts';
import { liveCall } from '../../calls/live-call.ts';
import { ringAtStart } from '../../calls/whom-to-ring.ts';
import type { Choices } from '../../calls/choices.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-switch.ts';
import { icon } from '../../elements/icons.ts';
import { clock } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import './call-tile.ts';
import './device-pickers.ts';
import './sound-level.ts';

/** Before every call: do I look and sound right? Nothing leaves this browser until Join. */
export class CallLobby extends LitElement {
  static override properties = { conversationId: {}, callId: { attribute: false } };
  declare conversationId: string;
  /** Null: joining starts a call. */
  declare callId: string | null;
  #preview: { readonly track: MediaStreamTrack; readonly stream: MediaStream } | undefined;

  constructor() {
    super();
    this.conversationId = '';
    this.callId = null;
    const { own } = liveCall;
    new StoreController(this, own.tracks, own.faults, own.opening, liveCall.audioOnly, rosters, workspace.conversations, workspace.directory.version);
  }

  static override styles = [base, buttons, fields, surfaces, css`
    :host { display: block; overflow-y: auto; background: var(--page); scrollbar-width: thin; }
    .lobby { display: grid; grid-template-columns: minmax(0, 1.35fr) minmax(17rem, 1fr); gap: var(--space-5) var(--space-6); max-inline-size: 62rem; margin: auto; padding: clamp(0.75rem, 6vh, 4rem) clamp(0.75rem, 3vw, 2.5rem); align-items: start; }
    header { grid-column: 1 / -1; }
    h1 { font: 600 var(--text-2xl)/1.2 var(--font-record); overflow-wrap: anywhere; }
    header p { color: var(--ink-2); margin-block-start: 0.25rem; }
    header .stop { margin-block-start: var(--space-3); padding: 0.5rem 0.75rem; border-radius: var(--round-m); background: var(--notice); color: var(--notice-ink); }
    .see { display: grid; gap: var(--space-3); }
    call-tile { aspect-ratio: 16 / 10; }
    .dark { --ink: var(--stage-ink); --raised: var(--stage-tile); --rule: var(--stage-rule); color: var(--stage-ink); border-radius: 12px; overflow: hidden; }
    form { display: grid; gap: var(--space-3); }
    .ways { display: grid; gap: var(--space-1); }
    .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); margin-block-start: var(--space-2); }
    .acts .button { min-block-size: 2.5rem; }
    .notice { font-size: var(--text-s); color: var(--ink-3); }
    @media (max-width: 899px) { .lobby { grid-template-columns: minmax(0, 1fr); gap: var(--space-3); padding-block: 0.75rem; } call-tile { aspect-ratio: 16 / 9; } .acts { position: sticky; inset-block-end: 0; padding-block: 0.5rem; background: var(--page); border-block-start: 1px solid var(--rule); } }
    @media (pointer: coarse) { .acts .button { min-block-size: 2.75rem; } }
  `];

  override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('.primary')?.focus();
  }
  #stream(track: MediaStreamTrack | null): MediaStream | null {
    if (!track) return null;
    if (this.#preview?.track !== track) this.#preview = { track, stream: new MediaStream([track]) };
    return this.#preview.stream;
  }
  #chosen = async ({ detail }: CustomEvent<Choices>): Promise<void> => {
    const before = liveCall.own.choices;
    const using = liveCall.own.use(detail);
    // At once: when the others are open, nobody may be in the lobby any more.
    await Promise.all([using, liveCall.own.open({ audio: before.microphone !== detail.microphone, video: before.camera !== detail.camera && !liveCall.audioOnly.value })]);
  };
  #audioOnly = async ({ detail }: CustomEvent<boolean>): Promise<void> => {
    liveCall.setAudioOnly(detail);
    if (!detail) await liveCall.toggle('video', true);
  };

  /** What pressing the button does, and who hears of it. */
  #about(): TemplateResult {
    const there = rosters.value.get(this.conversationId);
    if (there) return html`Call in progress since ${clock(there.startedAt)}, ${peopleInCall(there)}: ${there.participants.map(({ account }) => workspace.directory.nameOf(account)).join(', ')}.`;
    const rung = ringAtStart(workspace.conversation(this.conversationId), workspace.me?.account ?? '').map((account) => workspace.directory.nameOf(account));
    if (rung.length === 0) return html`Nobody is rung. Everybody here sees that a call is in progress, and can join.`;
    return html`${rung.length > 3 ? `${rung.length} people are` : `${rung.join(', ')} ${rung.length === 1 ? 'is' : 'are'}`} rung when you start the call.`;
  }

  override render() {
    const row = workspace.conversation(this.conversationId);
    const { own } = liveCall;
    const { video, audio } = own.tracks.value;
    const audioOnly = liveCall.audioOnly.value;
    const me = workspace.me;
    const there = rosters.value.get(this.conversationId);
    const isFull = (there?.participants.length ?? 0) >= limits.callPeopleMax && !there?.participants.some(({ account }) => account === me?.account);
    if (!me) return nothing;
    return html`<div class="lobby">
      <header><h1 dir="auto">${row ? workspace.titleOf(row) : 'Call'}</h1><p role="status" dir="auto">${this.#about()}</p>
        ${canCall() ? nothing : html`<p class="stop" role="alert">This browser cannot take part in calls here: it needs HTTPS, and WebRTC. Open Hansard by its https address.</p>`}
        ${isFull ? html`<p class="stop" role="alert">Eight people are in this call, and eight is the most. When somebody leaves you can join; the chat is open to everybody.</p>` : nothing}</header>
      <div class="see">
        <div class="dark"><call-tile own plain mirrored .name=${me.displayName} .key=${me.account} .stream=${this.#stream(video)} ?picture=${video !== null} ?audio=${audio !== null}></call-tile></div>
        <sound-level .track=${audio}></sound-level>
      </div>
      <form @submit=${(event: Event) => event.preventDefault()}>
        <device-pickers .choices=${{ ...own.choices, audioOnly }} .faults=${own.faults.value} @chosen=${this.#chosen}></device-pickers>
        <div class="ways">
          <hansard-switch ?on=${!own.isWanted('audio')} @changed=${({ detail }: CustomEvent<boolean>) => liveCall.toggle('audio', !detail)}>Join muted</hansard-switch>
          <hansard-switch ?on=${!own.isWanted('video')} ?disabled=${audioOnly} @changed=${({ detail }: CustomEvent<boolean>) => liveCall.toggle('video', !detail)}>Without camera</hansard-switch>
          <hansard-switch ?on=${audioOnly} @changed=${this.#audioOnly}>Audio only: no pictures either way</hansard-switch>
        </div>
        <div class="acts">
          <button type="button" class="button primary" ?disabled=${!canCall() || isFull} @click=${() => liveCall.join()}>${icon(audioOnly ? 'phone' : 'video')}${this.callId ? 'Join' : 'Start call'}</button>
          <button type="button" class="button" @click=${() => liveCall.close()}>Not now</button>
          ${me.guest ? nothing : html`<a class="button quiet" href="/calls/test">Call test</a>`}
        </div>
        <p class="notice">Nothing is sent before that. In the call, media is encrypted between you and is not recorded; who calls, when, and who takes part is.</p>
      </form>
    </div>`;
  }
}
customElements.define('call-lobby', CallLobby);

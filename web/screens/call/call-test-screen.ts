import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { readIceServers } from '#src/contract/calls.ts';
import { rememberChoices, rememberedChoices, type Choices } from '../../calls/choices.ts';
import { canCall } from '../../calls/devices.ts';
import { OwnMedia } from '../../calls/own-media.ts';
import { findRelay, type Found } from '../../calls/relay-test.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import './call-tile.ts';
import './device-pickers.ts';
import './sound-level.ts';

/** Would a call work from here: microphone, camera, speaker, and the way through the relay. Nothing is sent to anybody, and nothing is recorded. */
export class CallTestScreen extends LitElement {
  static override properties = { found: { state: true }, asking: { state: true } };
  declare found: Found | undefined;
  declare asking: boolean;
  readonly #own = new OwnMedia(rememberedChoices());
  #preview: { readonly track: MediaStreamTrack; readonly stream: MediaStream } | undefined;

  constructor() {
    super();
    this.found = undefined;
    this.asking = false;
    new StoreController(this, this.#own.tracks, this.#own.faults, workspace.session);
    workspace.place.set('Call test');
  }
  static override styles = [base, buttons, surfaces, css`
    :host { display: block; overflow-y: auto; scrollbar-width: thin; }
    .page { max-inline-size: 46rem; margin-inline: auto; padding: var(--space-5) clamp(0.75rem, 3vw, 1.5rem); display: grid; gap: var(--space-5); }
    h1 { font: 600 var(--text-xl)/1.2 var(--font-record); }
    .title { display: flex; align-items: center; gap: var(--space-2); }
    header p { margin-block-start: var(--space-1); color: var(--ink-2); }
    .back { display: none; }
    @media (max-width: 719px) { .back { display: inline-grid; margin-inline-start: -0.25rem; } .page { padding-block-start: var(--space-3); } }
    h2 { font-size: var(--text-l); font-weight: 600; margin-block-end: var(--space-2); }
    .two { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: var(--space-4); align-items: start; }
    .see { display: grid; gap: var(--space-3); }
    .dark { --raised: var(--stage-tile); --ink: var(--stage-ink); color: var(--stage-ink); }
    call-tile { aspect-ratio: 16 / 10; }
    .found { display: flex; gap: var(--space-2); align-items: flex-start; margin-block-end: var(--space-2); overflow-wrap: anywhere; }
    .found .icon { margin-block-start: 0.125rem; }
    .found.good .icon { color: var(--accent); }
    .found.bad .icon { color: var(--danger); }
    @media (max-width: 719px) { .two { grid-template-columns: minmax(0, 1fr); } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#own.open({ audio: true, video: true });
    void this.#askRelay();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#own.stopAll();
  }
  #askRelay = async (): Promise<void> => {
    if (!canCall()) return;
    this.asking = true;
    const answer = await call(readIceServers, {});
    this.found = answer.ok ? await findRelay(answer.output.servers as RTCIceServer[]) : { is: 'none', says: answer.sentence };
    this.asking = false;
  };
  #chosen = async ({ detail }: CustomEvent<Choices>): Promise<void> => {
    rememberChoices(detail);
    await this.#own.use(detail);
    await this.#own.open({ audio: true, video: true });
  };
  #picture(track: MediaStreamTrack | null): MediaStream | null {
    if (!track) return null;
    if (this.#preview?.track !== track) this.#preview = { track, stream: new MediaStream([track]) };
    return this.#preview.stream;
  }
  #relay(): TemplateResult {
    const { found } = this;
    if (this.asking || !found) return html`<p class="found">${icon('activity')}Asking the relay…</p>`;
    return found.is === 'relayed'
      ? html`<p class="found good">${icon('circle-check')}<span>A path through the relay works (${found.protocol.toUpperCase()}, ${found.address}, after ${found.ms} ms). A call connects from here even where no direct way is open.</span></p>`
      : html`<p class="found bad">${icon('triangle-alert')}<span>${found.says}</span></p>`;
  }

  override render() {
    const { me } = workspace;
    const { audio, video } = this.#own.tracks.value;
    if (!me) return nothing;
    return html`<div class="page"><header><div class="title"><a class="icon-button back" href="/calls" aria-label="Back to your calls">${icon('arrow-left')}</a><h1>Call test</h1></div><p>Would a call work from here? Nothing is sent to anybody, and nothing is recorded.</p></header>
      ${canCall() ? html`<section class="two"><div class="see"><div class="dark"><call-tile own plain mirrored .name=${me.displayName} .key=${me.account} .stream=${this.#picture(video)} ?picture=${video !== null} ?audio=${audio !== null}></call-tile></div><sound-level .track=${audio}></sound-level></div>
        <device-pickers .choices=${{ ...this.#own.choices, audioOnly: false }} .faults=${this.#own.faults.value} @chosen=${this.#chosen}></device-pickers></section>
      <section><h2>The way through the relay</h2><div role="status">${this.#relay()}</div><button class="button" ?disabled=${this.asking} @click=${this.#askRelay}>Test again</button></section>`
      : html`<p class="found bad">${icon('triangle-alert')}<span>This browser cannot take part in calls here: it needs HTTPS, and WebRTC. Open Hansard by its https address.</span></p>`}
      <p><a href="/calls">To your calls</a></p></div>`;
  }
}
customElements.define('call-test-screen', CallTestScreen);

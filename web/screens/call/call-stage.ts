import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { CallRoster } from '#src/contract/calls.ts';
import { liveCall } from '../../calls/live-call.ts';
import { columnsFor, layoutOf, type StageLayout, type Tile } from '../../calls/stage-layout.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { surfaces } from '../../styles/surfaces.ts';
import './call-tile.ts';
import { removePerson, takeFrom } from './host-acts.ts';
import { stageStyles } from './stage-parts.ts';

/** Pictures fill their tiles, and what does not fit is cut off: tiles that are nearly square cut the least off faces, of wide cameras and of upright ones. */
const filled = 0.7;
const corners = ['bottom-end', 'bottom-start', 'top-start', 'top-end'] as const;

/** The pictures of a call: everybody of one size, or one large and the others beside it. */
export class CallStage extends LitElement {
  static override properties = { roster: { attribute: false }, device: {}, spotlight: { type: Boolean }, pinned: { state: true }, corner: { state: true }, room: { state: true } };
  declare roster: CallRoster;
  /** This tab's own. */
  declare device: string;
  declare spotlight: boolean;
  declare pinned: string | null;
  declare corner: number;
  declare room: { readonly width: number; readonly height: number };
  #preview: { readonly track: MediaStreamTrack; readonly stream: MediaStream } | undefined;
  readonly #size = new ResizeObserver(([entry]) => entry && (this.room = { width: entry.contentRect.width, height: entry.contentRect.height }));

  constructor() {
    super();
    this.device = '';
    this.spotlight = false;
    this.pinned = null;
    this.corner = 0;
    this.room = { width: 800, height: 500 };
    new StoreController(this, liveCall.people, liveCall.speaker, liveCall.own.tracks, liveCall.audioOnly, workspace.directory.version);
  }
  static override styles = [base, surfaces, stageStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#size.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#size.disconnect();
  }

  get #layout(): StageLayout {
    const people = liveCall.people.value.map(({ device, account, screen }) => ({ device, account, screen }));
    return layoutOf({ people, own: { device: this.device, account: workspace.me?.account ?? '', screen: false }, spotlight: this.spotlight, pinned: this.pinned, speaker: liveCall.speaker.value });
  }
  override updated(): void {
    const { main, others } = this.#layout;
    const wide = this.room.width > this.room.height;
    const columns = main ? 1 : columnsFor(others.length, this.room.width, this.room.height * filled);
    this.renderRoot.querySelector<HTMLElement>('.stage')?.style.setProperty('--halves', String(2 * columns));
    const last = others.length % columns;
    // A last row that is not full stands in the middle.
    this.renderRoot.querySelectorAll<HTMLElement>('.even > .others > call-tile').forEach((tile, at) => tile.style.setProperty('--from', last > 0 && at === others.length - last ? String(columns - last + 1) : 'auto'));
    this.toggleAttribute('wide', wide);
  }
  #ownPicture(track: MediaStreamTrack | null): MediaStream | null {
    if (!track) return null;
    if (this.#preview?.track !== track) this.#preview = { track, stream: new MediaStream([track]) };
    return this.#preview.stream;
  }

  #menu(tile: Tile): TemplateResult {
    const pin = (): void => void (this.pinned = this.pinned === tile.key ? null : tile.key);
    const isHost = this.roster.host === workspace.me?.account && !tile.own;
    const person = liveCall.people.value.find(({ device }) => device === tile.device);
    const take = (what: 'audio' | 'video' | 'screen', words: string, on: boolean | undefined, drawing: TemplateResult): TemplateResult | typeof nothing => (on ? html`<button role="menuitem" class="menu-item" @click=${() => takeFrom(this.roster, tile.account, what)}>${drawing}${words}</button>` : nothing);
    return html`<button role="menuitem" class="menu-item" @click=${pin}>${callIcon(this.pinned === tile.key ? 'pin-off' : 'pin')}${this.pinned === tile.key ? 'Unpin' : 'Pin'}</button>
      ${tile.own && this.#layout.corner ? html`<button role="menuitem" class="menu-item" @click=${() => (this.corner = (this.corner + 1) % corners.length)}>${icon('picture-in-picture-2')}Move to the next corner</button>` : nothing}
      ${isHost ? html`${take('audio', 'Mute for all', person?.audio, callIcon('mic-off'))}${take('video', 'Stop picture', person?.video, callIcon('video-off'))}${take('screen', 'Stop screen', person?.screen, callIcon('screen-share-off'))}
        <button role="menuitem" class="menu-item danger" @click=${() => removePerson(this.roster, tile.account)}>${callIcon('user-minus')}Remove from call</button>` : nothing}`;
  }

  #tile = (tile: Tile, size: 'main' | 'small' | 'even'): TemplateResult => {
    const name = workspace.directory.nameOf(tile.account);
    if (tile.own) {
      const { video, audio } = liveCall.own.tracks.value;
      return html`<call-tile class=${size} own mirrored ?small=${size === 'small'} .name=${name} .key=${tile.account} .stream=${this.#ownPicture(video)} ?picture=${video !== null} ?audio=${audio !== null}>${this.#menu(tile)}</call-tile>`;
    }
    const person = liveCall.people.value.find(({ device }) => device === tile.device);
    const isScreen = tile.shows === 'screen';
    return html`<call-tile class=${size} data-account=${tile.account} ?small=${size === 'small'} ?whole=${isScreen} .name=${name} .key=${tile.account} .stream=${(isScreen ? person?.screenPicture : person?.picture) ?? null} ?picture=${isScreen || (person?.video ?? false)}
      ?audio=${person?.audio ?? false} .quality=${person?.quality ?? 'connecting'} ?speaking=${!isScreen && liveCall.speaker.value === tile.device}>${this.#menu(tile)}</call-tile>`;
  };

  /** Whoever holds the pointer gets its clicks too; those on the menu are the menu's. */
  #taken = (event: PointerEvent): void => {
    if (event.composedPath().some((one) => one instanceof Element && one.localName === 'hansard-menu')) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  };
  #dropped = (event: PointerEvent): void => {
    const room = this.getBoundingClientRect();
    const [isRight, isLow] = [event.clientX > room.left + room.width / 2, event.clientY > room.top + room.height / 2];
    const isEnd = isRight !== (getComputedStyle(this).direction === 'rtl');
    this.corner = corners.indexOf(`${isLow ? 'bottom' : 'top'}-${isEnd ? 'end' : 'start'}`);
  };

  override render() {
    const { main, others, corner } = this.#layout;
    return html`<div class=${main ? 'stage spotlight' : 'stage even'} role="group" aria-label="People in the call">
      ${main ? this.#tile(main, 'main') : nothing}
      <div class="others">${repeat(others, ({ key }) => key, (tile) => this.#tile(tile, main ? 'small' : 'even'))}</div>
      ${corner ? html`<div class=${`own-picture ${corners[this.corner]}`} @pointerdown=${this.#taken} @lostpointercapture=${this.#dropped}>${this.#tile(corner, 'small')}</div>` : nothing}
    </div>`;
  }
}
customElements.define('call-stage', CallStage);

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { OtherPerson } from '../../calls/mesh.ts';
import '../../elements/hansard-avatar.ts';
import '../../elements/hansard-menu.ts';
import { callIcon } from '../../elements/call-icons.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { surfaces } from '../../styles/surfaces.ts';

const qualityWords = { good: 'Good connection', poor: 'Poor connection', lost: 'Connection lost', connecting: 'Connecting' } as const;
const qualityIcons = { good: 'signal-high', poor: 'signal-low', lost: 'signal-zero', connecting: 'signal-zero' } as const;

/** One person or one shared screen: the picture, or the initials where there is none; name, sound and connection. Entries of its menu are slotted. */
export class CallTile extends LitElement {
  static override properties = {
    name: {}, key: {}, stream: { attribute: false }, picture: { type: Boolean }, audio: { type: Boolean }, quality: {}, speaking: { type: Boolean, reflect: true }, mirrored: { type: Boolean, reflect: true },
    whole: { type: Boolean, reflect: true }, small: { type: Boolean, reflect: true }, own: { type: Boolean }, plain: { type: Boolean },
  };
  declare name: string;
  declare key: string;
  declare stream: MediaStream | null;
  /** There is a picture now. */
  declare picture: boolean;
  declare audio: boolean;
  declare quality: OtherPerson['quality'];
  declare speaking: boolean;
  declare mirrored: boolean;
  /** Nothing is cut off at the edges: a screen. */
  declare whole: boolean;
  declare small: boolean;
  declare own: boolean;
  /** Without a menu. */
  declare plain: boolean;

  constructor() {
    super();
    this.name = '';
    this.key = '';
    this.stream = null;
    this.picture = false;
    this.audio = false;
    this.quality = 'good';
    this.speaking = false;
    this.mirrored = false;
    this.whole = false;
    this.small = false;
    this.own = false;
    this.plain = false;
  }

  static override styles = [base, surfaces, css`
    :host { position: relative; display: grid; min-inline-size: 0; min-block-size: 0; overflow: hidden; container-type: size; border-radius: 12px; background: var(--stage-tile); outline: 3px solid transparent; outline-offset: -3px; }
    :host([speaking])::after { content: ""; position: absolute; inset: 0; border: 3px solid var(--stage-speaker); border-radius: inherit; pointer-events: none; }
    .face { place-self: center; display: grid; }
    @container (max-height: 9.5rem) { :host(:not([small])) .face { scale: 0.65; translate: 0 -0.5rem; } }
    video { position: absolute; inset: 0; inline-size: 100%; block-size: 100%; object-fit: cover; background: var(--stage-tile); }
    :host([whole]) video { object-fit: contain; background: var(--stage); }
    :host([mirrored]) video { scale: -1 1; }
    .plate, .quality, .pill { position: absolute; display: inline-flex; align-items: center; gap: 0.4375rem; min-block-size: 1.5rem; padding: 0.0625rem 0.5rem; border-radius: var(--round-m); background: var(--stage-plate); color: var(--stage-ink); font-size: var(--text-s); }
    .plate { inset-block-end: 0.5rem; inset-inline-start: 0.5rem; max-inline-size: calc(100% - 3.5rem); }
    .plate.wide { max-inline-size: calc(100% - 1rem); }
    .quality { inset-block-end: 0.5rem; inset-inline-end: 0.5rem; padding: 0.0625rem 0.375rem; }
    .quality.poor, .quality.lost { color: var(--stage-notice); }
    .pill { inset-block-start: 0.5rem; inset-inline-start: 50%; translate: -50% 0; white-space: nowrap; }
    .more { position: absolute; inset-block-start: 0.375rem; inset-inline-end: 0.375rem; opacity: 0; }
    :host(:hover) .more, :host(:focus-within) .more { opacity: 1; }
    .more button { display: grid; place-items: center; inline-size: 2rem; block-size: 2rem; padding: 0; border: 0; border-radius: var(--round-m); background: var(--stage-plate); color: var(--stage-ink); cursor: pointer; }
    :host([small]) .plate, :host([small]) .quality { font-size: var(--text-xs); min-block-size: 1.25rem; inset-block-end: 0.25rem; }
    @media (pointer: coarse) { :host([small]:not([plain])) .face { place-self: center start; margin-inline-start: 0.75rem; } .more { opacity: 1; } .more button { inline-size: 2.75rem; block-size: 2.75rem; } }
  `];

  override updated(changed: PropertyValues<this>): void {
    const video = this.renderRoot.querySelector('video');
    // An element that was given a stream before its track came was seen to show nothing of it.
    const playable = this.stream?.getTracks().length ? this.stream : null;
    if (video && video.srcObject !== playable) video.srcObject = playable;
    if (changed.has('stream') || changed.has('picture')) void video?.play().catch(() => undefined); // It goes on by itself once it is on screen.
  }

  #sound(): TemplateResult | typeof nothing {
    if (this.whole) return callIcon('screen-share', 15);
    return html`${callIcon(this.audio ? 'mic' : 'mic-off', 15)}<span class="seen-by-readers-only">${this.audio ? '' : this.own ? 'muted' : 'is muted'}</span>`;
  }

  override render() {
    const seconds = this.quality === 'lost' ? 'Reconnecting…' : this.quality === 'connecting' ? 'Connecting…' : '';
    return html`
      <div class="face" aria-hidden="true"><hansard-avatar .name=${this.name} .key=${this.key} .size=${this.small ? 44 : 84}></hansard-avatar></div>
      ${this.picture ? html`<video autoplay playsinline .muted=${true} tabindex="-1" aria-hidden="true"></video>` : nothing}
      <p class=${this.own || this.whole ? 'plate wide' : 'plate'}>${this.#sound()}<span class="one-line" dir="auto">${this.own ? 'You' : this.whole ? `${this.name}, screen` : this.name}</span></p>
      ${this.own || this.whole ? nothing : html`<span class=${`quality ${this.quality}`} title=${qualityWords[this.quality]}>${callIcon(qualityIcons[this.quality], 15)}<span class="seen-by-readers-only">${qualityWords[this.quality]}</span></span>`}
      ${seconds && !this.own && !this.whole ? html`<p class="pill" role="status">${seconds}</p>` : nothing}
      ${this.plain ? nothing : html`<hansard-menu class="more" label=${`What to do with ${this.own ? 'your picture' : this.name}`} align="end">
        <button slot="trigger" aria-label=${`More about ${this.own ? 'your picture' : this.name}${this.whole ? ', screen' : ''}`}>${icon('ellipsis', 17)}</button><slot></slot>
      </hansard-menu>`}`;
  }
}
customElements.define('call-tile', CallTile);

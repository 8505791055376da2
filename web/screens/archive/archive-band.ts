import { css, html, LitElement, nothing } from 'lit';
import { icon } from '../../elements/icons.ts';
import { clockWithSeconds } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { fullTimeWithSeconds, isSameDay } from './record-times.ts';
import type { Inquiry } from './inquiry.ts';

/** The ink-blue band that never goes away, so that nobody forgets that looking is recorded. Fires `close-inquiry`. */
export class ArchiveBand extends LitElement {
  static override properties = { heading: {}, here: {}, inquiry: { attribute: false }, closing: { type: Boolean } };
  declare heading: string;
  declare here: 'archive' | 'audit';
  declare inquiry: Inquiry | undefined;
  declare closing: boolean;

  constructor() {
    super();
    this.heading = 'Archive';
    this.here = 'archive';
    this.inquiry = undefined;
    this.closing = false;
  }

  static override styles = [base, css`
    :host { display: block; background: var(--officer-band); color: var(--officer-band-ink); }
    header { display: flex; align-items: center; gap: 0.375rem var(--space-4); min-block-size: 2.625rem; padding: 0.25rem var(--space-4); flex-wrap: wrap; }
    h1 { display: flex; align-items: center; gap: 0.75rem; font: 600 var(--text-l)/1.3 var(--font-record); white-space: nowrap; }
    .case { font-size: var(--text-s); font-weight: 600; white-space: nowrap; }
    .inquiry { flex: 1 1 10rem; min-inline-size: 0; text-align: end; font-size: var(--text-s); }
    nav { display: flex; align-items: center; gap: var(--space-1); margin-inline-start: auto; }
    .inquiry + nav { margin-inline-start: 0; }
    a, button { display: inline-flex; align-items: center; gap: 0.5rem; min-block-size: 1.75rem; padding: 0 0.625rem; border: 1px solid transparent; border-radius: var(--round-m); background: none; color: inherit; font-size: var(--text-s); font-weight: 600; text-decoration: none; white-space: nowrap; cursor: pointer; }
    a:hover, button:hover { background: color-mix(in oklch, currentColor 14%, transparent); }
    button { border-color: color-mix(in oklch, currentColor 75%, transparent); }
    button:disabled { opacity: 0.6; cursor: default; }
    :focus-visible { outline-color: currentColor; outline-offset: 1px; }
    .back { padding: 0 0.375rem; margin-inline-start: -0.375rem; }
    .back .icon:dir(rtl) { scale: -1 1; }
    @media (pointer: coarse) { a, button { min-block-size: 2.75rem; } }
    @media (max-width: 719px) {
      header { padding-inline: var(--space-3); gap: 0.25rem var(--space-2); }
      .inquiry { order: 3; flex-basis: 100%; text-align: start; padding-block-end: 0.25rem; }
      nav, .inquiry + nav { margin-inline-start: auto; }
      .elsewhere-words, h1 .icon { display: none; }
    }
    @media (max-width: 479px) { .case { display: none; } }
    @media (forced-colors: active) { :host { border-block-end: 2px solid CanvasText; } }
  `];

  #inquiry() {
    const { inquiry } = this;
    if (!inquiry) return nothing;
    const recorded = isSameDay(inquiry.at, Date.now()) ? clockWithSeconds(inquiry.at) : fullTimeWithSeconds(inquiry.at);
    return html`<p class="inquiry one-line" title=${inquiry.reason}>Inquiry ${inquiry.n}, reason “<bdi>${inquiry.reason}</bdi>”, recorded ${recorded}</p>`;
  }

  override render() {
    const elsewhere = this.here === 'archive'
      ? html`<a href="/audit" aria-label="Audit log">${icon('scroll-text', 16)}<span class="elsewhere-words">Audit log</span></a>`
      : html`<a href="/archive" aria-label="Archive">${icon('scale', 16)}<span class="elsewhere-words">Archive</span></a>`;
    return html`<header>
      <a class="back" href="/" aria-label="Back to conversations" data-tip="Back to conversations">${icon('arrow-left', 18)}</a>
      <h1>${icon(this.here === 'archive' ? 'scale' : 'scroll-text', 18)}${this.heading}</h1>
      ${this.inquiry ? html`<span class="case">Unfiled</span>` : nothing}
      ${this.#inquiry()}
      <nav aria-label="Officer">${elsewhere}${this.inquiry
        ? html`<button ?disabled=${this.closing} @click=${() => this.dispatchEvent(new CustomEvent('close-inquiry'))}>Close inquiry</button>` : nothing}</nav>
    </header>`;
  }
}
customElements.define('archive-band', ArchiveBand);

import { css, html, LitElement } from 'lit';
import { base } from '../styles/base.ts';

export type Segment = { readonly value: string; readonly label: string };

/** One of a few, side by side: radio buttons in the form of a strip. Fires `chosen` with the value. */
export class HansardSegments extends LitElement {
  static override properties = { label: {}, segments: { attribute: false }, value: {} };
  declare label: string;
  declare segments: readonly Segment[];
  declare value: string;

  constructor() {
    super();
    this.label = '';
    this.segments = [];
    this.value = '';
  }

  static override styles = [base, css`
    fieldset { display: inline-flex; padding: 2px; gap: 2px; border-radius: var(--round-m); background: var(--sunken); }
    label { position: relative; display: grid; place-items: center; min-block-size: 1.75rem; padding: 0 0.75rem; border-radius: 6px; font-size: var(--text-s); font-weight: 600; color: var(--ink-2); cursor: pointer; white-space: nowrap; }
    input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; }
    label:has(:checked) { background: var(--raised); color: var(--ink); box-shadow: 0 0 0 1px var(--rule); }
    label:has(:focus-visible) { outline: 2px solid var(--accent); outline-offset: 2px; }
    @media (forced-colors: active) { label:has(:checked) { outline: 2px solid Highlight; } }
  `];

  #changed(value: string): void {
    this.value = value;
    this.dispatchEvent(new CustomEvent('chosen', { detail: value }));
  }
  override render() {
    return html`<fieldset><legend class="seen-by-readers-only">${this.label}</legend>${this.segments.map((segment) => html`
      <label><input type="radio" name="segment" .value=${segment.value} .checked=${segment.value === this.value} @change=${() => this.#changed(segment.value)}><span>${segment.label}</span></label>`)}</fieldset>`;
  }
}
customElements.define('hansard-segments', HansardSegments);

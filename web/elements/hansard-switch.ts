import { css, html, LitElement } from 'lit';
import { base } from '../styles/base.ts';

/** On or off, at once: a checkbox in the role of a switch, its words in the slot. Fires `changed` with the new state; `on` follows the owner. */
export class HansardSwitch extends LitElement {
  static override properties = { on: { type: Boolean }, disabled: { type: Boolean } };
  declare on: boolean;
  declare disabled: boolean;

  constructor() {
    super();
    this.on = false;
    this.disabled = false;
  }

  static override styles = [base, css`
    :host { display: block; }
    label { display: flex; align-items: center; gap: var(--space-3); min-block-size: var(--control-height); cursor: pointer; }
    .says { flex: 1; }
    input { appearance: none; flex: none; position: relative; margin: 0; inline-size: 2.125rem; block-size: 1.25rem; border: 1px solid var(--control); border-radius: var(--round-full); background: var(--sunken); cursor: inherit; transition: background-color var(--quick) var(--ease); }
    input::before { content: ""; position: absolute; inset-block: 2px; inset-inline-start: 2px; aspect-ratio: 1; border-radius: 50%; background: var(--ink-3); transition: translate var(--quick) var(--ease); }
    input:checked { background: var(--accent); border-color: var(--accent); }
    input:checked::before { background: var(--accent-ink); translate: 0.875rem 0; }
    input:checked:dir(rtl)::before { translate: -0.875rem 0; }
    input:disabled { opacity: 0.5; }
    @media (forced-colors: active) { input::before { background: ButtonText; } input:checked { background: Highlight; forced-color-adjust: none; } }
  `];

  #changed = (event: Event): void => {
    this.on = (event.target as HTMLInputElement).checked;
    this.dispatchEvent(new CustomEvent('changed', { detail: this.on }));
  };
  override render() {
    return html`<label><span class="says"><slot></slot></span><input type="checkbox" role="switch" .checked=${this.on} ?disabled=${this.disabled} @change=${this.#changed}></label>`;
  }
}
customElements.define('hansard-switch', HansardSwitch);

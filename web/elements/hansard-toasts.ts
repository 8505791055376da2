import { css, html, LitElement } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/buttons.ts';
import { icon } from './icons.ts';

type Toast = { readonly n: number; readonly says: string; readonly danger: boolean; readonly act?: { readonly label: string; readonly run: () => void } };
const shownMs = 6_000;
let counter = 0;
let speak: (toast: Toast) => void = () => {};

/** Says something small at the lower edge. A refusal (`danger`) is announced at once and stays until it is put away. */
export const toast = (says: string, options: { danger?: boolean; act?: { label: string; run: () => void } } = {}): void => {
  speak({ n: counter++, says, danger: options.danger ?? false, ...(options.act ? { act: options.act } : {}) });
};

/** The region that `toast()` speaks in; one on the page. */
export class HansardToasts extends LitElement {
  static override properties = { toasts: { state: true } };
  declare toasts: readonly Toast[];

  constructor() {
    super();
    this.toasts = [];
  }

  static override styles = [base, buttons, css`
    :host { position: fixed; inset: auto 0 max(1rem, env(safe-area-inset-bottom)) 0; margin: 0 auto; inline-size: fit-content; max-inline-size: calc(100vw - 2rem); padding: 0; border: 0; background: none; pointer-events: none; overflow: visible; }
    ol { display: grid; gap: var(--space-2); justify-items: center; }
    li { pointer-events: auto; display: flex; align-items: center; gap: var(--space-3); padding: 0.5rem 0.5rem 0.5rem 0.875rem; border-radius: 10px; background: var(--ink); color: var(--page); box-shadow: var(--shadow); max-inline-size: 34rem; animation: comes var(--calm) var(--ease); }
    li.danger { background: var(--danger); color: var(--danger-ink); }
    .icon-button, .icon-button:hover { color: inherit; background: none; inline-size: 1.75rem; block-size: 1.75rem; }
    @media (pointer: coarse) { .icon-button { inline-size: 2rem; block-size: 2rem; } }
    .text-button { color: inherit; text-decoration: underline; }
    @keyframes comes { from { opacity: 0; translate: 0 8px; } }
    @media (forced-colors: active) { li { border: 1px solid CanvasText; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    speak = (toast) => this.#add(toast);
    this.popover = 'manual';
  }
  #add(toast: Toast): void {
    this.toasts = [...this.toasts.slice(-2), toast];
    if (this.matches(':popover-open')) this.hidePopover(); // Shown again, so that it lies above a dialog opened meanwhile.
    this.showPopover();
    if (!toast.danger) setTimeout(() => this.#remove(toast.n), shownMs);
  }
  #remove(n: number): void {
    this.toasts = this.toasts.filter((toast) => toast.n !== n);
    if (this.toasts.length === 0 && this.matches(':popover-open')) this.hidePopover();
  }

  override render() {
    return html`<ol aria-label="Notices">${repeat(this.toasts, (toast) => toast.n, (toast) => html`
      <li class=${toast.danger ? 'danger' : ''} role=${toast.danger ? 'alert' : 'status'}>
        <span dir="auto">${toast.says}</span>
        ${toast.act ? html`<button class="text-button" @click=${() => { toast.act!.run(); this.#remove(toast.n); }}>${toast.act.label}</button>` : ''}
        <button class="icon-button" aria-label="Put away" @click=${() => this.#remove(toast.n)}>${icon('x', 16)}</button>
      </li>`)}</ol>`;
  }
}
customElements.define('hansard-toasts', HansardToasts);

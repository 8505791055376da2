import { css, html, LitElement, nothing } from 'lit';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/buttons.ts';
import { icon } from './icons.ts';

/**
 * A native modal dialog with a heading and a way out. Put the content in it, buttons in `slot="actions"`. It opens when it is connected and fires
 * `closed` once when it closed, by Escape, by the cross, by a press on the veil, or by `close()`; focus goes back to what had it before.
 * `bare` leaves heading and padding out (the switcher); `full` takes the whole window. `steady` keeps a press on the veil from closing it: there is typed text inside.
 */
export class HansardDialog extends LitElement {
  static override properties = { heading: {}, bare: { type: Boolean, reflect: true }, steady: { type: Boolean }, wide: { type: Boolean, reflect: true }, full: { type: Boolean, reflect: true } };
  declare heading: string;
  declare bare: boolean;
  declare steady: boolean;
  declare wide: boolean;
  declare full: boolean;
  #before: HTMLElement | null = null;

  constructor() {
    super();
    this.heading = '';
    this.bare = false;
    this.steady = false;
    this.wide = false;
    this.full = false;
  }

  static override styles = [base, buttons, css`
    dialog {
      inline-size: min(var(--dialog-width, 30rem), calc(100vw - 2rem)); max-inline-size: none; max-block-size: min(46rem, 84dvh); margin: clamp(1rem, 11dvh, 8rem) auto auto; padding: 0; border: 1px solid var(--rule);
      border-radius: var(--round-l); background: var(--raised); color: var(--ink); box-shadow: var(--shadow); overflow: hidden; --avatar-surface: var(--raised);
    }
    dialog[open] { display: flex; flex-direction: column; animation: comes var(--calm) var(--ease); }
    :host([wide]) dialog { --dialog-width: 44rem; }
    :host([bare]) dialog { margin-block-start: min(14vh, 7.5rem); }
    :host([full]) dialog { inline-size: calc(100vw - 3rem); block-size: calc(100dvh - 3rem); max-block-size: none; margin: auto; }
    dialog::backdrop { background: var(--veil); animation: veil-comes var(--calm) var(--ease); }
    header { display: flex; align-items: flex-start; gap: var(--space-3); padding: var(--space-5) var(--space-5) 0; }
    h2 { flex: 1; font: 600 var(--text-xl)/1.25 var(--font-record); overflow-wrap: anywhere; }
    header .icon-button { margin: -0.125rem -0.5rem 0 0; }
    .body { flex: 0 1 auto; min-block-size: 0; padding: var(--space-3) var(--space-5) var(--space-5); overflow-y: auto; scrollbar-width: thin; }
    :host([bare]) .body { padding: 0; display: contents; }
    footer { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: var(--space-2); padding: var(--space-3) var(--space-5) var(--space-4); border-block-start: 1px solid var(--rule); }
    footer.unused { display: none; }
    @keyframes comes { from { opacity: 0; translate: 0 6px; } }
    @keyframes veil-comes { from { opacity: 0; } }
    @media (max-width: 719px) {
      dialog, :host([wide]) dialog { inline-size: 100vw; max-block-size: calc(100dvh - 2rem); margin-block: auto 0; border-inline: 0; border-block-end: 0; border-end-start-radius: 0; border-end-end-radius: 0; }
      :host([full]) dialog { inline-size: 100vw; margin: 0; }
      :host([bare]) dialog { margin-block: 0 auto; border-radius: 0; block-size: 100dvh; max-block-size: 100dvh; border: 0; }
    }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#before = deepActive();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#giveBack();
  }
  #giveBack(): void {
    if (this.#before?.isConnected) this.#before.focus({ preventScroll: true });
    this.#before = null;
  }
  override firstUpdated(): void {
    this.#dialog.showModal();
  }
  get #dialog(): HTMLDialogElement {
    return this.renderRoot.querySelector('dialog')!;
  }
  close(): void {
    this.#dialog.close();
  }
  #closed = (): void => {
    this.#giveBack();
    this.dispatchEvent(new CustomEvent('closed', { bubbles: true, composed: true }));
  };
  #press = (event: PointerEvent): void => {
    if (!this.steady && event.composedPath()[0] === this.#dialog) this.close();
  };
  #slotted = (event: Event): void => {
    const slot = event.target as HTMLSlotElement;
    slot.parentElement!.classList.toggle('unused', slot.assignedNodes().length === 0);
  };

  override render() {
    return html`<dialog aria-label=${this.heading} @close=${this.#closed} @pointerdown=${this.#press}>
      ${this.bare ? nothing : html`<header><h2 dir="auto">${this.heading}</h2><button class="icon-button" aria-label="Close" @click=${() => this.close()}>${icon('x')}</button></header>`}
      <div class="body"><slot></slot></div>
      <footer class="unused"><slot name="actions" @slotchange=${this.#slotted}></slot></footer>
    </dialog>`;
  }
}
customElements.define('hansard-dialog', HansardDialog);

/** The focused element, through open shadow roots. */
export const deepActive = (): HTMLElement | null => {
  let active = document.activeElement;
  while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
  return active instanceof HTMLElement && active !== document.body ? active : null;
};

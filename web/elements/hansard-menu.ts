import { css, html, LitElement } from 'lit';
import { base } from '../styles/base.ts';

/**
 * A menu button. The trigger goes in `slot="trigger"` (a <button>), the entries as <button role="menuitem" class="menu-item"> (style: surfaces).
 * Arrow keys, Home, End and first letters move; Escape and a choice close and return focus. Uses the popover API, so nothing clips it.
 * `side="top"` opens upwards, `align="end"` lines up with the trigger's end.
 */
export class HansardMenu extends LitElement {
  static override properties = { label: {}, side: {}, align: {} };
  declare label: string;
  declare side: 'bottom' | 'top';
  declare align: 'start' | 'end';

  constructor() {
    super();
    this.label = '';
    this.side = 'bottom';
    this.align = 'start';
  }

  static override styles = [base, css`
    :host { display: inline-block; }
    [popover] { position: fixed; inset: auto; margin: 0; min-inline-size: 13rem; max-inline-size: min(22rem, calc(100vw - 1rem)); max-block-size: min(28rem, calc(100dvh - 1rem)); overflow-y: auto; padding: 0.3125rem; text-align: start; border: 1px solid var(--rule); border-radius: 10px; background: var(--raised); color: var(--ink); box-shadow: var(--shadow); }
    [popover]:popover-open { animation: comes var(--quick) var(--ease); }
    @keyframes comes { from { opacity: 0; translate: 0 -3px; } }
  `];

  get #trigger(): HTMLElement | undefined {
    return this.renderRoot.querySelector<HTMLSlotElement>('slot[name="trigger"]')?.assignedElements()[0] as HTMLElement | undefined;
  }
  get #panel(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('[popover]')!;
  }
  get #entries(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[role^="menuitem"]')].filter((entry) => !entry.hasAttribute('disabled'));
  }
  get open(): boolean {
    return this.#panel.matches(':popover-open');
  }

  show(): void {
    this.#panel.showPopover();
    this.#place();
    const checked = this.#entries.find((entry) => entry.getAttribute('aria-checked') === 'true');
    (checked ?? this.#entries[0])?.focus();
  }
  hide(returnFocus = true): void {
    if (!this.open) return;
    this.#panel.hidePopover();
    if (returnFocus) this.#trigger?.focus();
  }

  #place(): void {
    const from = this.#trigger?.getBoundingClientRect();
    const panel = this.#panel.getBoundingClientRect();
    if (!from) return;
    const rightToLeft = getComputedStyle(this).direction === 'rtl';
    const toRight = (this.align === 'start') !== rightToLeft;
    const left = toRight ? from.left : from.right - panel.width;
    const below = from.bottom + 4;
    const above = from.top - panel.height - 4;
    const top = this.side === 'top' ? (above >= 8 ? above : below) : below + panel.height <= innerHeight - 8 || above < 8 ? below : above;
    this.#panel.style.left = `${Math.max(8, Math.min(left, innerWidth - panel.width - 8))}px`;
    this.#panel.style.top = `${Math.max(8, Math.min(top, innerHeight - panel.height - 8))}px`;
  }

  #toggled = (event: ToggleEvent): void => {
    this.#trigger?.setAttribute('aria-expanded', String(event.newState === 'open'));
    this.dispatchEvent(new CustomEvent('toggled', { detail: { open: event.newState === 'open' } }));
  };
  #press = (event: Event): void => {
    event.preventDefault();
    if (this.open) this.hide();
    else this.show();
  };
  #triggerKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    event.preventDefault();
    this.show();
    if (event.key === 'ArrowUp') this.#entries.at(-1)?.focus();
  };
  #key = (event: KeyboardEvent): void => {
    const entries = this.#entries;
    const here = entries.findIndex((entry) => entry.matches(':focus'));
    const to = { ArrowDown: (here + 1) % entries.length, ArrowUp: (here - 1 + entries.length) % entries.length, Home: 0, End: entries.length - 1 }[event.key];
    if (event.key === 'Escape' || event.key === 'Tab') this.hide();
    else if (to !== undefined) entries[to]?.focus();
    else if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey && event.key !== ' ') {
      const letter = event.key.toLocaleLowerCase();
      [...entries.slice(here + 1), ...entries.slice(0, here + 1)].find((entry) => entry.textContent.trim().toLocaleLowerCase().startsWith(letter))?.focus();
    } else return;
    event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
  };
  #chosen = (event: Event): void => {
    if ((event.target as HTMLElement).closest('[role^="menuitem"]')) this.hide();
  };
  #labelTrigger = (): void => {
    this.#trigger?.setAttribute('aria-haspopup', 'menu');
    this.#trigger?.setAttribute('aria-expanded', 'false');
  };

  override render() {
    return html`<slot name="trigger" @click=${this.#press} @keydown=${this.#triggerKey} @slotchange=${this.#labelTrigger}></slot>
      <div popover="auto" role="menu" aria-label=${this.label} @toggle=${this.#toggled} @keydown=${this.#key} @click=${this.#chosen}><slot></slot></div>`;
  }
}
customElements.define('hansard-menu', HansardMenu);

import { css, html, LitElement } from 'lit';

const waitMs = 350;

/**
 * One for the whole page: shows the `data-tip` (and `data-keys`) of whatever is hovered or focused by key, through open shadow roots.
 * The words must also be the accessible name of that control; this is for eyes only.
 */
export class HansardTooltip extends LitElement {
  #for: HTMLElement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  static override styles = css`
    :host { position: fixed; inset: auto; margin: 0; padding: 0.1875rem 0.5rem; border: 0; border-radius: 6px; background: var(--ink); color: var(--page); font-size: var(--text-s); line-height: 1.4; pointer-events: none; max-inline-size: 20rem; }
    :host(:not(:popover-open)) { display: none; }
    .keys { margin-inline-start: 0.5rem; opacity: 0.7; }
    @media (forced-colors: active) { :host { border: 1px solid CanvasText; } }
  `;

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = 'manual';
    this.setAttribute('aria-hidden', 'true');
    const on = (name: string, listener: (event: Event) => void) => document.addEventListener(name, listener, { capture: true, passive: true });
    on('pointerover', (event) => (event as PointerEvent).pointerType === 'mouse' && this.#over(event, waitMs));
    on('focusin', (event) => (event.composedPath()[0] as Element).matches?.(':focus-visible') && this.#over(event, waitMs));
    for (const name of ['pointerdown', 'focusout', 'keydown', 'wheel']) on(name, () => this.#away());
  }

  #over(event: Event, afterMs: number): void {
    const path = event.composedPath();
    const tipped = path.find((node): node is HTMLElement => node instanceof HTMLElement && node.dataset['tip'] !== undefined) ?? null;
    if (tipped === this.#for) return;
    this.#away();
    this.#for = tipped;
    if (tipped) this.#timer = setTimeout(() => this.#show(tipped), afterMs);
  }
  #away(): void {
    clearTimeout(this.#timer);
    this.#for = null;
    if (this.matches(':popover-open')) this.hidePopover();
  }
  async #show(tipped: HTMLElement): Promise<void> {
    if (!tipped.isConnected) return;
    this.requestUpdate();
    await this.updateComplete;
    this.showPopover();
    const from = tipped.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    const left = from.left + from.width / 2 - own.width / 2;
    this.style.left = `${Math.max(6, Math.min(left, innerWidth - own.width - 6))}px`;
    this.style.top = `${from.bottom + own.height + 8 < innerHeight ? from.bottom + 6 : from.top - own.height - 6}px`;
  }

  override render() {
    const { tip = '', keys = '' } = this.#for?.dataset ?? {};
    return html`${tip}${keys ? html`<span class="keys">${keys}</span>` : ''}`;
  }
}
customElements.define('hansard-tooltip', HansardTooltip);

import { css, html, LitElement, nothing } from 'lit';
import { whoViewed } from '#src/contract/timeline.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { call } from '../../client/call.ts';
import { workspace } from '../../client/workspace.ts';
import { fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';

type Viewers = OutputOf<typeof whoViewed>;
const waitMs = 200;
const namedMax = 40;

/** Who has viewed a message and when; beside its mark while the pointer or the focus is there. */
export class ReceiptsPopover extends LitElement {
  static override properties = { viewers: { state: true }, sentence: { state: true } };
  declare viewers: Viewers | null;
  declare sentence: string;
  #from: HTMLElement | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.viewers = null;
    this.sentence = '';
  }

  static override styles = [base, css`
    :host { position: fixed; inset: auto; margin: 0; padding: 0.5rem 0.75rem; border: 1px solid var(--rule); border-radius: 10px; background: var(--raised); color: var(--ink); box-shadow: var(--shadow); font-size: var(--text-s); max-inline-size: min(20rem, calc(100vw - 1rem)); max-block-size: 18rem; overflow-y: auto; }
    :host(:not(:popover-open)) { display: none; }
    h3 { font: inherit; font-weight: 600; color: var(--ink-3); }
    h3:not(:first-child) { margin-block-start: 0.375rem; }
    li { display: flex; gap: 1rem; justify-content: space-between; }
    li span { overflow-wrap: anywhere; }
    time { color: var(--ink-3); white-space: nowrap; }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = 'auto';
    this.setAttribute('role', 'status');
  }

  show(from: HTMLElement, conversationId: string, line: { readonly revision: number }): void {
    clearTimeout(this.#timer);
    if (this.#from === from && this.matches(':popover-open')) return;
    this.#from = from;
    const away = (): void => {
      clearTimeout(this.#timer);
      if (this.#from === from && this.matches(':popover-open')) this.hidePopover();
    };
    for (const event of ['pointerleave', 'blur']) from.addEventListener(event, away, { once: true });
    this.#timer = setTimeout(() => void this.#ask(from, conversationId, line), waitMs);
  }

  async #ask(from: HTMLElement, conversationId: string, line: { readonly revision: number }): Promise<void> {
    const answer = await call(whoViewed, { conversationId, revision: line.revision });
    if (this.#from !== from) return;
    this.viewers = answer.ok ? answer.output : null;
    this.sentence = answer.ok ? '' : answer.sentence;
    this.showPopover();
    await this.updateComplete;
    const at = from.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    this.style.left = `${Math.max(8, Math.min(at.right - own.width, innerWidth - own.width - 8))}px`;
    this.style.top = `${at.top - own.height - 6 >= 8 ? at.top - own.height - 6 : at.bottom + 6}px`;
  }

  #names(accounts: readonly string[]): string {
    const names = accounts.slice(0, namedMax).map((account) => workspace.directory.nameOf(account));
    return `${names.join(', ')}${accounts.length > namedMax ? ` and ${accounts.length - namedMax} more` : ''}`;
  }

  override render() {
    const { viewers } = this;
    if (!viewers) return html`${this.sentence}`;
    return html`
      ${viewers.viewed.length > 0 ? html`<h3>Viewed by ${viewers.viewed.length}</h3><ul>${viewers.viewed.slice(0, namedMax).map(({ account, at }) => html`<li><span dir="auto">${workspace.directory.nameOf(account)}</span><time>${fullTime(at)}</time></li>`)}</ul>` : nothing}
      ${viewers.notYet.length > 0 ? html`<h3>${viewers.viewed.length === 0 ? 'Nobody has viewed it yet' : `Not yet viewed by ${viewers.notYet.length}`}</h3><p dir="auto">${this.#names(viewers.notYet)}</p>` : nothing}`;
  }
}
customElements.define('receipts-popover', ReceiptsPopover);

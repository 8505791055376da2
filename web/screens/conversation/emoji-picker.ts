import { css, html, LitElement } from 'lit';
import { emojiGroups, findEmoji, loadEmoji, type Emoji } from '../../client/emoji.ts';
import { base } from '../../styles/base.ts';
import { fields } from '../../styles/fields.ts';

const lastUsedUnder = 'hansard-emoji';
const lastUsedMax = 18;
const foundMax = 90;
const columns = 9;
const atFirst = ['👍', '❤️', '😄', '🎉', '🙏', '👀', '✅', '💯', '😮'];
const lastUsed = (): string[] => JSON.parse(localStorage.getItem(lastUsedUnder) ?? JSON.stringify(atFirst)) as string[];

/** Opens the board beside `from`; `pick` gets one emoji. */
export type PickEmoji = (from: HTMLElement, pick: (emoji: string) => void) => Promise<void>;

/** A small board of emoji beside whatever opened it: the last used, a search, and everything by group. */
export class EmojiPicker extends LitElement {
  static override properties = { all: { state: true }, typed: { state: true }, group: { state: true } };
  declare all: readonly Emoji[];
  declare typed: string;
  declare group: number;
  #pick: (emoji: string) => void = () => undefined;
  #from: HTMLElement | null = null;

  constructor() {
    super();
    this.all = [];
    this.typed = '';
    this.group = -1;
  }

  static override styles = [base, fields, css`
    :host { position: fixed; inset: auto; margin: 0; padding: 0; border: 1px solid var(--rule); border-radius: 10px; background: var(--raised); color: var(--ink); box-shadow: var(--shadow); inline-size: min(21rem, calc(100vw - 1rem)); }
    :host(:not(:popover-open)) { display: none; }
    .head { padding: 0.5rem 0.5rem 0.25rem; }
    .groups { display: flex; gap: 0.125rem; padding: 0 0.5rem 0.375rem; overflow-x: auto; scrollbar-width: none; }
    .groups button { flex: none; border: 0; border-radius: 6px; padding: 0.125rem 0.4375rem; background: none; color: var(--ink-2); font-size: var(--text-s); cursor: pointer; }
    .groups button[aria-pressed="true"] { background: var(--accent-soft); color: var(--accent); font-weight: 600; }
    .board { display: grid; grid-template-columns: repeat(9, 1fr); block-size: 15rem; align-content: start; padding: 0 0.375rem 0.375rem; }
    .board button { aspect-ratio: 1; border: 0; border-radius: 6px; background: none; font-size: 1.3125rem; line-height: 1; cursor: pointer; padding: 0; }
    .board button:hover, .board button:focus-visible { background: var(--hover); }
    .none { padding: 0.75rem; color: var(--ink-3); grid-column: 1 / -1; font-size: var(--text-s); }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.popover = 'auto';
    this.setAttribute('role', 'dialog');
    this.setAttribute('aria-label', 'Emoji');
    this.addEventListener('toggle', (event) => (event as ToggleEvent).newState === 'closed' && this.#from?.isConnected && this.matches(':focus-within') && this.#from.focus());
  }

  /** Opens beside `from`; `pick` gets one emoji. */
  show(from: HTMLElement, pick: (emoji: string) => void): void {
    this.#pick = pick;
    this.#from = from;
    this.typed = '';
    this.group = -1;
    void loadEmoji().then((all) => (this.all = all));
    this.showPopover();
    const at = from.getBoundingClientRect();
    const own = this.getBoundingClientRect();
    const above = at.top - own.height - 6;
    this.style.left = `${Math.max(8, Math.min(at.left, innerWidth - own.width - 8))}px`;
    this.style.top = `${above >= 8 ? above : Math.min(at.bottom + 6, innerHeight - own.height - 8)}px`;
    void this.updateComplete.then(() => this.renderRoot.querySelector('input')?.focus());
  }

  #shown(): readonly Emoji[] {
    if (this.typed.trim()) return findEmoji(this.all, this.typed.trim(), foundMax);
    if (this.group >= 0) return this.all.filter(({ group }) => group === this.group);
    const names = new Map(this.all.map((one) => [one.emoji, one]));
    return [...lastUsed().map((emoji) => names.get(emoji) ?? { emoji, name: emoji, words: [], group: 0 }), ...this.all.filter(({ group }) => group === 0)];
  }
  #take(emoji: string): void {
    localStorage.setItem(lastUsedUnder, JSON.stringify([emoji, ...lastUsed().filter((one) => one !== emoji)].slice(0, lastUsedMax)));
    this.hidePopover();
    this.#from?.focus();
    this.#pick(emoji);
  }
  readonly #key = (event: KeyboardEvent): void => {
    const cells = [...this.renderRoot.querySelectorAll<HTMLElement>('.board button')];
    const here = cells.findIndex((cell) => cell.matches(':focus'));
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: here < 0 ? 1 : columns, ArrowUp: -columns }[event.key];
    if (event.key === 'Enter' && here < 0 && cells[0]) cells[0].click();
    else if (by === undefined || (here < 0 && event.key !== 'ArrowDown')) return;
    else if (here + by < 0) this.renderRoot.querySelector('input')?.focus();
    else cells[Math.min(cells.length - 1, here + by)]?.focus();
    event.preventDefault();
  };

  override render() {
    const shown = this.#shown();
    return html`<div @keydown=${this.#key}>
      <div class="head"><input class="input" type="search" aria-label="Find an emoji" placeholder="Find an emoji" .value=${this.typed} @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}></div>
      <div class="groups">${[[-1, 'Last used'] as const, ...emojiGroups].map(([group, name]) => html`<button aria-pressed=${this.group === group && !this.typed} @click=${() => { this.group = group; this.typed = ''; }}>${name}</button>`)}</div>
      <div class="board scroll">${shown.length === 0 ? html`<p class="none">${this.all.length === 0 ? '' : 'No emoji has that name.'}</p>` : shown.map(({ emoji, name, words }) => html`<button aria-label=${name} title=${words[0] ? `:${words[0]}:` : name} @click=${() => this.#take(emoji)}>${emoji}</button>`)}</div>
    </div>`;
  }
}
customElements.define('emoji-picker', EmojiPicker);

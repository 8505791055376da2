import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { SearchHit } from '#src/contract/archive.ts';
import type { FoundFor } from '../../client/instant-finder.ts';
import { base } from '../../styles/base.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { foundAloud, whoAnswered } from './found-words.ts';
import { hitRow, hitStyles } from './hit-row.ts';

const sayAfterMs = 700;

/** What is found while somebody types, above what only Enter brings. Arrow keys go from line to line, and from the first one back to where the words are typed (`leave`). */
export class InstantHits extends LitElement {
  static override properties = { found: {}, typed: {}, said: { state: true } };
  declare found: FoundFor | undefined;
  declare typed: string;
  declare said: string;
  #saying: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.found = undefined;
    this.typed = '';
    this.said = '';
  }

  static override styles = [base, surfaces, hitStyles, css`
    :host { display: block; }
    .who { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0.25rem var(--space-4); padding: var(--space-3) var(--space-5); font-size: var(--text-s); color: var(--ink-2); border-block-end: 1px solid var(--rule); }
    .who.exact { background: var(--sunken); }
    kbd { font: inherit; }
    .ahead { opacity: 0.62; transition: opacity var(--quick) 150ms; }
    @media (prefers-reduced-motion: reduce) { .ahead { transition: none; } }
    @media (max-width: 719px) { .who { padding-inline: var(--space-3); } }
  `];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#saying);
  }
  override updated(changed: Map<string, unknown>): void {
    if (!changed.has('found') || !this.found) return;
    const { found } = this.found;
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (this.said = `${foundAloud({ messages: found.messages, people: [], conversations: [] })} Press Enter for every message.`), sayAfterMs);
  }
  /** Goes to the first line, if there is one. */
  enter(): void {
    this.#lines[0]?.focus();
  }
  get #lines(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('a.hit')];
  }
  #key = (event: KeyboardEvent): void => {
    const lines = this.#lines;
    const at = lines.indexOf(this.renderRoot.querySelector<HTMLElement>('a.hit:focus')!);
    const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (at < 0 || (way === undefined && event.key !== 'Escape')) return;
    event.preventDefault();
    const next = way === undefined ? undefined : lines[at + way];
    if (next) next.focus();
    else if (way !== 1) this.dispatchEvent(new CustomEvent('leave', { bubbles: true, composed: true }));
  };

  #list(hits: readonly SearchHit[]): TemplateResult {
    if (hits.length === 0) return html`<div class="empty"><p>Nothing found while you type. Enter asks the exact search.</p></div>`;
    return html`<ol @keydown=${this.#key}>${repeat(hits, ({ conversationId, messageId }) => `${conversationId} ${messageId}`, hitRow)}</ol>`;
  }

  override render() {
    const { found } = this;
    return html`<p class="seen-by-readers-only" role="status">${this.said}</p>${!found ? nothing : html`
      <p class="who ${found.found.because === null ? '' : 'exact'}"><span>${whoAnswered(found.found)}</span><span><kbd>Enter</kbd> finds every message</span></p>
      <div class=${found.text === this.typed.trim() ? '' : 'ahead'}>${this.#list(found.found.messages)}</div>`}`;
  }
}
customElements.define('instant-hits', InstantHits);

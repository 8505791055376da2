import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ArchiveHit } from '#src/contract/archive.ts';
import { fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { excerptOf, markedText } from './marked-text.ts';
import { kindNames } from './filter-state.ts';
import { timeBeside, timesOf } from './record-times.ts';

/** Resting on a hit opens it; moving through quickly looks at nothing. */
const restMs = 400;
const pageStep = 5;

/** Hits, with J and K or the arrows from one to the next. Fires `opened` with the hit: at once on Enter or a press, after a rest when moved to. */
export class HitList extends LitElement {
  static override properties = { hits: { attribute: false }, active: { type: Number }, opensByItself: { type: Boolean } };
  declare hits: readonly ArchiveHit[];
  /** The hit that is chosen; -1 before any is. */
  declare active: number;
  /** False where the panel is a step of its own: there only Enter or a press leads away from the list. */
  declare opensByItself: boolean;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.hits = [];
    this.active = -1;
    this.opensByItself = true;
  }

  static override styles = [base, surfaces, css`
    :host { display: block; }
    [role="option"] { position: relative; display: grid; gap: 0.1875rem; padding: 0.6875rem var(--space-5) 0.75rem; border-block-end: 1px solid var(--rule); cursor: pointer; content-visibility: auto; contain-intrinsic-block-size: auto 5.5rem; }
    [role="option"]:hover { background: var(--hover); }
    [aria-selected="true"], [aria-selected="true"]:hover { background: var(--officer-soft); }
    [aria-selected="true"]::before { content: ""; position: absolute; inset-block: 0; inset-inline-start: 0; inline-size: 3px; background: var(--officer); }
    [role="option"]:focus-visible { outline-color: var(--officer); outline-offset: -2px; }
    .head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0.125rem 0.5rem; font-size: var(--text-s); color: var(--ink-3); min-inline-size: 0; }
    .who { font-size: var(--text-s); font-weight: 600; color: var(--ink); overflow-wrap: anywhere; }
    .where { overflow-wrap: anywhere; }
    .text { font-size: var(--text-m); line-height: 1.5; color: var(--ink); white-space: pre-wrap; overflow-wrap: anywhere; max-inline-size: 46rem; }
    .beside { font-size: var(--text-s); color: var(--ink-3); }
    .empty-text { font-style: italic; color: var(--ink-3); }
    [aria-selected="true"] .head, [aria-selected="true"] .beside { color: var(--ink-2); }
    @media (max-width: 719px) { [role="option"] { padding-inline: var(--space-4); } }
    @media (forced-colors: active) { [aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -2px; } }
  `];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#rest);
  }
  /** Puts the focus on the active hit, from the screen's own J and K too. */
  async focusActive(): Promise<void> {
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }
  move(by: number): void {
    const to = Math.max(0, Math.min(this.active + by, this.hits.length - 1));
    if (this.hits.length === 0) return;
    this.active = to;
    this.dispatchEvent(new CustomEvent('moved', { detail: to }));
    void this.focusActive();
    clearTimeout(this.#rest);
    if (this.opensByItself) this.#rest = setTimeout(() => this.#open(to), restMs);
  }
  #open(n: number): void {
    clearTimeout(this.#rest);
    const hit = this.hits[n];
    if (!hit) return;
    this.active = n;
    this.dispatchEvent(new CustomEvent('moved', { detail: n }));
    this.dispatchEvent(new CustomEvent('opened', { detail: hit }));
  }
  #key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const by = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: pageStep, PageUp: -pageStep, Home: -Infinity, End: Infinity }[event.key];
    if (by !== undefined) this.move(by);
    else if (event.key === 'Enter' || event.key === ' ') this.#open(Math.max(0, this.active));
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  #badges(hit: ArchiveHit): TemplateResult {
    const said = hit.importedSaidAt ?? hit.at;
    return html`${hit.retractedAt === null ? nothing : html`<span class="tag danger">Retracted ${timeBeside(hit.retractedAt, said)}</span>`}
      ${hit.versions > 1 ? html`<span class="tag notice">Edited ${timesOf(hit.versions - 1)}</span>` : nothing}
      ${hit.state === 'earlier' ? html`<span class="tag officer">Earlier version</span>` : nothing}
      ${hit.importedSaidAt === null ? nothing : html`<span class="tag">Imported</span>`}
      ${hit.kind === 'message' ? nothing : html`<span class="tag">${kindNames[hit.kind]}</span>`}`;
  }

  #hit(hit: ArchiveHit, n: number): TemplateResult {
    const { text, marks } = excerptOf(hit.text, hit.marks);
    return html`<div role="option" id="hit-${n}" tabindex=${n === Math.max(0, this.active) ? 0 : -1} aria-selected=${n === this.active} aria-posinset=${n + 1} @click=${() => this.#open(n)}>
      <div class="head"><bdi class="who">${hit.authorName}</bdi><span class="where">in ${hit.directWith === null ? nothing : 'direct, with '}<bdi>${hit.directWith ?? hit.conversationTitle}</bdi> · ${fullTime(hit.importedSaidAt ?? hit.at)}</span>${this.#badges(hit)}</div>
      ${hit.before === null ? nothing : html`<div class="beside one-line" dir="auto">${hit.before}</div>`}
      <div class="text" dir="auto">${text === '' ? html`<span class="empty-text">Empty text</span>` : markedText(text, marks)}</div>
      ${hit.after === null ? nothing : html`<div class="beside one-line" dir="auto">${hit.after}</div>`}
    </div>`;
  }

  override render() {
    return html`<div role="listbox" aria-label="Results" @keydown=${this.#key}>${repeat(this.hits, (hit) => `${hit.position} ${hit.state}`, (hit, n) => this.#hit(hit, n))}</div>`;
  }
}
customElements.define('hit-list', HitList);

import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { searchMessages } from '#src/contract/archive.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { limits } from '#src/contract/limits.ts';
import { navigate, pathOfSearch } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { InstantFinder } from '../../client/instant-finder.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { hitRow, hitStyles } from './hit-row.ts';
import './instant-hits.ts';
import type { InstantHits } from './instant-hits.ts';

type Page = OutputOf<typeof searchMessages>;

const grammar: readonly (readonly [example: string, finds: string])[] = [
  ['meter drift', 'both words, in any order'],
  ['"hall C"', 'exactly these words'],
  ['deliver*', 'words that begin so'],
  ['lyon OR aarhus', 'either word'],
  ['drift -test', 'the first, without the second'],
  ['from:mara', 'said by somebody'],
  ['in:"Field trials"', 'in one conversation'],
  ['after:2026-10-01 before:2026-11-01', 'between two days'],
];

/** The exact search in one's own conversations: did somebody say this, and where? */
export class SearchScreen extends LitElement {
  static override properties = { query: {}, within: {}, page: { state: true }, fault: { state: true }, busy: { state: true }, typed: { state: true } };
  declare query: string;
  /** Only in this conversation; null for all of one's own. */
  declare within: string | null;
  declare page: Page | undefined;
  declare fault: string;
  declare busy: boolean;
  /** What stands in the field; what was asked for with Enter is `query`. */
  declare typed: string;
  readonly #finder = new InstantFinder();
  /** Counts the questions, so that an overtaken answer is dropped. */
  #asked = 0;

  constructor() {
    super();
    this.query = '';
    this.within = null;
    this.page = undefined;
    this.fault = '';
    this.busy = false;
    this.typed = '';
    new StoreController(this, workspace.directory.version, workspace.conversations, this.#finder.found);
  }

  static override styles = [base, buttons, fields, surfaces, hitStyles, css`
    :host { display: grid; grid-template-rows: auto minmax(0, 1fr); block-size: 100%; }
    header { padding: var(--space-3) var(--space-5) var(--space-4); border-block-end: 1px solid var(--rule); }
    .title { display: flex; align-items: center; gap: var(--space-2); min-block-size: 2rem; margin-block-end: var(--space-2); }
    h1 { font: 600 var(--text-xl)/1.25 var(--font-record); }
    .back { display: none; }
    form { display: flex; gap: var(--space-2); max-inline-size: 46rem; }
    .search-box { flex: 1; }
    .search-box .input { min-block-size: 2.5rem; font-size: var(--text-l); }
    .button { min-block-size: 2.5rem; }
    .within { display: inline-flex; align-items: center; gap: 0.25rem; margin-block-start: var(--space-2); padding: 0.125rem 0.125rem 0.125rem 0.5rem; max-inline-size: 100%; border-radius: var(--round-s); background: var(--accent-soft); color: var(--accent); font-size: var(--text-s); font-weight: 600; }
    .within .icon-button { inline-size: 1.5rem; block-size: 1.5rem; color: inherit; }
    .results { padding-block-end: var(--space-6); }
    .total { padding: var(--space-3) var(--space-5); font-size: var(--text-s); color: var(--ink-2); border-block-end: 1px solid var(--rule); }
    .total b { color: var(--ink); }
    .help { padding: var(--space-5); max-inline-size: 46rem; }
    .help p { color: var(--ink-2); margin-block-end: var(--space-3); }
    .help dl { display: grid; grid-template-columns: auto 1fr; gap: 0.375rem var(--space-5); align-items: baseline; }
    .help dt button { font: 0.8125rem/1.4 var(--font-code); color: var(--ink); background: var(--sunken); border: 0; border-radius: var(--round-s); padding: 0.125rem 0.4375rem; cursor: pointer; text-align: start; overflow-wrap: anywhere; }
    .help dt button:hover { background: var(--accent-soft); }
    .help dd { color: var(--ink-2); font-size: var(--text-s); }
    .more { padding: var(--space-4) var(--space-5); }
    .fault { padding: var(--space-4) var(--space-5); }
    .skeletons { padding: var(--space-4) var(--space-5); display: grid; gap: var(--space-3); }
    .skeletons .skeleton { block-size: 2.5rem; max-inline-size: 40rem; }
    @media (max-width: 719px) { .back { display: inline-grid; } header, .total, .help, .more, .fault { padding-inline: var(--space-3); } .help dl { grid-template-columns: 1fr; gap: 0.125rem; } .help dd { margin-block-end: 0.5rem; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    workspace.place.set('Search');
  }
  override firstUpdated(): void {
    if (!this.query) this.renderRoot.querySelector('input')?.focus();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#finder.stop();
  }
  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('query') && !changed.has('within')) return;
    this.typed = this.query;
    this.#finder.stop();
    void this.#ask();
  }
  override updated(changed: PropertyValues<this>): void {
    const field = this.renderRoot.querySelector('input');
    if (changed.has('query') && field && field.value !== this.query) field.value = this.query;
  }

  async #ask(before?: number): Promise<void> {
    const asked = ++this.#asked;
    this.fault = '';
    if (before === undefined) this.page = undefined;
    if (this.query.trim() === '') return;
    this.busy = true;
    const answer = await call(searchMessages, { query: this.query, ...(this.within ? { conversationId: this.within } : {}), ...(before === undefined ? {} : { before }) });
    if (asked !== this.#asked) return;
    this.busy = false;
    if (!answer.ok) this.fault = answer.sentence;
    else this.page = before === undefined || !this.page ? answer.output : { ...answer.output, hits: [...this.page.hits, ...answer.output.hits] };
  }
  #submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const query = String(new FormData(event.target as HTMLFormElement).get('q')).trim();
    this.typed = query;
    this.#finder.stop();
    if (query === this.query) void this.#ask();
    else navigate(pathOfSearch(query, this.within), { replace: true });
  };

  #type = (event: InputEvent): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.#finder.type(this.typed.trim() === this.query ? '' : this.typed, this.within);
  };
  #key = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' || event.isComposing || !this.#isTyping) return;
    event.preventDefault();
    this.renderRoot.querySelector<InstantHits>('instant-hits')?.enter();
  };
  /** Something is found for what has not been asked for with Enter yet. */
  get #isTyping(): boolean {
    return this.#finder.found.value !== undefined && this.typed.trim() !== this.query;
  }

  #withinChip(): TemplateResult | typeof nothing {
    const row = this.within ? workspace.conversation(this.within) : undefined;
    if (!this.within) return nothing;
    return html`<p class="within"><span class="one-line">in <bdi>${row ? workspace.titleOf(row) : 'one conversation'}</bdi></span><button class="icon-button" aria-label="Search everywhere" @click=${() => navigate(pathOfSearch(this.query), { replace: true })}>${icon('x', 14)}</button></p>`;
  }
  #results(): TemplateResult | typeof nothing {
    if (this.#isTyping) return html`<instant-hits .found=${this.#finder.found.value} .typed=${this.typed} @leave=${() => this.renderRoot.querySelector('input')?.focus()}></instant-hits>`;
    if (this.fault) return html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>${this.fault}</span></p>${this.#help()}`;
    const { page } = this;
    if (!page) return this.busy ? html`<div class="skeletons" aria-hidden="true"><span class="skeleton"></span><span class="skeleton"></span><span class="skeleton"></span></div>` : this.#help();
    return html`<p class="total" role="status"><b>${count(page.total)} ${page.total === 1 ? 'message' : 'messages'}</b>, complete to position ${count(page.position)}</p>
      ${page.total === 0 ? html`<div class="empty"><p>Nobody said that in your conversations, as far as they are in the record at that position.</p></div>` : html`<ol>${page.hits.map(hitRow)}</ol>`}
      ${page.next === null ? nothing : html`<p class="more"><button class="button" ?disabled=${this.busy} @click=${() => this.#ask(page.next!)}>Show older</button></p>`}`;
  }
  #help(): TemplateResult {
    return html`<section class="help" aria-label="How to ask"><p>Searches every message you may read, exactly: no word is left out, no guess is made.</p>
      <dl>${grammar.map(([example, finds]) => html`<dt><button type="button" @click=${() => navigate(pathOfSearch(example, this.within))}>${example}</button></dt><dd>${finds}</dd>`)}</dl></section>`;
  }

  override render() {
    return html`<header>
        <div class="title"><a class="icon-button back" href="/" aria-label="Back to the list">${icon('arrow-left')}</a><h1>Search</h1></div>
        <form role="search" @submit=${this.#submit}><label class="search-box">${icon('search', 18)}<span class="seen-by-readers-only">Words to find</span>
          <input class="input" name="q" type="search" dir="auto" autocomplete="off" spellcheck="false" maxlength=${limits.queryMax} .defaultValue=${this.query} placeholder="Words, &quot;a phrase&quot;, from:name" @input=${this.#type} @keydown=${this.#key}></label>
          <button class="button primary">Search</button></form>
        ${this.#withinChip()}
      </header>
      <div class="results scroll">${this.#results()}</div>`;
  }
}
customElements.define('search-screen', SearchScreen);

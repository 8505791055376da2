import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ArchivedFile, FileFilter } from '#src/contract/files.ts';
import { limits } from '#src/contract/limits.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { fileTile, tileStyles, typeWords } from '../../elements/file-tile.ts';
import { icon } from '../../elements/icons.ts';
import { clockWithSeconds, count, fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { abbreviated } from './abbreviated.ts';
import { archiveStyles } from './archive-styles.ts';
import { deskStyles } from './desk-styles.ts';
import './export-dialog.ts';
import { filesToExport } from './exportable.ts';
import { filtersIn, noFileFilter } from './file-filter-state.ts';
import './file-filters.ts';
import './file-panel.ts';
import { FileSearch, type FileSearchState } from './file-search.ts';
import { completenessOf, completenessWords, whyUnread } from './inside-words.ts';
import { markedText } from './marked-text.ts';
import { countOf } from './record-times.ts';

type Step = 'filters' | 'results' | 'event';

/** The files of an inquiry: filters, hits, one file. Side by side from 1100 px, one after the other below. */
export class FileDesk extends LitElement {
  static override properties = { inquiry: {}, step: { state: true }, file: { state: true }, exporting: { state: true } };
  declare inquiry: string;
  declare step: Step;
  declare file: ArchivedFile | undefined;
  declare exporting: boolean;
  #search = new FileSearch('');
  #end = (): void => {};

  constructor() {
    super();
    this.inquiry = '';
    this.step = 'results';
    this.file = undefined;
    this.exporting = false;
  }

  static override styles = [base, buttons, fields, surfaces, archiveStyles, deskStyles, tileStyles, css`
    form { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) auto; gap: var(--space-2); }
    .search-box { min-inline-size: 0; }
    .inside { flex: 1 1 100%; display: flex; flex-wrap: wrap; align-items: center; gap: 0.125rem var(--space-3); font-size: var(--text-s); color: var(--ink-2); }
    .excerpt { display: block; padding-block-start: 0.1875rem; font-size: var(--text-m); line-height: 1.5; overflow-wrap: anywhere; max-inline-size: 46rem; }
    .why { margin-block-start: 0.25rem; }
    .hit { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--space-3); align-items: center; inline-size: 100%; padding: 0.5rem var(--space-5); border: 0; border-block-end: 1px solid var(--rule); background: none; text-align: start; cursor: pointer; font-size: var(--text-m); line-height: 1.4; }
    .hit:hover { background: var(--panel); }
    .hit[aria-current="true"] { background: var(--officer-soft); }
    .hit:focus-visible { outline-offset: -2px; }
    .name { display: flex; align-items: center; gap: var(--space-2); font-weight: 600; min-inline-size: 0; }
    .facts { display: block; font-size: var(--text-s); color: var(--ink-2); overflow-wrap: anywhere; }
    .facts code { font-family: var(--font-code); font-size: var(--text-xs); color: var(--ink-3); white-space: nowrap; }
    @media (max-width: 719px) {
      .hit { padding-inline: var(--space-4); }
      form { grid-template-columns: minmax(0, 1fr); }
    }
    @media (forced-colors: active) { .hit[aria-current="true"] { outline: 2px solid Highlight; outline-offset: -2px; } }
  `];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#search.stop();
    this.#end();
  }
  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('inquiry')) return;
    this.#search.stop();
    this.#end();
    this.#search = new FileSearch(this.inquiry);
    let page = this.#search.state.value.page;
    this.#end = this.#search.state.watch((state) => {
      if (state.page !== page) {
        this.file = undefined;
        if (this.step === 'event') this.step = 'results'; // What was looked at is gone with the search that found it.
      }
      page = state.page;
      this.requestUpdate();
    });
    this.file = undefined;
  }

  #show(file: ArchivedFile): void {
    this.file = file;
    if (matchMedia('(min-width: 1100px)').matches) return;
    this.step = 'event';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.event .back')?.focus());
  }
  #back = (): void => {
    const from = this.step;
    this.step = 'results';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(from === 'event' ? '.hit[aria-current="true"]' : '.to-filters')?.focus());
  };
  #narrow({ conversationId }: ArchivedFile): void {
    this.step = 'results';
    this.#search.filter({ ...this.#search.state.value.filter, conversations: [conversationId] });
  }
  #submit = (event: Event): void => {
    event.preventDefault();
    void this.#search.run();
  };

  #hit(file: ArchivedFile, inside: boolean): TemplateResult {
    return html`<li><button class="hit" aria-current=${this.file?.fileId === file.fileId} @click=${() => this.#show(file)}>${fileTile(file.type)}
      <span><span class="name"><span class="one-line" dir="auto" title=${file.name ?? ''}>${file.name ?? 'Name no longer kept'}</span>${file.withdrawn ? html`<span class="tag danger">Withdrawn</span>` : nothing}</span>
        <span class="facts"><bdi>${file.authorName}</bdi> in <bdi>${file.conversationTitle}</bdi> · ${fullTime(file.at)} · ${bytesOf(file.size)} · ${typeWords(file.type)}${file.sha256 ? html` · <code title=${file.sha256}>${abbreviated(file.sha256)}</code>` : nothing}${file.withMessage && file.withMessage.of > 1 ? ` · ${file.withMessage.n} of ${file.withMessage.of} with a message` : ''}</span>
        ${file.excerpt ? html`<span class="excerpt" dir="auto">${markedText(file.excerpt.text, file.excerpt.marks)}</span>` : nothing}${inside && whyUnread[file.words] ? html`<span class=${file.words === 'unsupported' || file.words === 'no-text' ? 'tag why' : 'tag notice why'}>${whyUnread[file.words]}</span>` : nothing}</span></button></li>`;
  }
  #hits(state: FileSearchState): TemplateResult {
    const { page, failure, phase } = state;
    if (failure) return html`<div class="trouble" role="alert"><strong>The search was not answered.</strong><p>${failure.sentence}</p><p>If it was recorded, the record says that it was not answered.</p><button class="button" @click=${() => this.#search.run()}>Search again</button></div>`;
    if (!page) return phase === 'running' ? html`<div aria-busy="true" class="skeletons">${[0, 1, 2, 3].map(() => html`<div><span class="skeleton head"></span><span class="skeleton text"></span></div>`)}</div>`
      : html`<div class="trouble"><strong class="record-title">No file has been looked for yet.</strong><p>Write words of a name, or words that stand inside, or choose filters, and press Search. The search is recorded first. Withdrawn files are found too.</p><button class="button" @click=${() => this.#search.run()}>Show every file, newest first</button></div>`;
    if (state.files.length === 0) return html`<div class="trouble"><strong class="record-title">No file matches.</strong><p>Withdrawn files were searched too, up to position ${count(page.position)}. ${state.asked?.words ? 'Words inside are found whole; word* finds how one begins.' : 'Words of a name are found by how they begin.'}</p>${filtersIn(state.filter) === 0 ? nothing : html`<button class="button" @click=${() => this.#search.filter(noFileFilter)}>Clear the filters</button>`}</div>`;
    return html`<ul class=${phase === 'running' ? 'stale' : nothing} aria-label="Files found">${repeat(state.files, ({ fileId }) => fileId, (file) => this.#hit(file, page.inside !== null))}</ul>
      <div class="foot">${state.next === null ? html`<span class="small">That is all of it.</span>`
        : html`<button class="button" ?disabled=${state.more === 'running'} @click=${() => this.#search.loadMore()}>Show more</button><span class="small">${state.more === 'failed' ? 'The next page did not come. Nothing is lost; try again.' : `${count(state.files.length)} of ${count(page.total)}`}</span>`}</div>`;
  }

  #field(field: 'name' | 'words', value: string, says: string, placeholder: string): TemplateResult {
    return html`<label class="search-box">${icon(field === 'name' ? 'search' : 'file-text', 18)}<span class="seen-by-readers-only">${says}</span>
      <input class="input" type="search" dir="auto" autocomplete="off" spellcheck="false" maxlength=${limits.queryMax} placeholder=${placeholder} .value=${value} @input=${(event: Event) => this.#search.type({ [field]: (event.target as HTMLInputElement).value })}></label>`;
  }
  #inside({ page, asked }: FileSearchState): TemplateResult | typeof nothing {
    if (!page?.inside || asked?.filter.unread) return nothing;
    const { of, searched, partly } = completenessOf(page.inside);
    return html`<p class="inside" role="status"><span>${completenessWords(page.inside)}</span>${searched - partly === of ? nothing : html`<button class="text-button" @click=${() => this.#search.listUnread()}>List what was not read</button>`}</p>`;
  }

  override render() {
    const state = this.#search.state.value;
    const filters = filtersIn(state.filter);
    const nameOf = (account: string): string => this.#search.nameOf(account);
    const back = html`<button class="button quiet back" @click=${this.#back}>${icon('arrow-left')}Results</button>`;
    return html`<div class="desk officer-blue" data-step=${this.step}>
      <aside class="filters scroll" aria-label="Filters" tabindex="0">${back}<file-filters .filter=${state.filter} .nameOf=${nameOf} @filtered=${(event: CustomEvent<FileFilter>) => this.#search.filter(event.detail)}
        @learned=${(event: CustomEvent<{ account: string; name: string }>) => this.#search.learn(event.detail.account, event.detail.name)}></file-filters></aside>
      <section class="results" aria-label="Search for files">
        <div class="ask"><form role="search" @submit=${this.#submit}>
          ${this.#field('name', state.name, 'Words of a file’s name', 'Words of a name')}${this.#field('words', state.words, 'Words inside files', 'Words inside')}
          <button class="button officer" ?disabled=${state.phase === 'running'}>Search</button></form></div>
        <div class="bar"><button class="button to-filters" @click=${() => (this.step = 'filters')}>${icon('funnel')}Filters${filters > 0 ? html` <span class="count">${filters}</span>` : nothing}</button>
          ${state.page ? html`<p class="complete" role="status"><strong>${countOf(state.page.total, 'file', 'files')}</strong>, ${bytesOf(state.page.bytes)}, complete to position ${count(state.page.position)} (${clockWithSeconds(state.page.answeredAt)})</p>
            <span class="acts"><button class="button officer" ?disabled=${state.page.total === 0} @click=${() => (this.exporting = true)}>${icon('package')}Export ${count(state.page.total)}</button></span>${this.#inside(state)}` : nothing}</div>
        <div class="hits scroll" tabindex="-1">${this.#hits(state)}</div>
      </section>
      <aside class="event scroll" aria-label="File" tabindex="0">${back}<file-panel .inquiry=${this.inquiry} .file=${this.file} @narrowed=${(event: CustomEvent<ArchivedFile>) => this.#narrow(event.detail)}></file-panel></aside>
    </div>
    ${this.exporting && state.asked && state.page ? html`<export-dialog .what=${filesToExport(this.inquiry, state.asked, state.page)} @closed=${() => (this.exporting = false)}></export-dialog>` : nothing}`;
  }
}
customElements.define('file-desk', FileDesk);

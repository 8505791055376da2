import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import type { ArchiveFilter, ArchiveHit } from '#src/contract/archive.ts';
import { icon } from '../../elements/icons.ts';
import { clockWithSeconds, count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from './archive-styles.ts';
import { deskStyles } from './desk-styles.ts';
import './export-dialog.ts';
import { eventsToExport } from './exportable.ts';
import './facet-column.ts';
import './filter-chips.ts';
import { isUnfiltered } from './filter-state.ts';
import type { HitList } from './hit-list.ts';
import './hit-list.ts';
import './hit-panel.ts';
import { InquirySearch, type SearchState } from './inquiry-search.ts';
import './query-box.ts';
import { countOf } from './record-times.ts';

type Step = 'filters' | 'results' | 'event';
const wide = matchMedia('(min-width: 1100px)');

/** An inquiry at work: facets, query and hits, one event. Side by side from 1100 px, one after the other below. */
export class InquiryDesk extends LitElement {
  static override properties = { inquiry: {}, search: { state: true }, step: { state: true }, active: { state: true }, hit: { state: true }, exporting: { state: true } };
  declare inquiry: string;
  declare search: InquirySearch | undefined;
  declare step: Step;
  declare active: number;
  declare hit: ArchiveHit | undefined;
  declare exporting: boolean;
  #end = (): void => {};

  constructor() {
    super();
    this.inquiry = '';
    this.search = undefined;
    this.step = 'results';
    this.active = -1;
    this.hit = undefined;
    this.exporting = false;
  }

  static override styles = [base, buttons, surfaces, archiveStyles, deskStyles];

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.#key);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#key);
    this.search?.stop();
    this.#end();
  }
  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('inquiry')) return;
    this.search?.stop();
    this.#end();
    const search = new InquirySearch(this.inquiry);
    let page = search.state.value.page;
    this.#end = search.state.watch((state) => {
      if (state.page !== page) this.#answered();
      page = state.page;
      this.requestUpdate();
    });
    this.search = search;
    this.#answered();
  }
  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLElement>('query-box')?.focus();
  }

  /** Another result: the list begins anew and no event of the last one stays open. */
  #answered(): void {
    this.active = -1;
    this.hit = undefined;
    this.renderRoot?.querySelector('.hits')?.scrollTo({ top: 0 });
  }

  get #list(): HitList | null {
    return this.renderRoot.querySelector('hit-list');
  }
  /** J and K work from anywhere but a field; / goes to the query; Escape goes a step back. */
  #key = (event: KeyboardEvent): void => {
    const from = event.composedPath()[0] as HTMLElement;
    if (this.hidden || event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || from.closest?.('dialog, [popover]')) return;
    const typing = from instanceof HTMLInputElement && from.type !== 'checkbox';
    if (event.key === 'Escape' && this.step !== 'results') this.#back();
    else if (typing) return;
    else if (event.key === 'j') this.#list?.move(1);
    else if (event.key === 'k') this.#list?.move(-1);
    else if (event.key === '/') this.renderRoot.querySelector<HTMLElement>('query-box')?.focus();
    else return;
    event.preventDefault();
  };
  #opened = ({ detail }: CustomEvent<ArchiveHit>): void => {
    this.hit = detail;
    if (wide.matches) return;
    this.step = 'event';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('.event .back')?.focus());
  };
  #back = (): void => {
    const from = this.step;
    this.step = 'results';
    void this.updateComplete.then(() => (from === 'event' ? this.#list?.focusActive() : this.renderRoot.querySelector<HTMLElement>('.to-filters')?.focus()));
  };
  #filtered = ({ detail }: CustomEvent<ArchiveFilter>): void => this.search?.filter(detail);

  #bar(state: SearchState): TemplateResult {
    const { page } = state;
    const filters = state.filter.kinds.length + state.filter.states.length + state.filter.people.length + state.filter.conversations.length + (state.filter.from === undefined && state.filter.until === undefined ? 0 : 1);
    return html`<div class="bar">
      <button class="button to-filters" @click=${() => (this.step = 'filters')}>${icon('funnel')}Filters${filters > 0 ? html` <span class="count">${filters}</span>` : nothing}</button>
      ${page ? html`<p class="complete" role="status"><strong>${countOf(page.total, 'event', 'events')}</strong> in ${countOf(page.conversations, 'conversation', 'conversations')}, complete to position ${count(page.position)} (${clockWithSeconds(page.answeredAt)})</p>
        <span class="acts"><button class="button" aria-label="Order: ${state.oldestFirst ? 'oldest' : 'newest'} first" data-tip="Turn the order round" @click=${() => this.search?.order(!state.oldestFirst)}>${icon(state.oldestFirst ? 'arrow-down-narrow-wide' : 'arrow-up-narrow-wide')}<span class="order-words">${state.oldestFirst ? 'Oldest first' : 'Newest first'}</span></button>
        <button class="button officer" ?disabled=${page.total === 0} @click=${() => (this.exporting = true)}>${icon('package')}Export ${count(page.total)}</button></span>` : nothing}
    </div>`;
  }

  #untouched(): TemplateResult {
    return html`<div class="trouble"><strong class="record-title">Nothing has been looked at yet.</strong><p>Write what you look for and press Enter. The search is recorded first, the answer says how far it is complete.</p>
      <button class="button" @click=${() => this.search?.run()}>Show everything, ${this.search?.state.value.oldestFirst ? 'oldest' : 'newest'} first</button></div>`;
  }
  #none(state: SearchState): TemplateResult {
    return html`<div class="trouble"><strong class="record-title">No event matches.</strong><p>First versions and retracted texts were searched too, up to position ${count(state.page?.position ?? 0)}.</p>
      ${isUnfiltered(state.filter) ? nothing : html`<button class="button" @click=${() => this.search?.filter({ kinds: [], states: [], people: [], conversations: [] })}>Clear the filters</button>`}</div>`;
  }
  #hits(state: SearchState): TemplateResult {
    if (state.phase === 'failed' || state.failure) return html`<div class="trouble" role="alert"><strong>The search was not answered.</strong><p>${state.failure?.sentence}</p><p>If it was recorded, the record says that it was not answered.</p><button class="button" @click=${() => this.search?.run()}>Search again</button></div>`;
    if (!state.page) return state.phase === 'running' ? html`<div aria-busy="true" class="skeletons">${[0, 1, 2, 3].map(() => html`<div><span class="skeleton head"></span><span class="skeleton text"></span></div>`)}</div>` : this.#untouched();
    if (state.hits.length === 0) return this.#none(state);
    return html`<hit-list class=${state.phase === 'running' ? 'stale' : nothing} .hits=${state.hits} .active=${this.active} .opensByItself=${wide.matches} @moved=${(event: CustomEvent<number>) => (this.active = event.detail)} @opened=${this.#opened}></hit-list>
      <div class="foot">${state.next === null
        ? html`<span class="small">That is all of it.</span>`
        : html`<button class="button" ?disabled=${state.more === 'running'} @click=${() => this.search?.loadMore()}>Show more</button><span class="small">${state.more === 'failed' ? 'The next page did not come. Nothing is lost; try again.' : `${count(state.hits.length)} of ${count(state.page.total)}`}</span>`}</div>`;
  }

  override render() {
    const { search } = this;
    if (!search) return nothing;
    const state = search.state.value;
    const nameOf = (value: string): string => search.nameOf(value);
    const back = html`<button class="button quiet back" @click=${this.#back}>${icon('arrow-left')}Results</button>`;
    return html`<div class="desk officer-blue" data-step=${this.step}>
      <aside class="filters scroll" aria-label="Filters" tabindex="0">${back}<facet-column .facets=${state.page?.facets} .filter=${state.filter} .nameOf=${nameOf} @filtered=${this.#filtered}
        @learned=${(event: CustomEvent<{ account: string; name: string }>) => search.learn(event.detail.account, event.detail.name)}></facet-column></aside>
      <section class="results" aria-label="Search">
        <div class="ask"><query-box .query=${state.query} .fault=${state.fault} ?running=${state.phase === 'running'} ?answered=${state.page !== undefined} @typed=${(event: CustomEvent<string>) => search.type(event.detail)} @asked=${() => search.run()}></query-box>
          ${isUnfiltered(state.filter) ? nothing : html`<filter-chips .filter=${state.filter} .nameOf=${nameOf} @filtered=${this.#filtered}></filter-chips>`}</div>
        ${this.#bar(state)}
        <div class="hits scroll" tabindex="-1">${this.#hits(state)}</div>
      </section>
      <aside class="event scroll" aria-label="Event" tabindex="0">${back}<hit-panel .inquiry=${this.inquiry} .hit=${this.hit}></hit-panel></aside>
    </div>
    ${this.exporting && state.asked ? html`<export-dialog .what=${eventsToExport(this.inquiry, state.asked, state.page?.total ?? 0)} @closed=${() => (this.exporting = false)}></export-dialog>` : nothing}`;
  }
}
customElements.define('inquiry-desk', InquiryDesk);

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { ArchiveFilter, ArchivePage } from '#src/contract/archive.ts';
import { count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from './archive-styles.ts';
import { dayAfter, dayFrom, emptyFilter, firstDayOf, kindNames, lastDayOf, rowsOf, stateNames, toggled, withSpan, type FacetValue, type TickedFacet } from './filter-state.ts';
import './month-bars.ts';
import './person-finder.ts';

const rowsShown = 7;
const orderOfKinds = Object.keys(kindNames);
const orderOfStates = Object.keys(stateNames);

/** The facets with their counts: kind, state, people, conversations, dates. Fires `filtered` with the new filter. */
export class FacetColumn extends LitElement {
  static override properties = { facets: { attribute: false }, filter: { attribute: false }, nameOf: { attribute: false }, whole: { state: true } };
  declare facets: ArchivePage['facets'] | undefined;
  declare filter: ArchiveFilter;
  declare nameOf: (value: string) => string;
  declare whole: ReadonlySet<TickedFacet>;

  constructor() {
    super();
    this.facets = undefined;
    this.filter = emptyFilter;
    this.nameOf = (value) => value;
    this.whole = new Set();
  }

  static override styles = [base, buttons, fields, archiveStyles, css`
    :host { display: block; padding: var(--space-3) var(--space-4) var(--space-5); }
    section { padding-block-end: var(--space-4); }
    h2 { padding-block-end: 0.25rem; }
    label.row { display: flex; align-items: center; gap: 0.5625rem; min-block-size: 1.6875rem; padding-block: 0.0625rem; cursor: pointer; font-size: var(--text-s); border-radius: var(--round-s); }
    label.row:hover .name { text-decoration: underline; text-decoration-color: var(--rule-strong); text-underline-offset: 0.2em; }
    .name { flex: 1; }
    .n { color: var(--ink-3); font-variant-numeric: tabular-nums; }
    .none { opacity: 0.75; }
    .tick { inline-size: 0.9375rem; block-size: 0.9375rem; }
    .all { font-size: var(--text-s); margin-block-start: 0.25rem; }
    person-finder { padding-block-end: 0.375rem; }
    .days { display: grid; gap: 0.375rem; }
    .days label { display: grid; grid-template-columns: 4.75rem minmax(0, 1fr); align-items: center; }
    .days .input { font-size: var(--text-s); padding: 0.125rem 0.5rem; min-block-size: 1.875rem; min-inline-size: 0; }
    month-bars { margin-block: 0.25rem var(--space-2); }
    @media (pointer: coarse) { label.row, .days .input { min-block-size: 2.75rem; } .tick { inline-size: 1.25rem; block-size: 1.25rem; } }
  `];

  #fire(filter: ArchiveFilter): void {
    this.dispatchEvent(new CustomEvent('filtered', { detail: filter }));
  }

  #row(facet: TickedFacet, { value, name, count: n }: FacetValue): TemplateResult {
    const ticked = (this.filter[facet] as readonly string[]).includes(value);
    return html`<label class="row ${n === 0 && !ticked ? 'none' : ''}">
      <input class="tick" type="checkbox" .checked=${ticked} @change=${() => this.#fire(toggled(this.filter, facet, value))}>
      <span class="name one-line" dir="auto" title=${name}>${name}</span><span class="n">${this.facets ? count(n) : ''}</span></label>`;
  }

  #rows(facet: TickedFacet, rows: readonly FacetValue[]): TemplateResult {
    const ticked: readonly string[] = this.filter[facet];
    const all = this.whole.has(facet) || rows.length <= rowsShown + 1;
    const shown = all ? rows : rows.filter((row, n) => n < rowsShown || ticked.includes(row.value));
    return html`${repeat(shown, (row) => row.value, (row) => this.#row(facet, row))}
      ${all ? nothing : html`<button class="text-button all" @click=${() => (this.whole = new Set([...this.whole, facet]))}>All ${count(rows.length)}</button>`}`;
  }

  /** Kinds and states are always all there, in their own order, so that nothing moves while ticking. */
  #fixed(facet: 'kinds' | 'states', order: readonly string[], names: Readonly<Record<string, string>>): TemplateResult {
    const counts = new Map((this.facets?.[facet] ?? []).map((row) => [row.value, row.count]));
    return this.#rows(facet, order.map((value) => ({ value, name: names[value] ?? value, count: counts.get(value) ?? 0 })));
  }

  #found = ({ detail }: CustomEvent<{ account: string; name: string }>): void => {
    this.dispatchEvent(new CustomEvent('learned', { detail }));
    if (!this.filter.people.includes(detail.account)) this.#fire(toggled(this.filter, 'people', detail.account));
  };

  #dates(): TemplateResult {
    const { filter } = this;
    const from = (event: Event): void => this.#fire(withSpan(filter, dayFrom((event.target as HTMLInputElement).value), filter.until));
    const until = (event: Event): void => this.#fire(withSpan(filter, filter.from, dayAfter(dayFrom((event.target as HTMLInputElement).value))));
    return html`<month-bars .months=${this.facets?.months ?? []} .filter=${filter} @filtered=${(event: CustomEvent<ArchiveFilter>) => this.#fire(event.detail)}></month-bars>
      <div class="days">
        <label><span class="small">From</span><input class="input" type="date" max=${lastDayOf(filter.until)} .value=${firstDayOf(filter.from)} @change=${from}></label>
        <label><span class="small">To, included</span><input class="input" type="date" min=${firstDayOf(filter.from)} .value=${lastDayOf(filter.until)} @change=${until}></label>
      </div>`;
  }

  override render() {
    const { facets, filter, nameOf } = this;
    return html`<div class="officer-blue">
      <section aria-labelledby="kind"><h2 class="section-title" id="kind">Kind</h2>${this.#fixed('kinds', orderOfKinds, kindNames)}</section>
      <section aria-labelledby="state"><h2 class="section-title" id="state">State</h2>${this.#fixed('states', orderOfStates, stateNames)}</section>
      <section aria-labelledby="people"><h2 class="section-title" id="people">People</h2>
        <person-finder @found=${this.#found}></person-finder>${this.#rows('people', rowsOf(facets?.people ?? [], filter.people, nameOf))}</section>
      <section aria-labelledby="conversations"><h2 class="section-title" id="conversations">Conversations</h2>
        ${this.#rows('conversations', rowsOf(facets?.conversations ?? [], filter.conversations, nameOf))}
        ${facets && facets.conversations.length > 0 ? nothing : html`<p class="small">They are listed with the first answer.</p>`}</section>
      <section aria-labelledby="dates"><h2 class="section-title" id="dates">Dates <span class="small">UTC days</span></h2>${this.#dates()}</section>
    </div>`;
  }
}
customElements.define('facet-column', FacetColumn);

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { exportAudit } from '#src/contract/archive.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from '../archive/archive-styles.ts';
import { dayAfter, dayFrom, firstDayOf, lastDayOf } from '../archive/filter-state.ts';
import '../archive/first-officer.ts';
import '../archive/person-finder.ts';
import { countOf } from '../archive/record-times.ts';
import { auditKinds } from './audit-kinds.ts';
import { AuditReading, type AuditFilter, type AuditState } from './audit-reading.ts';
import './audit-table.ts';

/** The audit log with its filters, its paging and its export. `officer`: reasons and queries are in it; an administrator is told that they are not. */
export class AuditLog extends LitElement {
  static override properties = { officer: { type: Boolean }, person: { state: true }, exporting: { state: true } };
  declare officer: boolean;
  declare person: { readonly account: string; readonly name: string } | undefined;
  declare exporting: boolean;
  readonly #reading = new AuditReading();

  constructor() {
    super();
    this.officer = false;
    this.person = undefined;
    this.exporting = false;
    new StoreController(this, this.#reading.state);
  }

  static override styles = [base, buttons, fields, surfaces, archiveStyles, css`
    :host { display: block; padding: var(--space-5) var(--space-6) var(--space-7); }
    .page { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--space-4); max-inline-size: 76rem; margin-inline: auto; }
    .title { display: flex; flex-wrap: wrap; align-items: end; gap: var(--space-2) var(--space-4); }
    .title > div { flex: 1 1 18rem; }
    h2 { font: 600 var(--text-xl)/1.3 var(--font-record); }
    .filters { display: grid; gap: var(--space-3); }
    .kinds { display: flex; flex-wrap: wrap; gap: 0.375rem; }
    .kind { display: inline-flex; align-items: center; gap: 0.375rem; min-block-size: 1.75rem; padding: 0 0.625rem; border: 1px solid var(--rule-strong); border-radius: var(--round-full); background: var(--raised); color: var(--ink-2); font-size: var(--text-s); font-weight: 600; cursor: pointer; }
    .kind:hover { background: linear-gradient(var(--hover), var(--hover)) var(--raised); }
    .kind[aria-pressed="true"] { background: var(--soft); border-color: var(--strong); color: var(--strong); }
    .page { --strong: var(--accent); --soft: var(--accent-soft); }
    .page.officer-blue { --strong: var(--officer); --soft: var(--officer-soft); }
    .narrow { display: grid; grid-template-columns: minmax(12rem, 18rem) 9.5rem 9.5rem auto; gap: var(--space-3); align-items: end; justify-content: start; }
    .field { font-size: var(--text-s); }
    .field .input, .only { min-block-size: 2.125rem; font-size: var(--text-s); }
    .only { display: flex; align-items: center; gap: var(--space-2); padding: 0 0.25rem 0 0.625rem; border-radius: var(--round-m); background: var(--soft); color: var(--strong); font-weight: 600; }
    .only .one-line { flex: 1; }
    .only .icon-button { inline-size: 1.625rem; block-size: 1.625rem; color: inherit; }
    .skeleton { block-size: 1.25rem; margin-block: 0.75rem; }
    .foot { display: flex; align-items: center; gap: var(--space-3); }
    .stale { opacity: 0.6; }
    @media (pointer: coarse) { .kind { min-block-size: 2.75rem; } }
    @media (max-width: 899px) { .narrow { grid-template-columns: 1fr 1fr; } .narrow > :first-child { grid-column: 1 / -1; } .narrow > .text-button { grid-column: 1 / -1; } }
    @media (max-width: 719px) { :host { padding: var(--space-4); } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#reading.read();
  }

  /** A field that is undefined is taken out: an absent filter narrows nothing. */
  #narrow(change: { readonly [K in keyof AuditFilter]?: AuditFilter[K] | undefined }): void {
    const kept = Object.entries({ ...this.#reading.state.value.filter, ...change }).filter(([, value]) => value !== undefined);
    void this.#reading.read({ kinds: [], ...Object.fromEntries(kept) });
  }
  #kind(kind: AuditFilter['kinds'][number]): void {
    const { kinds } = this.#reading.state.value.filter;
    this.#narrow({ kinds: kinds.includes(kind) ? kinds.filter((one) => one !== kind) : [...kinds, kind] });
  }
  #who(person: { account: string; name: string } | undefined): void {
    this.person = person;
    this.#narrow({ person: person?.account });
  }

  #export = async (): Promise<void> => {
    const { filter } = this.#reading.state.value;
    this.exporting = true;
    const answer = await call(exportAudit, { ...filter, kinds: [...filter.kinds] }, { once: true });
    this.exporting = false;
    if (!answer.ok) return toast(`Nothing was exported. ${answer.sentence}`, { danger: true });
    const link = Object.assign(document.createElement('a'), { href: answer.output.url, download: '' });
    this.renderRoot.append(link); // In the page, so that no browser takes the press for one without a person.
    link.click();
    link.remove();
    toast(`${countOf(answer.output.count, 'entry is', 'entries are')} on the way. The export is in the record.`);
  };

  #filters({ filter }: AuditState): TemplateResult {
    const { person } = this;
    const narrowed = filter.kinds.length > 0 || filter.person !== undefined || filter.from !== undefined || filter.until !== undefined;
    const day = (event: Event): number | undefined => dayFrom((event.target as HTMLInputElement).value);
    return html`<div class="filters">
      <div class="kinds" role="group" aria-label="Kinds">${auditKinds.map(([kind, word, drawing]) => html`
        <button class="kind" aria-pressed=${filter.kinds.includes(kind)} @click=${() => this.#kind(kind)}>${icon(drawing, 15)}${word}</button>`)}</div>
      <div class="narrow">
        ${person
          ? html`<div class="only"><span class="one-line" dir="auto" title=${person.name}>${person.name}</span><button class="icon-button" aria-label="Everybody again" data-tip="Everybody again" @click=${() => this.#who(undefined)}>${icon('x', 16)}</button></div>`
          : html`<person-finder label="Only this person" placeholder="Only this person" @found=${(event: CustomEvent<{ account: string; name: string }>) => this.#who(event.detail)}></person-finder>`}
        <label class="field"><span class="small">From, UTC day</span><input class="input" type="date" .value=${firstDayOf(filter.from)} @change=${(event: Event) => this.#narrow({ from: day(event) })}></label>
        <label class="field"><span class="small">To, included</span><input class="input" type="date" .value=${lastDayOf(filter.until)} @change=${(event: Event) => this.#narrow({ until: dayAfter(day(event)) })}></label>
        ${narrowed ? html`<button class="text-button" @click=${() => { this.person = undefined; void this.#reading.read({ kinds: [] }); }}>Clear</button>` : nothing}
      </div></div>`;
  }

  #content({ rows, running, next, failure, total }: AuditState): TemplateResult {
    if (failure && !rows) return html`<div class="trouble" role="alert"><strong>The audit log could not be read.</strong><p>${failure.sentence}</p><p>What is in it is safe.</p><button class="button" @click=${() => this.#reading.read()}>Try again</button></div>`;
    if (!rows) return html`<div aria-busy="true">${[0, 1, 2, 3, 4, 5].map(() => html`<span class="skeleton"></span>`)}</div>`;
    if (rows.length === 0) return html`<div class="trouble"><strong>Nothing of that kind is in the record.</strong><p>Take a filter away to see more.</p></div>`;
    return html`<audit-table class=${running === 'newest' ? 'stale' : nothing} .rows=${rows}></audit-table>
      <div class="foot">${next === null ? html`<span class="small">That is all of it.</span>` : html`<button class="button" ?disabled=${running === 'older'} @click=${() => this.#reading.older()}>Load older</button><span class="small">${count(rows.length)} of ${count(total)}</span>`}
        ${failure ? html`<span class="fault" role="alert">${failure.sentence}</span>` : nothing}</div>`;
  }

  override render() {
    const state = this.#reading.state.value;
    return html`<div class="page ${this.officer ? 'officer-blue' : ''}">
      <div class="title"><div><h2>Who did what, when, from where</h2>
        <p class="small" role="status">${state.rows ? `${countOf(state.total, 'entry', 'entries')}, complete to position ${count(state.position)}.` : ''} ${this.officer ? '' : 'Reasons and queries of inquiries are for officers; you see that they happened.'}</p></div>
        <button class="button" ?disabled=${this.exporting || state.total === 0} @click=${this.#export}>${icon('package')}Export ${state.rows ? count(state.total) : ''}</button></div>
      ${this.#filters(state)}${this.#content(state)}<first-officer></first-officer></div>`;
  }
}
customElements.define('audit-log', AuditLog);

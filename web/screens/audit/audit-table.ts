import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { AuditRow } from '#src/contract/archive.ts';
import { icon } from '../../elements/icons.ts';
import { clockWithSeconds, dayOf } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { drawingOf, fromWhere } from './audit-kinds.ts';

const dayMark = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** Who did what to whom, when, from where. A table from 720 px, one entry under the other below; the roles are spelt out because that change of display would take them away. */
export class AuditTable extends LitElement {
  static override properties = { rows: { attribute: false } };
  declare rows: readonly AuditRow[];

  constructor() {
    super();
    this.rows = [];
  }

  static override styles = [base, css`
    :host { display: block; container-type: inline-size; font-size: var(--text-s); }
    table { inline-size: 100%; border-collapse: collapse; table-layout: fixed; }
    th { text-align: start; font-weight: 600; color: var(--ink-2); padding: 0.375rem 0.75rem; border-block-end: 1px solid var(--rule-strong); position: sticky; inset-block-start: 0; background: var(--page); z-index: 1; }
    td { padding: 0.4375rem 0.75rem; vertical-align: top; border-block-end: 1px solid var(--rule); overflow-wrap: anywhere; }
    tr:hover td { background: var(--hover); }
    tr.day td, tr.day:hover td { font: 600 var(--text-s)/1.4 var(--font-record); color: var(--ink-2); padding-block: var(--space-4) var(--space-1); background: none; border-block-end-color: var(--rule-strong); }
    .time { inline-size: 5.5rem; color: var(--ink-3); }
    .who { inline-size: 21%; }
    .whom { inline-size: 19%; }
    .from { inline-size: 19%; color: var(--ink-3); }
    td.who { font-weight: 600; }
    .does { display: grid; grid-template-columns: 1rem minmax(0, 1fr); gap: 0.5rem; align-items: start; }
    .does .icon { margin-block-start: 0.125rem; color: var(--ink-3); }
    .refusal .does .icon { color: var(--danger); }
    .none { color: var(--ink-3); }
    @container (max-width: 719px) {
      table, tbody, tr, td { display: block; inline-size: auto; }
      thead { display: block; position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
      tr.entry { display: grid; grid-template-columns: 4.25rem minmax(0, 1fr); padding: 0.5rem 0; border-block-end: 1px solid var(--rule); }
      td, td.who, td.whom, td.from { padding: 0; border: 0; inline-size: auto; grid-column: 2; }
      td.time { grid-column: 1; grid-row: 1; inline-size: auto; }
      td.whom.none, td.from.none { display: none; }
      tr.day td, tr.day:hover td { padding-block: var(--space-4) var(--space-1); }
    }
  `];

  #row(row: AuditRow, before: AuditRow | undefined): TemplateResult {
    const newDay = before === undefined || dayOf(before.at) !== dayOf(row.at);
    return html`${newDay ? html`<tr class="day" role="row"><td role="cell" colspan="5">${dayMark.format(row.at)}</td></tr>` : nothing}
      <tr class="entry ${row.kind}" role="row">
        <td role="cell" class="time"><time datetime=${new Date(row.at).toISOString()}>${clockWithSeconds(row.at)}</time></td>
        <td role="cell" class="who"><bdi>${row.byName}</bdi></td>
        <td role="cell" class="what" title=${row.type}><span class="does">${icon(drawingOf(row.kind), 16)}<span dir="auto">${row.says}</span></span></td>
        <td role="cell" class="whom ${row.subjectName === null ? 'none' : ''}">${row.subjectName === null ? nothing : html`<bdi>${row.subjectName}</bdi>`}</td>
        <td role="cell" class="from ${fromWhere(row) === '' ? 'none' : ''}">${fromWhere(row)}</td></tr>`;
  }

  override render() {
    return html`<table role="table" aria-label="Audit log, newest first">
      <thead role="rowgroup"><tr role="row">${[['time', 'Time'], ['who', 'Who'], ['what', 'Did what'], ['whom', 'To whom'], ['from', 'From where']].map(([name, word]) => html`<th role="columnheader" scope="col" class=${name ?? ''}>${word}</th>`)}</tr></thead>
      <tbody role="rowgroup">${this.rows.map((row, n) => this.#row(row, this.rows[n - 1]))}</tbody></table>`;
  }
}
customElements.define('audit-table', AuditTable);

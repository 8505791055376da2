import { css } from 'lit';

/** The table of people: columns from 720 px of room, a card of lines per person below. */
export const peopleStyles = css`
  .page { container-type: inline-size; }
  table { inline-size: 100%; border-collapse: collapse; table-layout: fixed; font-size: var(--text-s); }
  th { text-align: start; font-weight: 600; color: var(--ink-2); padding: 0.375rem 0.75rem; border-block-end: 1px solid var(--rule-strong); }
  td { padding: 0.25rem 0.75rem; block-size: 2.875rem; border-block-end: 1px solid var(--rule); overflow-wrap: anywhere; }
  .name { inline-size: 26%; }
  .address { inline-size: 26%; }
  .sessions { inline-size: 5.5rem; text-align: end; }
  .menu { inline-size: 3.5rem; text-align: end; }
  .person { display: flex; align-items: center; gap: 0.625rem; min-inline-size: 0; }
  .mail, .class { display: block; color: var(--ink-3); font-size: var(--text-xs); }
  tbody tr:hover td { background: var(--hover); }
  @container (max-width: 719px) {
    table, tbody, td { display: block; inline-size: auto; }
    thead { display: block; position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    tbody tr { display: flex; flex-wrap: wrap; align-items: center; padding-block: var(--space-2); border-block-end: 1px solid var(--rule); }
    tbody tr:hover td { background: none; }
    td, td.name, td.address { block-size: auto; padding: 0; border: 0; inline-size: auto; min-inline-size: 0; max-inline-size: 100%; color: var(--ink-2); }
    td.name { order: 0; flex: 1 1 calc(100% - 3rem); min-inline-size: 0; color: var(--ink); }
    td.menu { order: 1; inline-size: auto; }
    td.address { order: 2; flex-basis: 100%; padding-inline-start: 2.25rem; }
    td.role { order: 3; padding-inline-start: 2.25rem; color: var(--ink-3); }
    td.last { order: 4; color: var(--ink-3); }
    td.last::before { content: "·"; padding-inline: 0.375rem; }
    td.sessions { display: none; }
  }
`;

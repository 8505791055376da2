import { css } from 'lit';

/** What the officer's and administrator's screens share: headings of the record, tables, and the officer's blue where green would be. */
export const archiveStyles = css`
  .record-title { font: 600 var(--text-xl)/1.3 var(--font-record); overflow-wrap: anywhere; }
  .section-title { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); line-height: 1.4; }
  .small { font-size: var(--text-s); color: var(--ink-3); }
  .long { overflow-wrap: anywhere; }
  .officer-blue :focus-visible, .officer-blue:focus-visible { outline-color: var(--officer); }
  .officer-blue .input:focus-visible { border-color: var(--officer); outline-color: var(--officer); }
  .officer-blue .tick { accent-color: var(--officer); }
  .officer-blue .text-button, .officer-blue a { color: var(--officer); }
  .trouble { display: grid; gap: var(--space-2); justify-items: start; padding: var(--space-5); color: var(--ink-2); max-inline-size: 36rem; }
  .trouble strong { color: var(--ink); font-size: var(--text-l); font-weight: 600; }
`;

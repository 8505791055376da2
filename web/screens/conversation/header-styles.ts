import { css } from 'lit';

export const headerStyles = css`
  header { position: relative; display: flex; align-items: center; gap: 0.25rem; min-block-size: var(--bar-height); padding: 0.375rem 1rem 0.375rem 1.4375rem; border-block-end: 1px solid var(--rule); }
  .titles { flex: 1; min-inline-size: 0; display: grid; grid-template-columns: minmax(0, max-content) auto; align-items: baseline; justify-content: start; column-gap: 0.5rem; }
  .titles p { grid-column: 1 / -1; }
  h1 { font: 600 var(--text-xl)/1.2 var(--font-record); font-size: 1.25rem; }
  h1, .titles p { text-align: match-parent; }
  .titles p { font-size: var(--text-s); color: var(--ink-2); line-height: 1.4; }
  .people { display: inline-flex; align-items: center; gap: 0.375rem; block-size: 2rem; padding: 0 0.5rem; border: 0; border-radius: var(--round-m); background: none; color: var(--ink-2); cursor: pointer; font-size: var(--text-m); }
  .people:hover { background: var(--hover); color: var(--ink); }
  .back, .narrow-only { display: none; }
  .date { position: absolute; inset-block-end: 0; inset-inline-end: 4rem; inline-size: 1px; block-size: 1px; opacity: 0; pointer-events: none; border: 0; padding: 0; }
  @media (max-width: 719px) {
    header { padding-inline: 0.375rem; }
    header.alone { padding-inline: 0.75rem 0.375rem; }
    .back { display: inline-grid; }
    .narrow-only { display: inline-block; }
    .wide-only, .people { display: none; }
  }
`;

import { css } from 'lit';

export const filesStyles = css`
  header { padding: var(--space-3) var(--space-5) var(--space-4); border-block-end: 1px solid var(--rule); }
  .title { display: flex; align-items: center; gap: var(--space-2); min-block-size: 2rem; margin-block-end: var(--space-2); }
  h1 { font: 600 var(--text-xl)/1.25 var(--font-record); }
  .back { display: none; }
  .quota { display: grid; gap: var(--space-1); max-inline-size: 46rem; min-block-size: 2.75rem; margin-block-end: var(--space-3); font-size: var(--text-s); color: var(--ink-2); }
  .quota .aside { color: var(--ink-3); }
  .quota .skeleton { block-size: 0.5rem; }
  meter { inline-size: 100%; block-size: 0.5rem; border: 0; border-radius: var(--round-full); background: var(--rule); appearance: none; overflow: hidden; }
  meter::-webkit-meter-inner-element { display: block; }
  meter::-webkit-meter-bar { block-size: 0.5rem; border: 0; border-radius: var(--round-full); background: var(--rule); }
  meter::-webkit-meter-optimum-value { background: var(--accent); }
  meter::-webkit-meter-suboptimum-value { background: var(--danger); }
  meter::-moz-meter-bar { background: var(--accent); }
  form { display: flex; gap: var(--space-2); max-inline-size: 46rem; }
  .search-box { flex: 1; min-inline-size: 0; }
  select.input { inline-size: auto; }
  .results { padding-block-end: var(--space-6); outline-offset: -2px; }
  .total { padding: var(--space-3) var(--space-5); font-size: var(--text-s); color: var(--ink-2); border-block-end: 1px solid var(--rule); }
  .total b { color: var(--ink); }
  .list, .total { max-inline-size: calc(46rem + 2 * var(--space-5)); }
  .row { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; column-gap: var(--space-3); padding: 0.4375rem var(--space-5); border-block-end: 1px solid var(--rule); }
  .row:hover { background: var(--panel); }
  .name { display: flex; align-items: center; gap: var(--space-2); min-inline-size: 0; font-weight: 600; line-height: 1.35; }
  .name a { color: var(--ink); text-decoration: none; }
  .name a:hover { text-decoration: underline; }
  .gone { font-style: italic; font-weight: 400; color: var(--ink-3); }
  .facts { font-size: var(--text-s); line-height: 1.35; color: var(--ink-3); overflow-wrap: anywhere; }
  .more, .fault { padding: var(--space-4) var(--space-5); }
  .skeletons { display: grid; gap: var(--space-3); padding: var(--space-4) var(--space-5); }
  .skeletons .skeleton { block-size: 2.5rem; max-inline-size: 40rem; }
  @media (max-width: 719px) { .back { display: inline-grid; } header, .total, .row, .more, .fault, .empty { padding-inline: var(--space-3); } }
  @media (pointer: coarse) { .row { min-block-size: 3.25rem; } }
`;

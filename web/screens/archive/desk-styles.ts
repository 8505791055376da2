import { css } from 'lit';

/** The desk's three regions, and how they become steps below 1100 px. */
export const deskStyles = css`
  :host { display: block; min-block-size: 0; }
  .desk { display: grid; grid-template-columns: 16.75rem minmax(0, 1fr) 25rem; block-size: 100%; min-block-size: 0; }
  .filters { background: var(--panel); border-inline-end: 1px solid var(--rule); min-block-size: 0; }
  .event { border-inline-start: 1px solid var(--rule); min-block-size: 0; min-inline-size: 0; }
  .results { display: grid; grid-template-rows: auto auto minmax(0, 1fr); min-block-size: 0; min-inline-size: 0; }
  .ask { display: grid; gap: var(--space-3); padding: 0.875rem var(--space-5); border-block-end: 1px solid var(--rule); }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: var(--space-2) var(--space-3); padding: 0.5625rem var(--space-5); border-block-end: 1px solid var(--rule); }
  .complete { flex: 1 1 12rem; font-size: var(--text-s); color: var(--ink-2); }
  .complete strong { color: var(--ink); font-weight: 600; }
  .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); margin-inline-start: auto; }
  .foot { display: flex; align-items: center; gap: var(--space-3); padding: var(--space-4) var(--space-5) var(--space-6); }
  .stale { opacity: 0.6; transition: opacity var(--calm) var(--ease) 200ms; }
  .skeletons > div { padding: 0.75rem var(--space-5); border-block-end: 1px solid var(--rule); }
  .skeleton.head { block-size: 0.75rem; inline-size: 45%; margin-block-end: 0.5rem; }
  .skeleton.text { block-size: 1rem; inline-size: 80%; }
  .back, .to-filters { display: none; }
  .back .icon:dir(rtl) { scale: -1 1; }
  .to-filters .count { margin-inline-start: 0.125rem; }
  aside:focus-visible { outline-offset: -2px; }
  .bar:not(:has(.complete)) { padding-block: 0; border: 0; }
  @media (max-width: 1279px) { .desk { grid-template-columns: 15rem minmax(0, 1fr) 21rem; } }
  @media (max-width: 1099px) {
    .desk { grid-template-columns: minmax(0, 1fr); }
    .desk > * { border: 0; }
    .desk[data-step="results"] > :not(.results), .desk[data-step="filters"] > :not(.filters), .desk[data-step="event"] > :not(.event) { display: none; }
    .back { display: inline-flex; margin: var(--space-2) var(--space-2) 0; }
    .to-filters { display: inline-flex; }
    .bar:not(:has(.complete)) { padding-block: 0.5625rem; border-block-end: 1px solid var(--rule); }
    .filters > :is(facet-column, file-filters), .event > :is(hit-panel, file-panel) { max-inline-size: 44rem; }
  }
  @media (max-width: 719px) {
    .ask, .bar, .foot, .skeletons > div { padding-inline: var(--space-4); }
    .complete { flex-basis: 100%; order: -1; }
  }
  @media (max-width: 479px) {
    .order-words { display: none; }
    .bar .button { padding-inline: 0.625rem; font-size: var(--text-s); }
  }
`;

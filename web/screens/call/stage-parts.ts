import { css } from 'lit';

export const stageStyles = css`
  :host { position: relative; display: grid; min-inline-size: 0; min-block-size: 0; }
  .stage { display: grid; min-inline-size: 0; min-block-size: 0; gap: 0.625rem; }
  .even > .others { display: grid; grid-template-columns: repeat(var(--halves, 4), minmax(0, 1fr)); grid-auto-rows: minmax(0, 1fr); gap: 0.625rem; min-block-size: 0; }
  .even > .others > call-tile { grid-column: var(--from, auto) / span 2; }
  .spotlight { grid-template-rows: minmax(0, 1fr) 7.5rem; }
  :host([wide]) .spotlight { grid-template-rows: minmax(0, 1fr); grid-template-columns: minmax(0, 1fr) 11rem; }
  .spotlight > .others { display: flex; gap: 0.5rem; min-inline-size: 0; min-block-size: 0; overflow: auto; scrollbar-width: thin; }
  :host([wide]) .spotlight > .others { flex-direction: column; }
  .spotlight > .others > call-tile { flex: none; inline-size: 10.5rem; block-size: 7rem; }
  :host([wide]) .spotlight > .others > call-tile { inline-size: 100%; }
  .own-picture { position: absolute; inline-size: clamp(6.5rem, 22%, 13rem); aspect-ratio: 16 / 10; display: grid; touch-action: none; cursor: grab; border-radius: 12px; box-shadow: 0 0 0 2px var(--stage); }
  .own-picture.bottom-end { inset-block-end: 2.75rem; inset-inline-end: 0.75rem; }
  .own-picture.bottom-start { inset-block-end: 2.75rem; inset-inline-start: 0.75rem; }
  .own-picture.top-start { inset-block-start: 0.75rem; inset-inline-start: 0.75rem; }
  .own-picture.top-end { inset-block-start: 3rem; inset-inline-end: 0.75rem; }
  @media (pointer: coarse) { .own-picture { inline-size: clamp(7.5rem, 22%, 13rem); aspect-ratio: 4 / 3; } }
`;

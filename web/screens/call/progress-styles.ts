import { css } from 'lit';

export const progressStyles = css`
  :host { position: relative; display: grid; grid-template-columns: minmax(0, 1fr) 21rem; grid-template-rows: minmax(0, 1fr); min-block-size: 0; min-inline-size: 0; }
  .room { display: grid; grid-template-columns: minmax(0, 1fr); grid-template-rows: auto auto minmax(0, 1fr) auto; min-block-size: 0; min-inline-size: 0; padding-inline: 1.125rem; outline: none; }
  header { display: flex; align-items: center; gap: 0.5rem; min-block-size: var(--bar-height); padding-block: 0.375rem; }
  .titles { flex: 1; min-inline-size: 0; }
  h1 { font: 600 1.25rem/1.2 var(--font-record); }
  .titles p { font-size: var(--text-s); color: var(--stage-ink-2); line-height: 1.4; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
  .control.head { min-block-size: 2.125rem; min-inline-size: 2.125rem; background: none; border-radius: var(--round-m); font-size: var(--text-s); padding: 0 0.75rem; border-color: var(--stage-rule); }
  .control.head.alone { inline-size: 2.125rem; padding: 0; border-color: transparent; }
  .control.head[aria-pressed="true"] { background: var(--stage-control); color: var(--stage-ink); }
  .back { display: none; }
  .standing { display: flex; flex-wrap: wrap; justify-content: center; gap: 0.5rem; }
  .standing:not(:empty) { padding-block-end: 0.5rem; }
  .pill { display: inline-flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.625rem; padding: 0.3125rem 0.875rem; border-radius: var(--round-l); background: var(--stage-control); font-size: var(--text-s); }
  .pill.notice { color: var(--stage-notice); }
  .pill.fault { max-inline-size: 46rem; }
  .pill.sharing { background: var(--stage-speaker); color: var(--stage-on-ink); }
  .pill.sharing .text-button { color: inherit; text-decoration: underline; }
  @media (pointer: coarse) { .pill .text-button, .pill a { position: relative; } .pill .text-button::after, .pill a::after { content: ""; position: absolute; inset: -0.8rem -0.5rem; } }
  aside { display: grid; min-block-size: 0; min-inline-size: 0; border-inline-start: 1px solid var(--stage-rule); }
  @media (max-width: 1279px) { .media { display: none; } }
  @media (max-width: 1099px) {
    :host { grid-template-columns: minmax(0, 1fr); }
    aside { display: none; }
    aside.open { display: grid; position: absolute; inset-block: 0; inset-inline-end: 0; inline-size: min(22rem, 100%); z-index: 2; box-shadow: var(--shadow); }
  }
  @media (max-width: 719px) {
    .room { padding-inline: 0.5rem; }
    .control.head .words { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); }
    .control.head, .control.head.alone { inline-size: 2.75rem; min-block-size: 2.75rem; padding: 0; border-color: transparent; }
    header { gap: 0; }
    .back { display: inline-flex; }
    .control.head.alone:last-child { display: none; }
  }
`;

import { css } from 'lit';

/** What every shadow root starts with: the box, the focus ring, text for screen readers only, quiet scroll bars. */
export const base = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { font-variant-numeric: tabular-nums; }
  :host([hidden]), [hidden] { display: none !important; }
  h1, h2, h3, h4, p, ul, ol, dl, dd, figure, fieldset { margin: 0; padding: 0; border: 0; min-inline-size: 0; }
  ul, ol { list-style: none; }
  button, input, textarea, select { font: inherit; color: inherit; letter-spacing: inherit; }
  a { color: var(--accent); text-underline-offset: 0.15em; text-decoration-thickness: 1px; }
  .icon { flex: none; display: block; }
  :focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
  .seen-by-readers-only { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .scroll { overflow-y: auto; overscroll-behavior: contain; scrollbar-width: thin; scrollbar-color: var(--rule-strong) transparent; }
  /* One line of somebody's words keeps its own direction and stands where the list stands. */
  .one-line { display: block; text-align: -webkit-match-parent; text-align: match-parent; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-inline-size: 0; }
  kbd { font-family: var(--font-text); font-size: var(--text-xs); color: var(--ink-2); border: 1px solid var(--rule-strong); border-radius: var(--round-s); padding: 0 0.3125rem; line-height: 1.3; white-space: nowrap; }
  mark { background: var(--hit); color: var(--ink); border-radius: 2px; padding: 0 1px; }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; scroll-behavior: auto !important; }
  }
  @media (forced-colors: active) {
    mark { background: Mark; color: MarkText; }
  }
`;

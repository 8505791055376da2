import { css } from 'lit';

export const composerStyles = css`
  :host { display: block; padding: 0 1.4375rem; container-type: inline-size; }
  form { position: relative; border: 1px solid var(--control); border-radius: var(--round-l); background: var(--raised); }
  form:focus-within { outline: 2px solid var(--accent); outline-offset: -1px; border-color: var(--accent); }
  textarea { display: block; inline-size: 100%; min-block-size: 2.5rem; max-block-size: min(16rem, 40dvh); padding: 0.625rem 0.875rem 0.25rem; border: 0; background: none; resize: none; field-sizing: content; line-height: var(--line); font-size: var(--text-m); overflow-wrap: anywhere; scrollbar-width: thin; }
  textarea:focus { outline: none; }
  textarea::placeholder { color: var(--ink-3); opacity: 1; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .bar { display: flex; align-items: center; gap: 0.125rem; padding: 0.125rem 0.5rem 0.5rem; }
  .bar .button { margin-inline-start: auto; }
  .count { margin-inline-start: auto; font-size: var(--text-s); color: var(--ink-3); }
  .count + .button { margin-inline-start: 0.625rem; }
  .count.over { color: var(--danger); font-weight: 600; }
  .about { display: flex; align-items: center; gap: 0.5rem; padding: 0.375rem 0.5rem 0.375rem 0.875rem; border-block-end: 1px solid var(--rule); font-size: var(--text-s); color: var(--ink-2); }
  .about .icon-button { inline-size: 1.5rem; block-size: 1.5rem; margin-inline-start: auto; }
  .about b { font-weight: 600; color: var(--ink); }
  .closed { padding: 0.75rem 0.875rem; border: 1px solid var(--rule); border-radius: var(--round-l); background: var(--panel); color: var(--ink-2); display: flex; gap: 0.75rem; align-items: center; justify-content: space-between; flex-wrap: wrap; }
  .chips { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(14rem, 100%), 1fr)); align-items: start; gap: 0.5rem; max-block-size: min(13.5rem, 32dvh); padding: 0.625rem 0.625rem 0.125rem; }
  .chips upload-chip { inline-size: auto; max-inline-size: 22rem; }
  .suggestions { position: absolute; z-index: 3; inset-block-end: calc(100% + 0.375rem); inset-inline-start: 0; inline-size: min(26rem, 100%); max-block-size: 19rem; overflow-y: auto; padding: 0.3125rem; border: 1px solid var(--rule); border-radius: 10px; background: var(--raised); box-shadow: var(--shadow); --avatar-surface: var(--raised); }
  .suggestions li { display: flex; align-items: center; gap: 0.625rem; min-block-size: var(--control-height); padding: 0.1875rem 0.5rem; border-radius: 6px; cursor: pointer; }
  .suggestions li[aria-selected="true"] { background: var(--accent-soft); }
  .suggestions .label { font-weight: 600; flex: none; max-inline-size: 60%; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .suggestions .beside { color: var(--ink-3); font-size: var(--text-s); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .glyph { inline-size: 1.5rem; text-align: center; font-size: 1.125rem; }
  @container (max-width: 24rem) { .formats { display: none; } }
  @media (max-width: 719px) {
    :host { padding: 0 0.5rem; }
    .formats { display: none; }
  }
  @media (pointer: coarse) { textarea { font-size: max(1rem, var(--text-m)); } }
`;

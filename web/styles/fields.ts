import { css } from 'lit';

/** Native fields: `label.field` holding `span.name`, the input and `span.help` or `span.fault`; `class="input"` alone for lists and tables. */
export const fields = css`
  .field { display: grid; gap: var(--space-1); }
  .field > .name { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); }
  .field > .help { font-size: var(--text-s); color: var(--ink-3); }
  .fault { display: flex; gap: var(--space-2); align-items: flex-start; font-size: var(--text-s); color: var(--danger); }
  .fault > .icon { margin-block-start: 0.125rem; }
  .input {
    inline-size: 100%; min-block-size: 2.25rem; padding: 0.375rem 0.625rem; border: 1px solid var(--control); border-radius: var(--round-m);
    background: var(--raised); color: var(--ink); font-size: var(--text-m); line-height: 1.4;
    transition: border-color var(--quick) var(--ease);
  }
  textarea.input { resize: vertical; min-block-size: 4.5rem; field-sizing: content; max-block-size: 14rem; }
  .input::placeholder { color: var(--ink-3); opacity: 1; }
  .input:hover { border-color: var(--ink-3); }
  .input:focus-visible { outline: 2px solid var(--accent); outline-offset: -1px; border-color: var(--accent); }
  .input[aria-invalid="true"] { border-color: var(--danger); }
  .input:disabled { opacity: 0.6; }
  .search-box { position: relative; display: block; color: var(--ink-2); }
  .search-box > .icon { position: absolute; inset-inline-start: 0.6875rem; inset-block-start: 50%; translate: 0 -50%; pointer-events: none; }
  .search-box > .input { padding-inline-start: 2.25rem; }
  .tick { accent-color: var(--accent); inline-size: 1rem; block-size: 1rem; margin: 0; flex: none; }
  @media (pointer: coarse) {
    .input { min-block-size: 2.75rem; font-size: max(1rem, var(--text-m)); }
  }
`;

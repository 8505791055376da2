import { css } from 'lit';

/**
 * Native buttons, dressed. `class="button"` with `primary`, `danger`, `officer` or `quiet`; `class="icon-button"` for a drawing
 * alone, which needs an `aria-label`, and `data-tip` where <hansard-tooltip> should show it; `class="text-button"` inside sentences and lists.
 */
export const buttons = css`
  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: var(--space-2);
    min-block-size: var(--control-height); padding: 0.1875rem 0.8125rem; border: 1px solid var(--control); border-radius: var(--round-m);
    background: var(--raised); color: var(--ink); font-weight: 600; font-size: var(--text-m); line-height: 1.3; text-decoration: none; cursor: pointer; user-select: none;
    transition: background-color var(--quick) var(--ease), border-color var(--quick) var(--ease);
  }
  .button:hover { background: linear-gradient(var(--hover), var(--hover)) var(--raised); }
  .button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
  .button.primary:hover { background: var(--accent-pressed); border-color: var(--accent-pressed); }
  .button.officer { background: var(--officer); border-color: var(--officer); color: var(--officer-ink); }
  .button.officer:hover { background: var(--officer-pressed); border-color: var(--officer-pressed); }
  .button.danger { background: var(--danger); border-color: var(--danger); color: var(--danger-ink); }
  .button.danger:hover { background: var(--danger-pressed); border-color: var(--danger-pressed); }
  .button.quiet { background: transparent; border-color: transparent; color: var(--ink-2); }
  .button.quiet:hover { background: var(--hover); color: var(--ink); }
  .button.wide { inline-size: 100%; }
  .button.small { min-block-size: 1.75rem; padding: 0 0.625rem; font-size: var(--text-s); }

  .icon-button {
    position: relative; display: inline-grid; place-items: center; flex: none; inline-size: 2rem; block-size: 2rem; padding: 0;
    border: 1px solid transparent; border-radius: var(--round-m); background: transparent; color: var(--ink-2); cursor: pointer;
    transition: background-color var(--quick) var(--ease), color var(--quick) var(--ease);
  }
  .icon-button:hover { background: var(--hover); color: var(--ink); }
  .icon-button[aria-pressed="true"], .icon-button[aria-expanded="true"] { background: var(--sunken); color: var(--ink); }
  @media (pointer: coarse) {
    .button.small { min-block-size: 2.75rem; }
    .icon-button::after { content: ""; position: absolute; inset: -0.375rem; }
  }

  .text-button { border: 0; padding: 0; background: none; color: var(--accent); font: inherit; font-weight: 600; cursor: pointer; border-radius: 2px; text-align: start; }
  .text-button:hover { text-decoration: underline; text-underline-offset: 0.15em; }

  .button:disabled, .icon-button:disabled, .text-button:disabled, .button[aria-disabled="true"] { cursor: default; opacity: 0.5; }
  .button.officer:focus-visible { outline-color: var(--officer); }
  .button.danger:focus-visible { outline-color: var(--danger); }
  @media (forced-colors: active) {
    .button, .icon-button { border-color: ButtonBorder; }
    .button.primary, .button.officer, .button.danger { background: Highlight; color: HighlightText; forced-color-adjust: none; }
    .icon-button[aria-pressed="true"] { border-color: Highlight; }
  }
`;

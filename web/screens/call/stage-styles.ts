import { css } from 'lit';

const tokens = css`
    color-scheme: dark; background: var(--stage); color: var(--stage-ink);
    --page: var(--stage); --panel: var(--stage); --raised: var(--stage-tile); --sunken: var(--stage-control); --ink: var(--stage-ink); --ink-2: var(--stage-ink-2); --ink-3: var(--stage-ink-2);
    --rule: var(--stage-rule); --rule-strong: var(--stage-rule); --control: var(--stage-border); --accent: var(--stage-speaker); --accent-ink: var(--stage-on-ink); --accent-pressed: var(--stage-on); --hover: var(--stage-control); --danger: var(--stage-danger);
`;
/** Puts everything below a host on the stage: what passes through shadow roots as tokens becomes dark, in both themes. */
export const stageTokens = css`:host { ${tokens} }`;
/** The same for a part of a root. */
export const roomTokens = css`.room { ${tokens} }`;

/** Round buttons of a call: with words or a drawing alone; `aria-pressed` is light, Leave is red. */
export const controlStyles = css`
  .control {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem; min-block-size: 2.75rem; min-inline-size: 2.75rem; padding: 0 1rem; border: 1px solid transparent; border-radius: var(--round-l);
    background: var(--stage-control); color: var(--stage-ink); font-weight: 600; font-size: var(--text-m); white-space: nowrap; cursor: pointer;
  }
  .control.alone { padding: 0; inline-size: 2.875rem; }
  .control:hover { background: var(--stage-control-hover); }
  .control[aria-pressed="true"] { background: var(--stage-on); color: var(--stage-on-ink); }
  .control.leave { background: var(--stage-leave); color: var(--stage-leave-ink); }
  .control.leave:hover { background: var(--stage-leave-hover); }
  .control.accept { background: var(--stage-speaker); color: var(--stage-on-ink); }
  .control:focus-visible { outline: 2px solid var(--stage-speaker); outline-offset: 2px; }
  .control:disabled { opacity: 0.5; cursor: default; }
  @media (forced-colors: active) { .control { border-color: ButtonBorder; } .control[aria-pressed="true"] { background: Highlight; color: HighlightText; forced-color-adjust: none; } }
`;

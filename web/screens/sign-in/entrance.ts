import { css } from 'lit';

/** The pages before the workspace: name, notice, one form, no chrome. */
export const entrance = css`
  :host { display: grid; min-block-size: 100dvh; block-size: 100dvh; overflow-y: auto; background: var(--page); color: var(--ink); }
  main { display: grid; align-content: start; gap: var(--space-5); inline-size: min(24rem, 100%); margin-inline: auto; padding: clamp(2rem, 16vh, 9rem) var(--space-5) var(--space-6); }
  .wordmark { font: 700 var(--text-l)/1.25 var(--font-record); color: var(--ink-2); }
  h1 { font: 600 var(--text-2xl)/1.2 var(--font-record); margin-block-start: var(--space-1); overflow-wrap: anywhere; }
  .says { color: var(--ink-2); }
  form { display: grid; gap: var(--space-4); }
  main > .button { justify-self: start; }
  .input { min-block-size: 2.5rem; }
  .button { min-block-size: 2.5rem; }
  .with-eye { position: relative; }
  .with-eye .input { padding-inline-end: 2.75rem; }
  .with-eye .icon-button { position: absolute; inset-inline-end: 0.25rem; inset-block-start: 50%; translate: 0 -50%; }
  .notice { display: flex; gap: 0.625rem; align-items: flex-start; padding-block-start: var(--space-4); border-block-start: 1px solid var(--rule); font-size: var(--text-s); color: var(--ink-2); }
  .notice .icon { margin-block-start: 0.125rem; color: var(--ink-3); }
  .fault { padding: 0.5rem 0.75rem; border-radius: var(--round-m); background: var(--danger-soft); font-size: var(--text-m); }
  .fault .icon { margin-block-start: 0.1875rem; }
  @media (pointer: coarse) { .input, .button { min-block-size: 2.75rem; } }
`;

import { css, unsafeCSS } from 'lit';
import { linkPreviewStyles } from './link-preview.ts';

const faces = unsafeCSS(Array.from({ length: 8 }, (_, n) => `.face-${n} { background: var(--face-${n}); }`).join(' '));

/** The look of rows in a timeline. Everything that loads late (faces, drawings) has its box reserved, so that no row changes its height. */
export const lineStyles = [linkPreviewStyles, css`
  .rows { display: block; padding-block: var(--space-3) var(--space-2); }
  .row { position: relative; }
  .row:focus-visible { outline-offset: -2px; border-radius: var(--round-s); }

  .message { display: grid; grid-template-columns: 2.25rem minmax(0, 1fr) auto; column-gap: 0.75rem; padding: 0.125rem 1.4375rem; }
  .message.starts { padding-block-start: 0.5rem; margin-block-start: 0.1875rem; }
  .message.active, .message:focus-within { background: var(--panel); }
  .message.lit { animation: lit 2.4s var(--ease); }
  @keyframes lit { from, 60% { background: var(--hit); } }
  .face { inline-size: 2.25rem; block-size: 2.25rem; margin-block-start: 0.125rem; }
  .message:not(.starts) .face { block-size: auto; margin: 0; }
  .initials { display: grid; place-items: center; inline-size: 100%; block-size: 100%; border-radius: 50%; color: var(--face-ink); font-weight: 700; font-size: 0.8125rem; line-height: 1; letter-spacing: 0.01em; user-select: none; }
  ${faces}
  .aside-time { visibility: hidden; display: block; font-size: 0.6875rem; line-height: calc(var(--text-m) * var(--line)); text-align: end; color: var(--ink-3); white-space: nowrap; }
  .active .aside-time, .message:focus-within .aside-time { visibility: visible; }
  .what { min-inline-size: 0; max-inline-size: 35rem; }
  .by { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 0.5rem; line-height: 1.35; }
  .name { font-weight: 600; overflow-wrap: anywhere; min-inline-size: 0; }
  .by time, .note { font-size: var(--text-s); color: var(--ink-3); }
  .note.imported { border: 1px solid var(--rule-strong); border-radius: var(--round-s); padding: 0 0.25rem; line-height: 1.3; font-size: var(--text-xs); }

  .text { overflow-wrap: anywhere; white-space: pre-wrap; line-height: var(--line); }
  .text p, .text ul, .text ol, .text blockquote, .text pre { margin: 0; padding: 0; }
  .text > :not(:first-child), .text li > :not(:first-child) { margin-block-start: 0.375rem; }
  .text ul { list-style: disc; } .text ol { list-style: decimal; }
  .text ul, .text ol { padding-inline-start: 1.375rem; white-space: normal; }
  .text li > p { white-space: pre-wrap; }
  .text blockquote { border-inline-start: 3px solid var(--rule-strong); padding-inline-start: 0.625rem; color: var(--ink-2); }
  .text code { font-family: var(--font-code); font-size: 0.9em; background: var(--sunken); border-radius: var(--round-s); padding: 0.0625em 0.3125em; }
  .text pre { max-block-size: 24rem; overflow: auto; background: var(--sunken); border-radius: var(--round-m); padding: 0.5rem 0.75rem; white-space: pre; overflow-wrap: normal; scrollbar-width: thin; }
  .text pre code { background: none; padding: 0; font-size: var(--text-s); }
  .retracted, .gone { font-style: italic; color: var(--ink-3); }
  .action { font-style: italic; color: var(--ink-2); }
  .mention { background: var(--accent-soft); color: var(--accent); font-weight: 600; border-radius: var(--round-s); padding: 0 0.1875rem; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
  .mention.mine { background: var(--notice); color: var(--notice-ink); }

  .quote { display: block; inline-size: fit-content; max-inline-size: 100%; margin-block: 0.1875rem; padding: 0 0 0 0.625rem; border: 0; border-inline-start: 3px solid var(--rule-strong); background: none; color: var(--ink-2); font-size: var(--text-s); text-align: start; cursor: pointer; overflow: hidden; text-overflow: ellipsis; display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; }
  .quote:hover { border-inline-start-color: var(--accent); color: var(--ink); }
  .quote b { font-weight: 600; }

  .reactions { display: flex; flex-wrap: wrap; gap: 0.375rem; margin-block: 0.375rem 0.125rem; }
  .reaction { display: inline-flex; align-items: center; gap: 0.25rem; min-block-size: 1.5rem; padding: 0 0.5rem; border: 1px solid var(--rule-strong); border-radius: var(--round-full); background: var(--raised); color: var(--ink-2); font-size: var(--text-s); font-weight: 600; cursor: pointer; line-height: 1.4; }
  .reaction:hover { border-color: var(--control); }
  .reaction[aria-pressed="true"] { border-color: var(--accent); background: var(--accent-soft); color: var(--accent); }

  .mark { align-self: end; display: grid; place-items: center; inline-size: 1.375rem; block-size: 1.375rem; margin: 0; padding: 0; border: 0; border-radius: var(--round-s); background: none; color: var(--ink-3); }
  button.mark { cursor: pointer; }
  .mark.all { color: var(--accent); }
  .not-sent { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; margin-block-start: 0.125rem; font-size: var(--text-s); color: var(--ink-3); }
  .not-sent.refused { color: var(--danger); }
  .waiting .text { color: var(--ink-2); }

  .day { display: flex; align-items: center; gap: 1rem; margin-block: 0.875rem 0.375rem; padding-inline: 1.4375rem; font: 600 var(--text-m)/1.4 var(--font-record); color: var(--ink-2); }
  .day::before, .day::after { content: ""; flex: 1; border-block-start: 1px solid var(--rule); }
  .divider { display: flex; align-items: center; gap: 0.625rem; margin-block: 0.5rem 0.125rem; padding-inline: 1.4375rem; font-size: var(--text-s); font-weight: 600; color: var(--accent); }
  .divider::after { content: ""; flex: 1; border-block-start: 1px solid var(--accent); }
  .life { padding: 0.1875rem 1.4375rem 0.1875rem 4.4375rem; font-size: var(--text-s); color: var(--ink-3); overflow-wrap: anywhere; }
  .life.call .icon { display: inline-block; vertical-align: -0.125em; margin-inline-end: 0.25rem; }
  .life.missed { color: var(--danger); }
  .life .text-button { margin-inline-start: 0.5rem; }
  .begins { padding: var(--space-5) 1.4375rem var(--space-2); color: var(--ink-2); }
  .begins h2 { text-align: match-parent; font: 600 var(--text-l)/1.3 var(--font-record); color: var(--ink); overflow-wrap: anywhere; }

  .acts { position: absolute; inset-block-start: -0.875rem; inset-inline-end: 2.5rem; z-index: 1; display: flex; padding: 0.125rem; border: 1px solid var(--rule); border-radius: var(--round-m); background: var(--raised); box-shadow: var(--shadow); }
  .acts .icon-button { inline-size: 1.75rem; block-size: 1.75rem; }
  .disc { block-size: 2.25rem; border-radius: 50%; }
  .bar { block-size: 0.875rem; }
  .name-bar { inline-size: 9rem; margin-block: 0.25rem 0.5rem; }
  .bar.wide { inline-size: 70%; } .bar.middle { inline-size: 54%; } .bar.short { inline-size: 40%; }

  @media (max-width: 719px) {
    .message, .day, .divider, .begins { padding-inline: 0.75rem; }
    .message { column-gap: 0.625rem; }
    .life { padding-inline: 3.625rem 0.75rem; }
    .acts { inset-inline-end: 0.75rem; }
  }
  @media (pointer: coarse) {
    .acts .icon-button { inline-size: 2.5rem; block-size: 2.5rem; }
    .acts { inset-block-start: -1.75rem; }
  }
  @media (forced-colors: active) {
    .mention, .initials { border: 1px solid; }
    .message.active { outline: 1px solid; outline-offset: -1px; }
  }
`];

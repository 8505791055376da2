import { css } from 'lit';
import { tileStyles } from '../../elements/file-tile.ts';

/** The look of files in a timeline. Every box has its size before its bytes are there, so that no row changes its height. */
export const fileStyles = [tileStyles, css`
  .file { position: relative; display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: center; column-gap: 0.75rem; inline-size: fit-content; min-inline-size: min(17.5rem, 100%); max-inline-size: 100%; min-block-size: 3.625rem; margin-block: 0.25rem 0.125rem; padding: 0.4375rem 0.875rem 0.4375rem 0.625rem; border: 1px solid var(--rule); border-radius: var(--round-m); background: var(--raised); color: var(--ink); text-decoration: none; }
  a.file:hover { border-color: var(--control); }
  a.file:hover .file-name { text-decoration: underline; text-underline-offset: 0.15em; }
  .file-name { display: block; font-weight: 600; line-height: 1.35; }
  .file-facts { display: block; font-size: var(--text-s); line-height: 1.35; color: var(--ink-3); }

  .preview { display: grid; justify-items: start; gap: 0.125rem; margin-block: 0.25rem 0.125rem; max-inline-size: 100%; }
  .picture { position: relative; display: block; max-inline-size: 100%; border-radius: var(--round-m); background: var(--sunken); overflow: hidden; outline-offset: 2px; }
  .picture img { display: block; max-inline-size: 100%; block-size: auto; min-block-size: 1.5rem; object-fit: contain; }
  .picture::after { content: ""; position: absolute; inset: 0; border: 1px solid var(--rule); border-radius: inherit; pointer-events: none; }
  .picture .broken { display: none; position: absolute; inset: 0; place-content: center; padding: 0.25rem; text-align: center; font-size: var(--text-s); color: var(--ink-2); background: var(--sunken); }
  .picture.failed .broken { display: grid; }
  .preview video { display: block; inline-size: 22rem; max-inline-size: 100%; aspect-ratio: 16 / 9; border-radius: var(--round-m); background: var(--sunken); }
  .preview audio { display: block; inline-size: 22rem; max-inline-size: 100%; block-size: 3.375rem; }
  .caption { display: flex; flex-wrap: wrap; align-items: baseline; column-gap: 0.5rem; max-inline-size: 100%; font-size: var(--text-s); }
  .caption a { color: var(--ink-2); font-weight: 600; text-decoration: none; overflow-wrap: anywhere; min-inline-size: 0; }
  .caption a:hover { text-decoration: underline; }
  .more-uploads { padding: 0.1875rem 1.4375rem 0.1875rem 4.4375rem; font-size: var(--text-s); color: var(--ink-3); }
  @media (max-width: 719px) { .more-uploads { padding-inline: 3.625rem 0.75rem; } }
`];

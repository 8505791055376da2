import { css } from 'lit';

export const previewStyles = css`
  .preview { display: flex; flex-direction: column; flex: 1; min-block-size: 0; min-inline-size: 0; }
  header { flex: none; display: flex; align-items: center; gap: var(--space-2); padding: var(--space-3) var(--space-3) var(--space-3) var(--space-5); border-block-end: 1px solid var(--rule); }
  .what { flex: 1; min-inline-size: 0; }
  h2 { font: 600 var(--text-l)/1.3 var(--font-record); }
  .what p { font-size: var(--text-s); line-height: 1.35; color: var(--ink-3); }
  .turn { display: flex; align-items: center; gap: var(--space-1); margin-inline-end: var(--space-2); }
  .place { min-inline-size: 3.75rem; text-align: center; font-size: var(--text-s); color: var(--ink-2); white-space: nowrap; }
  .stage { flex: 1; min-block-size: 0; overflow: auto; display: grid; grid-template-columns: minmax(0, 1fr); justify-items: center; padding: var(--space-5); background: var(--sunken); outline-offset: -2px; scrollbar-width: thin; }
  .stage.image, .stage.video, .stage.audio, .stage.none { align-items: center; }
  .stage.image { position: relative; }
  .zoom { position: absolute; inset: var(--space-5); display: grid; grid-template: minmax(0, 1fr) / minmax(0, 1fr); place-items: center; padding: 0; border: 0; border-radius: var(--round-s); background: none; cursor: zoom-in; }
  img { display: block; max-inline-size: 100%; max-block-size: 100%; inline-size: auto; block-size: auto; }
  .stage.image.large { grid-template-columns: auto; justify-items: safe center; align-items: safe center; }
  .large .zoom { position: static; grid-template: auto / auto; cursor: zoom-out; }
  .large img { max-inline-size: none; max-block-size: none; }
  .stage.video { grid-template-rows: minmax(0, 1fr); }
  video { inline-size: 100%; block-size: 100%; object-fit: contain; background: black; border-radius: var(--round-m); }
  .sound { display: grid; justify-items: center; gap: var(--space-4); inline-size: min(32rem, 100%); }
  audio { inline-size: 100%; }
  .sound .tile, .unshown .tile { inline-size: 4.5rem; block-size: 5rem; font-size: 1rem; border: 1px solid var(--rule); background: var(--page); }
  .unshown { display: grid; justify-items: center; gap: var(--space-4); max-inline-size: 26rem; text-align: center; text-wrap: balance; color: var(--ink-2); }
  @media (max-width: 719px) {
    header { flex-wrap: wrap; padding: var(--space-2) var(--space-2) var(--space-2) var(--space-3); }
    .what { flex: 1 0 calc(100% - 3rem); order: 0; }
    header > .icon-button { order: 1; }
    .turn { order: 2; flex: 1; margin: 0 0 0 -0.5rem; }
    .place { min-inline-size: 0; padding-inline: var(--space-1); }
    header > .button { order: 3; }
    .stage { padding: var(--space-3); }
    .zoom { inset: var(--space-3); }
  }
`;

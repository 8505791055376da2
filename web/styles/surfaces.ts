import { css } from 'lit';

/** Small surfaces that many screens share: tags, counts, cards, menus, empty states, skeletons. */
export const surfaces = css`
  .tag { display: inline-flex; align-items: center; gap: 0.25rem; padding: 0 0.375rem; border-radius: var(--round-s); font-size: var(--text-xs); font-weight: 600; line-height: 1.5; background: var(--sunken); color: var(--ink-2); white-space: nowrap; }
  .tag.accent { background: var(--accent-soft); color: var(--accent); }
  .tag.notice { background: var(--notice); color: var(--notice-ink); }
  .tag.danger { background: var(--danger-soft); color: var(--danger); }
  .tag.officer { background: var(--officer-soft); color: var(--officer); }

  .count { display: inline-grid; place-items: center; min-inline-size: 1.1875rem; block-size: 1.1875rem; padding: 0 0.3125rem; border-radius: var(--round-full); font-size: var(--text-xs); font-weight: 600; line-height: 1; background: var(--sunken); color: var(--ink-2); }
  .count.strong { background: var(--accent); color: var(--accent-ink); }

  .card { background: var(--raised); border: 1px solid var(--rule); border-radius: var(--round-l); padding: var(--space-4); }

  .menu-item {
    display: flex; align-items: center; gap: 0.625rem; inline-size: 100%; min-block-size: var(--control-height); padding: 0.25rem 0.625rem; border: 0; border-radius: 6px;
    background: none; color: var(--ink); font: inherit; font-size: var(--text-m); text-align: start; text-decoration: none; cursor: pointer;
  }
  .menu-item > .icon { color: var(--ink-2); }
  .menu-item > .end { margin-inline-start: auto; padding-inline-start: var(--space-4); color: var(--ink-3); font-size: var(--text-s); }
  .menu-item:hover, .menu-item:focus-visible { background: var(--hover); outline: none; }
  .menu-item.danger, .menu-item.danger > .icon { color: var(--danger); }
  .menu-rule { block-size: 1px; margin: 0.3125rem 0; border: 0; background: var(--rule); }
  .menu-title { padding: 0.375rem 0.625rem 0.125rem; font-size: var(--text-s); font-weight: 600; color: var(--ink-3); }

  .empty { display: grid; justify-items: start; gap: var(--space-3); padding: var(--space-5); color: var(--ink-2); max-inline-size: 32rem; }
  .skeleton { display: block; border-radius: var(--round-s); background: var(--sunken); animation: skeleton-comes 1ms 200ms both; }
  @keyframes skeleton-comes { from { opacity: 0; } to { opacity: 1; } }

  @media (forced-colors: active) {
    .count, .tag { border: 1px solid CanvasText; }
    .menu-item:hover, .menu-item:focus-visible { outline: 2px solid Highlight; outline-offset: -2px; }
  }
`;

import { css, html, type TemplateResult } from 'lit';
import type { SearchHit } from '#src/contract/archive.ts';
import { pathOfConversation } from '../../app/router.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import { fullTime } from '../../elements/times.ts';
import { whereSaid } from './found-words.ts';
import { excerpt, marked } from './marked.ts';

export const hitStyles = css`
  .hit { display: grid; grid-template-columns: 28px minmax(0, 1fr); column-gap: 0.75rem; padding: var(--space-3) var(--space-5); border-block-end: 1px solid var(--rule); color: var(--ink); text-decoration: none; }
  .hit:hover { background: var(--hover); }
  .hit:focus-visible { outline-offset: -2px; }
  .by { font-size: var(--text-s); color: var(--ink-3); }
  .by b { font-size: var(--text-m); color: var(--ink); font-weight: 600; margin-inline-end: var(--space-2); }
  .text { display: block; max-inline-size: 70ch; white-space: pre-wrap; overflow-wrap: anywhere; }
  @media (max-width: 719px) { .hit { padding-inline: var(--space-3); } }
`;

/** One message that was found, with a way to its place. */
export const hitRow = (hit: SearchHit): TemplateResult => {
  const shown = excerpt(hit.text, hit.marks);
  return html`<li><a class="hit" href=${pathOfConversation(hit.conversationId, hit.revision)}>
    <hansard-avatar .name=${workspace.directory.nameOf(hit.author)} .key=${hit.author}></hansard-avatar>
    <span><span class="by"><b dir="auto">${workspace.directory.nameOf(hit.author)}</b>in <bdi>${whereSaid(workspace.conversation(hit.conversationId))}</bdi> · <time datetime=${new Date(hit.at).toISOString()}>${fullTime(hit.at)}</time></span>
      <span class="text" dir="auto">${marked(shown.text, shown.marks)}</span></span></a></li>`;
};

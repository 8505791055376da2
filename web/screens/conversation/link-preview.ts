import { css, html, nothing, type TemplateResult } from 'lit';
import { linkPictureUrl, withdrawLinkPreview, type LinkPreview } from '#src/contract/links.ts';
import { call } from '../../client/call.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';

/** The picture's box has its size before its bytes are there, and a picture that does not come leaves it empty. */
export const linkPreviewStyles = css`
  .link-card { position: relative; display: grid; max-inline-size: 30rem; margin-block: 0.375rem 0.125rem; border: 1px solid var(--rule); border-inline-start: 3px solid var(--rule-strong); border-radius: var(--round-m); background: var(--raised); }
  .link-card a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.75rem; padding: 0.5rem 0.75rem; border-radius: inherit; color: var(--ink); text-decoration: none; white-space: normal; }
  .link-card a:hover .link-title { text-decoration: underline; text-underline-offset: 0.15em; }
  .link-words { display: block; min-inline-size: 0; }
  .link-site { display: block; font-size: var(--text-xs); color: var(--ink-3); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
  .link-site.beside { padding-inline-end: 1.75rem; }
  .link-title, .link-says { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; line-height: 1.35; }
  .link-title { font-weight: 600; }
  .link-says { margin-block-start: 0.125rem; font-size: var(--text-s); color: var(--ink-2); }
  .link-picture { display: block; inline-size: 5.5rem; block-size: 5.5rem; border-radius: var(--round-s); background: var(--sunken); overflow: hidden; }
  .link-picture img { display: block; inline-size: 100%; block-size: 100%; object-fit: cover; }
  .link-picture img.failed { visibility: hidden; }
  .link-card .link-away { position: absolute; inset-block-start: 0.25rem; inset-inline-end: 0.25rem; inline-size: 1.5rem; block-size: 1.5rem; background: var(--raised); opacity: 0; }
  .active .link-away, .message:focus-within .link-away { opacity: 1; }
  @media (pointer: coarse) { .link-card .link-away { opacity: 1; } .link-card .link-away::after { inset: -0.625rem; } }
  @media (max-width: 479px) { .link-picture { inline-size: 3.5rem; block-size: 3.5rem; } .link-card a { gap: 0.5rem; padding-inline: 0.5rem; } }
`;

/** A page calls itself what it likes; where a link really leads stands beside that. */
const siteOf = ({ site, url }: LinkPreview): string => {
  const host = URL.parse(url)?.host ?? '';
  return site === '' || site.toLowerCase() === host.toLowerCase() ? host : `${host} · ${site}`;
};

const failed = (event: Event): void => (event.currentTarget as HTMLElement).classList.add('failed');

const takeAway = async (conversationId: string, messageId: string, link: number): Promise<void> => {
  const answer = await call(withdrawLinkPreview, { conversationId, messageId, link });
  if (!answer.ok) toast(answer.sentence);
};

/** What a link led to when it was posted. `own`: the reader may take it away. */
export const linkPreviewCard = (preview: LinkPreview, messageId: string, { conversationId, own }: { readonly conversationId: string; readonly own: boolean }): TemplateResult => {
  const { link, url, title, description, picture } = preview;
  return html`<div class="link-card">
    <a href=${url} target="_blank" rel="noopener noreferrer" title=${url}>
      <span class="link-words"><bdi class=${own && !picture ? 'link-site beside' : 'link-site'}>${siteOf(preview)}</bdi><span class="link-title" dir="auto">${title}</span>${description === '' ? nothing : html`<span class="link-says" dir="auto">${description}</span>`}</span>
      ${picture ? html`<span class="link-picture"><img src=${linkPictureUrl(conversationId, messageId, link)} alt=${picture.alt} width=${picture.width} height=${picture.height} loading="lazy" decoding="async" @error=${failed}></span>` : nothing}
    </a>
    ${own ? html`<button class="icon-button link-away" aria-label=${`Take the preview of ${title} away`} data-tip="Take the preview away" @click=${() => void takeAway(conversationId, messageId, link)}>${icon('x', 14)}</button>` : nothing}
  </div>`;
};

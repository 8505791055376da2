import { html, nothing, type TemplateResult } from 'lit';
import { fullTimeWithSeconds } from './record-times.ts';
import type { OpenedHit } from './opened-hit.ts';

type Preview = OpenedHit['previews'][number];

/** The picture travels with the look at it; nothing is fetched for it. */
const pictureOf = ({ picture, webp }: Preview): TemplateResult | typeof nothing =>
  picture && webp ? html`<img src=${`data:image/webp;base64,${webp.replaceAll('-', '+').replaceAll('_', '/')}`} alt=${picture.alt} width=${picture.width} height=${picture.height}>` : nothing;

/** What the links of a message led to, as people saw it; nothing where it had none. An officer goes to the page by hand, or not at all. */
export const openedPreviews = (previews: readonly Preview[]): TemplateResult | typeof nothing =>
  previews.length === 0 ? nothing : html`<section aria-labelledby="led-to"><h2 class="section-title" id="led-to">What its links led to</h2>
    <ul>${previews.map((preview) => html`<li class="led-to">
      <p class="title" dir="auto">${preview.title}</p>
      ${preview.site === '' ? nothing : html`<p class="small" dir="auto">${preview.site}</p>`}
      ${preview.description === '' ? nothing : html`<p dir="auto">${preview.description}</p>`}
      <p class="small"><bdi>${preview.url}</bdi></p>
      <p class="small">Shown since ${fullTimeWithSeconds(preview.at)}${preview.withdrawnAt === null ? '' : `, taken away ${fullTimeWithSeconds(preview.withdrawnAt)}`}</p>
      ${pictureOf(preview)}</li>`)}</ul></section>`;

import { css, html, LitElement, type TemplateResult } from 'lit';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { archiveStyles } from './archive-styles.ts';
import { textBefore, type Version } from './opened-hit.ts';
import { fullTimeWithSeconds, secondsBeside } from './record-times.ts';
import { aroundChanges, wordDiff, type DiffRun } from './word-diff.ts';

/** Longer texts show an edit with what stayed cut short; the whole is a press away. */
const wholeTextMax = 320;
const keptBesideChange = 48;

const run = ({ is, text }: DiffRun): TemplateResult | string =>
  is === 'went' ? html`<del><span class="seen-by-readers-only">removed: </span>${text}</del>` : is === 'came' ? html`<ins><span class="seen-by-readers-only">added: </span>${text}</ins>` : text;

/** A message from its first version to its retraction; what an edit took and brought is marked word by word. */
export class VersionHistory extends LitElement {
  static override properties = { versions: { attribute: false }, whole: { state: true } };
  declare versions: readonly Version[];
  declare whole: ReadonlySet<number>;

  constructor() {
    super();
    this.versions = [];
    this.whole = new Set();
  }

  static override styles = [base, buttons, archiveStyles, css`
    :host { display: block; }
    li { position: relative; padding: 0 0 var(--space-4) 1.375rem; }
    li::before { content: ""; position: absolute; inset-block: 0; inset-inline-start: 0.375rem; inline-size: 2px; background: var(--rule-strong); }
    li:first-child::before { inset-block-start: 0.5rem; }
    li:last-child { padding-block-end: 0; }
    li:last-child:not(:first-child)::before { inset-block-end: auto; block-size: 0.75rem; }
    li:only-child::before { display: none; }
    .dot { position: absolute; inset-block-start: 0.25rem; inset-inline-start: 0; inline-size: 0.875rem; block-size: 0.875rem; border: 2px solid var(--officer); border-radius: 50%; background: var(--page); }
    .retracted .dot { border-color: var(--danger); }
    .when { font-size: var(--text-xs); color: var(--ink-3); overflow-wrap: anywhere; }
    .text { font-size: var(--text-m); line-height: 1.5; white-space: pre-wrap; overflow-wrap: anywhere; }
    .gone { font-style: italic; color: var(--ink-3); }
    del { background: var(--danger-soft); color: var(--danger); border-radius: 3px; padding: 0 2px; }
    ins { background: var(--accent-soft); color: var(--accent); border-radius: 3px; padding: 0 2px; text-decoration: none; }
    del + ins { margin-inline-start: 2px; }
    .text-button { font-size: var(--text-s); color: var(--officer); }
    @media (forced-colors: active) { ins { text-decoration: underline; } }
  `];

  #edited(version: Version, n: number): TemplateResult {
    const text = version.text ?? '';
    const earlier = textBefore(this.versions, n);
    if (earlier === null) return html`<p class="text" dir="auto">${text}</p>`;
    const runs = wordDiff(earlier, text);
    if (runs.every(({ is }) => is === 'stayed')) return html`<p class="text gone">The same words again.</p>`;
    const cut = text.length > wholeTextMax && !this.whole.has(n);
    return html`<p class="text" dir="auto">${(cut ? aroundChanges(runs, keptBesideChange) : runs).map(run)}</p>
      ${cut ? html`<button class="text-button" @click=${() => (this.whole = new Set([...this.whole, n]))}>Whole text</button>` : ''}`;
  }

  #text(version: Version, n: number): TemplateResult {
    if (version.what === 'retracted') return html`<p class="text gone">Removed from everyone’s view. The record keeps it.</p>`;
    if (version.text === null) return html`<p class="text gone">The key of this text was destroyed. That it was said, by whom and when, remains.</p>`;
    if (version.what === 'edited') return this.#edited(version, n);
    return version.text === '' ? html`<p class="text gone">Empty text</p>` : html`<p class="text" dir="auto">${version.text}</p>`;
  }

  override render() {
    const first = this.versions[0]?.at ?? 0;
    return html`<ol>${this.versions.map((version, n) => html`<li class=${version.what}>
      <span class="dot" aria-hidden="true"></span>
      <p class="when">${n === 0 ? fullTimeWithSeconds(version.at) : secondsBeside(version.at, first)} · ${version.what} by <bdi>${version.byName}</bdi></p>
      ${this.#text(version, n)}</li>`)}</ol>`;
  }
}
customElements.define('version-history', VersionHistory);

import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { fileKindOf, inlineTypes, openFile, type ArchivedFile } from '#src/contract/files.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { fileTile, tileStyles, typeWords } from '../../elements/file-tile.ts';
import '../../elements/hansard-copy.ts';
import { icon } from '../../elements/icons.ts';
import { clockWithSeconds, count } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { abbreviated } from './abbreviated.ts';
import { archiveStyles } from './archive-styles.ts';
import { whyUnread } from './inside-words.ts';
import { fullTimeWithSeconds } from './record-times.ts';

type Opened = OutputOf<typeof openFile>;

/** One file: what the record says of it, and the bytes once this officer has opened it. Opening is a look, recorded before a byte is read. Fires `narrowed` with the file, for those of its conversation. */
export class FilePanel extends LitElement {
  static override properties = { inquiry: {}, file: { attribute: false }, opened: { state: true }, opening: { state: true }, failure: { state: true }, broken: { state: true } };
  declare inquiry: string;
  declare file: ArchivedFile | undefined;
  declare opened: Opened | undefined;
  declare opening: boolean;
  declare failure: Refusal | undefined;
  declare broken: boolean;
  #over: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.inquiry = '';
    this.file = undefined;
    this.#close();
  }

  static override styles = [base, buttons, surfaces, archiveStyles, tileStyles, css`
    :host { display: block; }
    section { padding: var(--space-3) var(--space-4) var(--space-4); border-block-end: 1px solid var(--rule); }
    .head { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--space-3); align-items: center; }
    .name { font-size: var(--text-l); font-weight: 600; line-height: 1.3; overflow-wrap: anywhere; }
    .section-title { padding-block-end: var(--space-2); }
    dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.1875rem var(--space-3); font-size: var(--text-s); align-items: baseline; }
    dt { color: var(--ink-3); }
    dd { text-align: end; overflow-wrap: anywhere; min-inline-size: 0; }
    dd.code { display: flex; align-items: center; justify-content: flex-end; gap: 0.125rem; font-family: var(--font-code); font-size: var(--text-xs); }
    dd hansard-copy { margin: -0.25rem -0.375rem -0.25rem 0; }
    .acts { display: flex; flex-wrap: wrap; gap: var(--space-2); margin-block-end: var(--space-2); }
    .shown { margin-block-end: var(--space-3); }
    .shown img { display: block; max-inline-size: 100%; max-block-size: 60dvh; block-size: auto; border: 1px solid var(--rule); border-radius: var(--round-m); background: var(--sunken); }
    .shown video, .shown audio { display: block; inline-size: 100%; }
    .shown video { aspect-ratio: 16 / 9; background: var(--sunken); border-radius: var(--round-m); }
    .nothing-open { padding: var(--space-5) var(--space-4); color: var(--ink-3); font-size: var(--text-s); }
    .only { padding-block-start: var(--space-3); }
    .fault { display: flex; gap: var(--space-2); color: var(--danger); font-size: var(--text-s); }
  `];

  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('file')) this.#close();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#close();
  }
  #close(): void {
    clearTimeout(this.#over);
    this.opened = undefined;
    this.opening = false;
    this.failure = undefined;
    this.broken = false;
  }

  #open = async (): Promise<void> => {
    const { file } = this;
    if (!file || this.opening) return;
    this.opening = true;
    this.failure = undefined;
    const answer = await call(openFile, { inquiry: this.inquiry, conversationId: file.conversationId, fileId: file.fileId }, { once: true });
    if (this.file !== file) return;
    this.opening = false;
    if (!answer.ok) return void (this.failure = answer);
    this.opened = answer.output;
    this.#over = setTimeout(() => (this.opened = undefined), Math.max(0, answer.output.expiresAt - Date.now()));
  };

  #shown(file: ArchivedFile, { url }: Opened): TemplateResult | typeof nothing {
    if (!inlineTypes.has(file.type)) return nothing;
    const src = `${url}?inline=true`;
    const kind = fileKindOf(file.type);
    if (this.broken) return html`<p class="small shown">It cannot be shown here. It can be downloaded.</p>`;
    const failed = (): void => void (this.broken = true);
    if (kind === 'image') return html`<div class="shown"><img src=${src} alt=${file.name ?? ''} width=${file.width ?? nothing} height=${file.height ?? nothing} @error=${failed}></div>`;
    return html`<div class="shown">${kind === 'video' ? html`<video controls preload="none" src=${src} aria-label=${file.name ?? ''}></video>` : html`<audio controls preload="none" src=${src} aria-label=${file.name ?? ''}></audio>`}</div>`;
  }
  #bytes(file: ArchivedFile): TemplateResult {
    const { opened } = this;
    if (file.name === null) return html`<p class="small">Its key was destroyed when its retention ended; the bytes cannot be read by anybody. That it was shared stays provable.</p>`;
    return html`${this.failure ? html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>The file was not opened. ${this.failure.sentence}</span></p>` : nothing}
      ${opened ? this.#shown(file, opened) : nothing}
      <p class="acts">${opened ? html`<a class="button officer" href=${opened.url} download>${icon('download')}Download</a>` : html`<button class="button officer" ?disabled=${this.opening} @click=${this.#open}>${icon('eye')}Open this file</button>`}</p>
      <p class="small" role="status">${opened ? `Your look is recorded. The file can be read here until ${clockWithSeconds(opened.expiresAt)}.` : 'That you opened it is recorded before a byte is read.'}</p>`;
  }
  #record(file: ArchivedFile): TemplateResult {
    return html`<section aria-labelledby="record"><h2 class="section-title" id="record">In the record</h2><dl>
      <dt>Sender</dt><dd dir="auto">${file.authorName}</dd>
      <dt>Conversation</dt><dd dir="auto">${file.conversationTitle}</dd>
      ${file.withMessage ? html`<dt>With a message</dt><dd>${file.withMessage.of === 1 ? 'alone' : `${count(file.withMessage.n)} of ${count(file.withMessage.of)} files`}</dd>` : nothing}
      <dt>Shared</dt><dd>${fullTimeWithSeconds(file.at)}</dd>
      ${file.withdrawnAt === null ? nothing : html`<dt>Withdrawn</dt><dd>${fullTimeWithSeconds(file.withdrawnAt)}</dd>`}
      <dt>Size</dt><dd>${count(file.size)} bytes</dd>
      <dt>Type</dt><dd>${file.type}</dd>
      <dt>Words inside</dt><dd>${whyUnread[file.words] ?? 'Read'}</dd>
      ${file.width && file.height ? html`<dt>Pixels</dt><dd>${count(file.width)} × ${count(file.height)}</dd>` : nothing}
      <dt>SHA-256</dt>${file.sha256 ? html`<dd class="code"><span title=${file.sha256}>${abbreviated(file.sha256)}</span><hansard-copy .text=${file.sha256} label="Copy the SHA-256"></hansard-copy></dd>` : html`<dd>no longer kept</dd>`}
      <dt>Conversation revision</dt><dd>${count(file.revision)}</dd>
      <dt>Log position</dt><dd>${count(file.position)}</dd>
    </dl><p class="only"><button class="button small" @click=${() => this.dispatchEvent(new CustomEvent('narrowed', { detail: file }))}>${icon('funnel', 16)}Only files of this conversation</button></p></section>`;
  }

  override render() {
    const { file } = this;
    if (!file) return html`<p class="nothing-open">Press a file to see what the record says of it, and to open it.</p>`;
    return html`<div class="officer-blue">
      <section><div class="head">${fileTile(file.type)}<div><h2 class="name" dir="auto">${file.name ?? 'A file whose name is no longer kept'}</h2><p class="small">${bytesOf(file.size)} · ${typeWords(file.type)}</p></div></div>
        ${file.withdrawn ? html`<p class="small">Withdrawn from everyone’s view. Kept here.</p>` : nothing}</section>
      <section aria-label="The file">${this.#bytes(file)}</section>
      ${this.#record(file)}
    </div>`;
  }
}
customElements.define('file-panel', FilePanel);

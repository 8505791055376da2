import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { findFiles, type SharedFile } from '#src/contract/files.ts';
import { previewTypes, previewUrl } from '#src/contract/previews.ts';
import { openDialog } from '../../app/shell-state.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { fileTile, pictureTile, tileStyles } from '../../elements/file-tile.ts';
import { count, fullTime, shortTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { previewedFile } from '../preview/preview-kind.ts';

const first = 3;
type Page = OutputOf<typeof findFiles>;

/** The files of one conversation, newest first: three of them, then all, page by page. Nothing where there are none. */
export class ConversationFiles extends LitElement {
  static override properties = { conversationId: {}, page: { state: true }, all: { state: true }, busy: { state: true }, fault: { state: true } };
  declare conversationId: string;
  declare page: Page | undefined;
  declare all: boolean;
  declare busy: boolean;
  declare fault: string;
  /** The newest file that the list was asked after. */
  #askedFor = '';

  constructor() {
    super();
    this.conversationId = '';
    this.page = undefined;
    this.all = false;
    this.busy = false;
    this.fault = '';
    new StoreController(this, workspace.conversations, workspace.directory.version);
  }

  static override styles = [base, buttons, tileStyles, css`
    :host { display: block; }
    section { display: grid; gap: var(--space-2); padding: var(--space-4); border-block-end: 1px solid var(--rule); }
    h2 { font-size: var(--text-s); font-weight: 600; color: var(--ink-2); }
    .file { display: grid; grid-template-columns: auto minmax(0, 1fr); align-items: center; gap: 0.625rem; inline-size: calc(100% + 0.75rem); min-block-size: 2.75rem; margin-inline: -0.375rem; padding: 0.1875rem 0.375rem; border: 0; border-radius: var(--round-m); background: none; text-align: start; cursor: pointer; }
    .file:hover { background: var(--hover); }
    .name { display: block; line-height: 1.35; }
    .facts { display: block; font-size: var(--text-s); line-height: 1.35; color: var(--ink-3); }
    .text-button { justify-self: start; font-size: var(--text-s); }
    .acts { display: flex; gap: var(--space-4); }
    .help { font-size: var(--text-s); color: var(--ink-3); }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('file-withdrawn', this.#again);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('file-withdrawn', this.#again);
  }
  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('conversationId')) {
      this.page = undefined;
      this.all = false;
    }
    const last = workspace.conversation(this.conversationId)?.last;
    const newest = last?.form === 'file' ? last.messageId : '';
    // Who only writes does not make everybody's panel ask.
    if (!changed.has('conversationId') && (newest === '' || newest === this.#askedFor)) return;
    this.#askedFor = newest;
    void this.#ask();
  }
  readonly #again = (): void => void this.#ask();

  async #ask(before?: number): Promise<void> {
    const { conversationId } = this;
    this.busy = true;
    const answer = await call(findFiles, { conversationId, ...(before !== undefined && { before }) });
    if (conversationId !== this.conversationId) return;
    this.busy = false;
    this.fault = answer.ok ? '' : answer.sentence;
    if (answer.ok) this.page = before === undefined || !this.page ? answer.output : { ...answer.output, files: [...this.page.files, ...answer.output.files] };
  }

  #row(file: SharedFile): TemplateResult | typeof nothing {
    const shown = previewedFile(file);
    if (!shown) return nothing;
    const who = file.author === workspace.me?.account ? 'You' : workspace.directory.nameOf(file.author);
    return html`<li><button class="file" aria-haspopup="dialog" @click=${() => openDialog({ is: 'preview-file', file: shown })}>
      ${previewTypes.has(file.type) && file.width !== null ? pictureTile(file.type, previewUrl(file.conversationId, file.fileId)) : fileTile(file.type)}
      <span><span class="name one-line" dir="auto" title=${shown.name}>${shown.name}</span><span class="facts one-line">${bytesOf(file.size)} · <bdi>${who}</bdi>, <time datetime=${new Date(file.at).toISOString()} title=${fullTime(file.at)}>${shortTime(file.at)}</time></span></span>
    </button></li>`;
  }

  override render() {
    const { page } = this;
    if (this.fault && !page) return html`<section aria-labelledby="files"><h2 id="files">Files</h2><p class="help" role="alert">${this.fault}</p></section>`;
    if (!page || page.total === 0) return nothing;
    const shown = this.all ? page.files : page.files.slice(0, first);
    return html`<section aria-labelledby="files"><h2 id="files">Files, ${count(page.total)}</h2>
      <ul>${repeat(shown, ({ fileId }) => fileId, (file) => this.#row(file))}</ul>
      ${page.total > first ? html`<div class="acts">
        ${this.all && page.next !== null ? html`<button class="text-button" ?disabled=${this.busy} @click=${() => this.#ask(page.next!)}>Show older</button>` : nothing}
        <button class="text-button" aria-expanded=${this.all} @click=${() => (this.all = !this.all)}>${this.all ? 'Show fewer' : 'Show all'}<span class="seen-by-readers-only"> files</span></button></div>` : nothing}
    </section>`;
  }
}
customElements.define('conversation-files', ConversationFiles);

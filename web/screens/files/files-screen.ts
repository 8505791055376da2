import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { fileUrl, listMyFiles, type FileKind, type SharedFile } from '#src/contract/files.ts';
import type { OutputOf } from '#src/contract/endpoint.ts';
import { limits } from '#src/contract/limits.ts';
import { pathOfConversation } from '../../app/router.ts';
import { openDialog } from '../../app/shell-state.ts';
import { call } from '../../client/call.ts';
import { StoreController } from '../../client/store.ts';
import { uploading } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { fileTile, kindNames, tileStyles } from '../../elements/file-tile.ts';
import '../../elements/hansard-menu.ts';
import { icon } from '../../elements/icons.ts';
import { count, fullTime, shortTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { filesStyles } from './files-styles.ts';

type Page = OutputOf<typeof listMyFiles>;
const typingRestMs = 200;
const kinds = Object.entries(kindNames) as readonly (readonly [FileKind, string])[];

/** What have I shared, where is it, and how much may I share still? */
export class FilesScreen extends LitElement {
  static override properties = { page: { state: true }, fault: { state: true }, busy: { state: true }, name: { state: true }, kind: { state: true } };
  declare page: Page | undefined;
  declare fault: string;
  declare busy: boolean;
  declare name: string;
  declare kind: FileKind | undefined;
  /** Counts the questions, so that an overtaken answer is dropped. */
  #asked = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #end = (): void => {};

  constructor() {
    super();
    this.page = undefined;
    this.fault = '';
    this.busy = false;
    this.name = '';
    this.kind = undefined;
    new StoreController(this, workspace.conversations, workspace.directory.version);
  }

  static override styles = [base, buttons, fields, surfaces, tileStyles, filesStyles, css`:host { display: grid; grid-template-rows: auto minmax(0, 1fr); block-size: 100%; }`];

  override connectedCallback(): void {
    super.connectedCallback();
    workspace.place.set('Sent files');
    addEventListener('file-withdrawn', this.#again);
    let onTheirWay = uploading.value.length;
    this.#end = uploading.watch(({ length }) => {
      if (length < onTheirWay) this.#again();
      onTheirWay = length;
    });
    void this.#ask();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener('file-withdrawn', this.#again);
    this.#end();
    clearTimeout(this.#rest);
  }

  readonly #again = (): void => void this.#ask();
  async #ask(before?: number): Promise<void> {
    const asked = ++this.#asked;
    this.busy = true;
    const answer = await call(listMyFiles, { name: this.name, ...(this.kind ? { kind: this.kind } : {}), ...(before === undefined ? {} : { before }) });
    if (asked !== this.#asked) return;
    this.busy = false;
    this.fault = answer.ok ? '' : answer.sentence;
    if (answer.ok) this.page = before === undefined || !this.page ? answer.output : { ...answer.output, files: [...this.page.files, ...answer.output.files] };
  }

  readonly #type = (event: Event): void => {
    this.name = (event.target as HTMLInputElement).value;
    clearTimeout(this.#rest);
    this.#rest = setTimeout(this.#again, typingRestMs);
  };
  readonly #choose = (event: Event): void => {
    const { value } = event.target as HTMLSelectElement;
    this.kind = value === '' ? undefined : (value as FileKind);
    void this.#ask();
  };

  #quota({ used, reserved, max }: Page['quota']): TemplateResult {
    const taken = Math.min(max, used + reserved);
    const full = max > 0 && taken / max > 0.9;
    const words = `${bytesOf(used)} of ${bytesOf(max)} used${reserved > 0 ? `, ${bytesOf(reserved)} on the way up` : ''}`;
    return html`<div class="quota"><meter min="0" max=${Math.max(1, max)} high=${max * 0.9} .value=${taken} aria-label="Space used" aria-valuetext=${words}></meter>
      <p>${words}.${full ? ' Once it is full, nothing more can be shared; an administrator can make more room.' : nothing} <span class="aside">Withdrawn files count until the record lets them go.</span></p></div>`;
  }

  #place(file: SharedFile): TemplateResult {
    const row = workspace.conversation(file.conversationId);
    return row ? html`<a href=${pathOfConversation(file.conversationId, file.revision)} dir="auto">${workspace.titleOf(row)}</a>` : html`a conversation you have left`;
  }
  #row(file: SharedFile): TemplateResult {
    const isHere = workspace.conversation(file.conversationId) !== undefined;
    const { name } = file;
    const url = fileUrl(file.conversationId, file.fileId);
    const can = isHere && name !== null && !file.withdrawn;
    return html`<li class="row">${fileTile(file.type)}
      <div class="what">
        <p class="name">${name === null ? html`<span class="gone">${file.withdrawn ? 'Withdrawn file' : 'No longer kept'}</span>` : can ? html`<a href=${url} download dir="auto" class="one-line" aria-label=${`Download ${name}`} title=${name}>${name}</a>` : html`<span dir="auto" class="one-line" title=${name}>${name}</span>`}${file.withdrawn && name !== null ? html`<span class="tag">Withdrawn</span>` : nothing}</p>
        <p class="facts"><span>${bytesOf(file.size)}</span> · <span class="place">in ${this.#place(file)}</span> · <time datetime=${new Date(file.at).toISOString()} title=${fullTime(file.at)}>${shortTime(file.at)}</time></p>
      </div>
      ${can ? html`<hansard-menu label="What to do with ${name}" align="end">
        <button slot="trigger" class="icon-button" aria-label=${`More for ${name}`}>${icon('ellipsis')}</button>
        <a role="menuitem" class="menu-item" href=${url} download>${icon('download')}Download</a>
        <a role="menuitem" class="menu-item" href=${pathOfConversation(file.conversationId, file.revision)}>${icon('message-square-text')}Go to its place</a>
        <hr class="menu-rule"><button role="menuitem" class="menu-item danger" @click=${() => openDialog({ is: 'withdraw-file', conversationId: file.conversationId, fileId: file.fileId, name })}>${icon('undo-2')}Withdraw…</button>
      </hansard-menu>` : nothing}</li>`;
  }

  #results(): TemplateResult {
    const { page } = this;
    if (this.fault) return html`<p class="fault" role="alert">${icon('circle-alert', 16)}<span>${this.fault} <button class="text-button" @click=${this.#again}>Try again</button></span></p>`;
    if (!page) return html`<div class="skeletons" aria-hidden="true">${[0, 1, 2, 3].map(() => html`<span class="skeleton"></span>`)}</div>`;
    const narrowed = this.name.trim() !== '' || this.kind !== undefined;
    if (page.files.length === 0) return html`<div class="empty">${narrowed ? html`<p>${this.name.trim() === '' ? 'None of your files is of this kind.' : 'None of your files is called that. Words are found by how they begin.'}</p>` : html`<p>You have shared no file yet. Drop one on a conversation, or press the plus beside what you write.</p>`}</div>`;
    return html`<p class="total" role="status"><b>${count(page.total)} ${page.total === 1 ? 'file' : 'files'}</b>, complete to position ${count(page.position)}</p>
      <ul class="list" aria-label="Sent files">${repeat(page.files, ({ fileId }) => fileId, (file) => this.#row(file))}</ul>
      ${page.next === null ? nothing : html`<p class="more"><button class="button" ?disabled=${this.busy} @click=${() => this.#ask(page.next!)}>Show older</button></p>`}`;
  }

  override render() {
    return html`<header>
        <div class="title"><a class="icon-button back" href="/" aria-label="Back to the list">${icon('arrow-left')}</a><h1>Sent files</h1></div>
        ${this.page ? this.#quota(this.page.quota) : html`<div class="quota"><span class="skeleton"></span></div>`}
        <form role="search" @submit=${(event: Event) => event.preventDefault()}>
          <label class="search-box">${icon('search', 16)}<span class="seen-by-readers-only">Names to find</span><input class="input" type="search" dir="auto" autocomplete="off" spellcheck="false" maxlength=${limits.queryMax} placeholder="Find by name" @input=${this.#type}></label>
          <label><span class="seen-by-readers-only">Kind of file</span><select class="input" @change=${this.#choose}><option value="">All kinds</option>${kinds.map(([kind, words]) => html`<option value=${kind}>${words}</option>`)}</select></label>
        </form>
      </header>
      <div class="results scroll" tabindex="0" role="region" aria-label="Results">${this.#results()}</div>`;
  }
}
customElements.define('files-screen', FilesScreen);

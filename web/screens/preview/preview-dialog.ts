import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { fileUrl } from '#src/contract/files.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { fileTile, tileStyles, typeWords } from '../../elements/file-tile.ts';
import '../../elements/hansard-dialog.ts';
import type { HansardDialog } from '../../elements/hansard-dialog.ts';
import { icon } from '../../elements/icons.ts';
import { count, shortTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { Neighbours } from './neighbours.ts';
import { previewKindOf, type PreviewedFile } from './preview-kind.ts';
import { previewStyles } from './preview-styles.ts';
import './text-view.ts';
import './pdf-view.ts';

/** What is in this file? And the one before it, and the next: all files of the conversation, with the arrow keys. */
export class PreviewDialog extends LitElement {
  static override properties = { file: { attribute: false }, shown: { state: true }, large: { state: true }, broken: { state: true } };
  /** The file that was opened. */
  declare file: PreviewedFile;
  declare shown: PreviewedFile;
  /** A picture is drawn pixel by pixel instead of fitting in. */
  declare large: boolean;
  declare broken: boolean;
  #neighbours: Neighbours | undefined;

  constructor() {
    super();
    this.large = false;
    this.broken = false;
    new StoreController(this, workspace.directory.version);
  }

  static override styles = [base, buttons, tileStyles, previewStyles];

  override willUpdate(changed: Map<string, unknown>): void {
    if (!changed.has('file')) return;
    this.shown = this.file;
    this.#neighbours = new Neighbours(this.file.conversationId, () => this.requestUpdate());
    void this.#neighbours.reach(this.file.fileId);
  }
  override firstUpdated(): void {
    const { updateComplete } = this.renderRoot.querySelector<HansardDialog>('hansard-dialog')!;
    void updateComplete.then(() => this.#stage.focus());
  }
  get #stage(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.stage')!;
  }

  #go(to: PreviewedFile | undefined): void {
    if (!to) return;
    this.shown = to;
    this.large = false;
    this.broken = false;
    void this.#neighbours?.reach(to.fileId);
  }
  #keys = (event: KeyboardEvent): void => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    // A player winds with these keys, and what is wider than the window moves.
    const stage = this.#stage;
    if (event.composedPath().some((one) => one instanceof HTMLMediaElement) || (this.large && stage.scrollWidth > stage.clientWidth)) return;
    const { older, newer } = this.#neighbours!.around(this.shown.fileId);
    event.preventDefault();
    this.#go(event.key === 'ArrowLeft' ? older : newer);
  };

  #picture({ name, width, height }: PreviewedFile, url: string): TemplateResult {
    if (this.broken) return this.#none('This picture cannot be shown: it is damaged, or too large for this browser. It can be downloaded as it was shared.');
    const size = width && height ? { width, height } : undefined;
    return html`<button class="zoom" aria-label=${this.large ? 'Fit to the window' : 'Show in full size'} aria-pressed=${this.large} @click=${() => (this.large = !this.large)}>
      <img src=${url} alt=${`Picture ${name}`} width=${size?.width ?? nothing} height=${size?.height ?? nothing} @error=${() => (this.broken = true)}></button>`;
  }
  #none(sentence: string): TemplateResult {
    return html`<div class="unshown">${fileTile(this.shown.type)}<p>${sentence}</p></div>`;
  }
  #content(file: PreviewedFile): TemplateResult {
    const { conversationId, fileId, name, size, type } = file;
    const inline = fileUrl(conversationId, fileId, true);
    const media = () => void (this.broken = true);
    const kind = previewKindOf(type);
    if (this.broken && kind !== 'image') return this.#none('This browser cannot play it. It can be downloaded as it was shared.');
    switch (kind) {
      case 'image': return this.#picture(file, inline);
      case 'audio': return html`<div class="sound">${fileTile(type)}<audio controls preload="metadata" src=${inline} aria-label=${name} @error=${media}></audio></div>`;
      case 'video': return html`<video controls playsinline preload="metadata" src=${inline} aria-label=${name} @error=${media}></video>`;
      case 'pdf': return html`<pdf-view url=${fileUrl(conversationId, fileId)}></pdf-view>`;
      case 'text': return html`<text-view url=${fileUrl(conversationId, fileId)} .size=${size}></text-view>`;
      case 'none': return this.#none('This type of file is not shown here. Download it and open it with a program of yours.');
    }
  }

  #header(file: PreviewedFile): TemplateResult {
    const { name, size, author, at, type } = file;
    const { at: place, total, older, newer } = this.#neighbours!.around(file.fileId);
    return html`<header>
      <div class="what"><h2 class="one-line" dir="auto" title=${name}>${name}</h2>
        <p class="one-line">${typeWords(type)} · ${bytesOf(size)} · <bdi>${workspace.directory.nameOf(author)}</bdi>, <time datetime=${new Date(at).toISOString()}>${shortTime(at)}</time></p></div>
      <div class="turn">
        <button class="icon-button" aria-label="Earlier file" data-tip="Earlier file (arrow left)" ?disabled=${!older} @click=${() => this.#go(older)}>${icon('arrow-left')}</button>
        <span class="place">${place === undefined ? '' : `${count(total - place)} of ${count(total)}`}</span>
        <button class="icon-button" aria-label="Later file" data-tip="Later file (arrow right)" ?disabled=${!newer} @click=${() => this.#go(newer)}>${icon('arrow-right')}</button>
      </div>
      <a class="button primary" href=${fileUrl(file.conversationId, file.fileId)} download>${icon('download', 18)}<span>Download <span class="size">${bytesOf(size)}</span></span></a>
      <button class="icon-button" aria-label="Close" @click=${() => this.renderRoot.querySelector<HansardDialog>('hansard-dialog')!.close()}>${icon('x')}</button>
      <p class="seen-by-readers-only" role="status">${name}${place === undefined ? '' : `, ${total - place} of ${total}`}</p>
    </header>`;
  }

  override render() {
    const { shown } = this;
    return html`<hansard-dialog bare full heading=${`Preview of ${shown.name}`}><div class="preview" @keydown=${this.#keys}>
      ${this.#header(shown)}
      <div class=${`stage ${previewKindOf(shown.type)}${this.large ? ' large' : ''}`} tabindex="0" role="region" aria-label=${shown.name}>${keyed(shown.fileId, this.#content(shown))}</div>
    </div></hansard-dialog>`;
  }
}
customElements.define('preview-dialog', PreviewDialog);

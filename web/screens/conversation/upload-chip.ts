import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { StoreController, type Store } from '../../client/store.ts';
import { progressOf, withUploads, type Upload } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import { fileTile, tileStyles } from '../../elements/file-tile.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { notTheSame } from './add-files.ts';

const previewBytesMax = 20_000_000;
/** A drawing may be active; what it shows comes as a picture only once it was shared. */
const isPreviewed = ({ type, size }: Upload): boolean => /^image\/(png|jpeg|gif|webp|avif)$/.test(type) && size <= previewBytesMax;

/** A file on its way: what it is, how far it has come, and what can be done about it. */
export class UploadChip extends LitElement {
  static override properties = { upload: { attribute: false }, picture: { state: true } };
  declare upload: Upload;
  /** Address of one's own picture, in this page alone. */
  declare picture: string;
  #progress: Store<number> | undefined;
  #end = (): void => {};

  constructor() {
    super();
    this.picture = '';
    new StoreController(this, workspace.connection);
  }

  static override styles = [base, buttons, tileStyles, css`
    :host { display: block; inline-size: 17.5rem; max-inline-size: 100%; }
    .chip { position: relative; display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; column-gap: 0.625rem; min-block-size: 3.625rem; padding: 0.4375rem 0.375rem 0.4375rem 0.625rem; border: 1px solid var(--rule); border-radius: var(--round-m); background: var(--raised); overflow: hidden; }
    .chip.refused { border-color: var(--danger); }
    img { inline-size: 2.125rem; block-size: 2.375rem; object-fit: cover; border-radius: var(--round-s); background: var(--sunken); }
    .name { font-weight: 600; line-height: 1.35; }
    .facts { font-size: var(--text-s); line-height: 1.35; color: var(--ink-3); }
    .refused .facts { color: var(--danger); }
    .acts { display: flex; }
    .acts .icon-button { inline-size: 1.75rem; block-size: 1.75rem; }
    @media (pointer: coarse) { .acts .icon-button { inline-size: 2rem; block-size: 2rem; } }
    [role="progressbar"] { position: absolute; inset: auto 0 0; block-size: 3px; background: var(--sunken); }
    [role="progressbar"] > span { display: block; block-size: 100%; inline-size: var(--done); background: var(--accent); transition: inline-size var(--calm) linear; }
    .again { position: relative; overflow: hidden; }
    .again input { position: absolute; inset: 0; opacity: 0; cursor: pointer; inline-size: 100%; font-size: 0; }
    .again:focus-within { outline: 2px solid var(--accent); outline-offset: 2px; }
    @media (forced-colors: active) { [role="progressbar"] > span { background: Highlight; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.hasUpdated) this.#takeIn();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#letGo();
  }
  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('upload') && changed.get('upload')?.key !== this.upload.key) this.#takeIn();
  }
  override updated(): void {
    this.renderRoot.querySelector<HTMLElement>('[role="progressbar"] > span')?.style.setProperty('--done', `${this.#percent}%`);
  }

  #takeIn(): void {
    this.#letGo();
    this.#progress = progressOf(this.upload.key);
    this.#end = this.#progress.watch(() => this.requestUpdate());
    const { key } = this.upload;
    if (isPreviewed(this.upload)) withUploads((queue) => {
      const bytes = queue.bytesOf(key);
      if (bytes && this.isConnected && this.upload.key === key && !this.picture) this.picture = URL.createObjectURL(bytes);
    });
  }
  #letGo(): void {
    this.#end();
    if (this.picture) URL.revokeObjectURL(this.picture);
    this.picture = '';
  }

  get #percent(): number {
    const { size, state } = this.upload;
    if (state === 'whole' || state === 'recorded') return 100;
    return size === 0 ? 0 : Math.min(99, Math.floor((100 * (this.#progress?.value ?? 0)) / size));
  }
  #words(): string {
    const { size, state, refusal, reserved, sent } = this.upload;
    if (state === 'refused') return `Not shared. ${refusal?.sentence ?? ''}`;
    if (state === 'missing') return 'Choose it again: the page was left, and the browser keeps no file of this size. What has arrived is not lost.';
    if (state === 'recorded') return `${bytesOf(size)} · In the record`;
    if (state === 'whole' && refusal?.code === 'file-not-checked') return 'Not checked for viruses yet. It is kept, and the check is tried again.';
    if (state === 'whole') return `${bytesOf(size)} · ${sent ? 'Being shared' : 'Ready to send'}`;
    if (workspace.connection.value !== 'connected') return 'Waits for the connection';
    return `${bytesOf(size)} · ${reserved ? `${this.#percent} %` : 'Waits its turn'}`;
  }

  readonly #cancel = (): void => {
    withUploads((queue) => queue.cancel(this.upload.key));
    this.dispatchEvent(new CustomEvent('write', { bubbles: true, composed: true })); // The focus must not go with the chip.
  };
  readonly #retry = (): void => withUploads((queue) => queue.retry(this.upload.key));
  readonly #again = (event: Event): void => {
    const [file] = (event.target as HTMLInputElement).files ?? [];
    if (!file) return;
    withUploads((queue) => {
      if (!queue.foundAgain(this.upload.key, file)) notTheSame(this.upload);
    });
  };

  #acts(): TemplateResult {
    const { name, state, refusal } = this.upload;
    return html`<span class="acts">
      ${state === 'refused' && refusal?.code !== 'file-infected' ? html`<button type="button" class="icon-button" aria-label=${`Try ${name} again`} data-tip="Try again" @click=${this.#retry}>${icon('rotate-cw', 16)}</button>` : nothing}
      ${state === 'missing' ? html`<span class="icon-button again" data-tip="Choose it again"><input type="file" aria-label=${`Choose ${name} again`} @change=${this.#again}>${icon('rotate-cw', 16)}</span>` : nothing}
      ${state === 'recorded' ? nothing : html`<button type="button" class="icon-button" aria-label=${`${state === 'refused' || state === 'missing' ? 'Remove' : 'Cancel'} ${name}`} data-tip=${state === 'going' ? 'Cancel' : 'Remove'} @click=${this.#cancel}>${icon('x', 16)}</button>`}
    </span>`;
  }

  override render() {
    const { name, state, type } = this.upload;
    const flows = state === 'going';
    const words = this.#words();
    const trouble = state === 'refused' || state === 'missing';
    return html`<div class=${`chip ${state}`}>
      ${this.picture ? html`<img src=${this.picture} alt="">` : fileTile(type)}
      <span><span class="name one-line" dir="auto" title=${name}>${name}</span><span class=${trouble ? 'facts' : 'facts one-line'} title=${trouble ? nothing : words}>${words}</span></span>
      ${this.#acts()}
      ${flows ? html`<div role="progressbar" aria-label=${`Upload of ${name}`} aria-valuemin="0" aria-valuemax="100" aria-valuenow=${this.#percent}><span></span></div>` : nothing}
    </div>`;
  }
}
customElements.define('upload-chip', UploadChip);

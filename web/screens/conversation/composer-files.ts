import { html, nothing, type TemplateResult } from 'lit';
import { ref, createRef } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import { isSendable, sentIn, unsentIn, uploading, withUploads, type Upload } from '../../client/uploads.ts';
import { workspace } from '../../client/workspace.ts';
import { icon } from '../../elements/icons.ts';
import { addFiles } from './add-files.ts';
import { UploadAnnouncer } from './upload-announcer.ts';
import './upload-chip.ts';

/** What the composer knows of files: the button, what was pasted, the chips, and what goes along with Send. */
export class ComposerFiles {
  readonly #conversationId: string;
  readonly #done: () => void;
  readonly #input = createRef<HTMLInputElement>();
  /** For screen readers: what became of files. */
  #said = '';

  /** `done`: files were picked, writing goes on. */
  constructor(conversationId: string, done: () => void) {
    this.#conversationId = conversationId;
    this.#done = done;
  }

  /** Asks for a rendering whenever something of this conversation's files changed. @returns what ends it. */
  watch(render: () => void): () => void {
    const here = (): readonly Upload[] => [...sentIn(this.#conversationId), ...this.#unsent];
    const announcer = new UploadAnnouncer(here(), (sentence) => {
      this.#said = sentence;
      render();
    });
    const end = uploading.watch(() => {
      announcer.saw(here);
      render();
    });
    return () => {
      end();
      announcer.stop();
    };
  }

  get #unsent(): readonly Upload[] {
    return unsentIn(this.#conversationId);
  }
  get hasSendable(): boolean {
    return this.#unsent.some(isSendable);
  }

  /** Takes files that were pasted. @returns whether there were any. */
  paste(event: ClipboardEvent): boolean {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0 || event.clipboardData?.types.includes('text/plain')) return false;
    event.preventDefault();
    void addFiles(this.#conversationId, files);
    return true;
  }
  /** All that can go goes with this message, or alone. */
  send(messageId: string | null): void {
    const keys = this.#unsent.filter(isSendable).map(({ key }) => key);
    if (keys.length > 0) withUploads((queue) => queue.sent(this.#conversationId, messageId, keys));
  }

  readonly #picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void addFiles(this.#conversationId, [...(input.files ?? [])]);
    input.value = '';
    this.#done();
  };

  button(): TemplateResult {
    if (workspace.me?.guest) return html``; // Guests write, and share no files.
    return html`<button type="button" class="icon-button" aria-label="Add files" data-tip="Add files" @click=${() => this.#input.value?.click()}>${icon('plus')}</button>
      <input ${ref(this.#input)} type="file" multiple hidden tabindex="-1" aria-label="Files to add" @change=${this.#picked}>`;
  }
  chips(): TemplateResult {
    const uploads = this.#unsent;
    return html`<p class="seen-by-readers-only" role="status">${this.#said}</p>${uploads.length === 0 ? nothing : html`<ul class="chips scroll" aria-label="Files to send" tabindex=${uploads.length > 4 ? 0 : -1} @write=${this.#done}>${repeat(uploads, ({ key }) => key, (upload) => html`<li><upload-chip .upload=${upload}></upload-chip></li>`)}</ul>`}`;
  }
}

import { findFiles } from '#src/contract/files.ts';
import { call } from '../../client/call.ts';
import { previewedFile, type PreviewedFile } from './preview-kind.ts';

/** `at`: place of the file that is shown, 0 for the newest; undefined while it is not known. */
export type Around = { readonly files: readonly PreviewedFile[]; readonly at: number | undefined; readonly total: number; readonly older: PreviewedFile | undefined; readonly newer: PreviewedFile | undefined };

/** The files of a conversation, newest first, as far as they were asked for: to go from one to the next. */
export class Neighbours {
  readonly #conversationId: string;
  readonly #changed: () => void;
  #files: readonly PreviewedFile[] = [];
  #total = 0;
  #next: number | null | undefined;
  #asking = false;

  constructor(conversationId: string, changed: () => void) {
    this.#conversationId = conversationId;
    this.#changed = changed;
  }

  around(fileId: string): Around {
    const found = this.#files.findIndex((file) => file.fileId === fileId);
    const at = found < 0 ? undefined : found;
    return { files: this.#files, total: this.#total, at, older: at === undefined ? undefined : this.#files[at + 1], newer: at ? this.#files[at - 1] : undefined };
  }

  /** Asks on until this file and the one before it are there, or there are no more. Where that fails, there is no next and no previous. */
  async reach(fileId: string): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      while (this.#next !== null && !this.around(fileId).older) {
        const answer = await call(findFiles, { conversationId: this.#conversationId, ...(this.#next !== undefined && { before: this.#next }) }, { once: true });
        if (!answer.ok) return;
        this.#files = [...this.#files, ...answer.output.files.map(previewedFile).filter((file) => file !== undefined)];
        this.#total = answer.output.total;
        this.#next = answer.output.next;
        this.#changed();
      }
    } finally {
      this.#asking = false;
    }
  }
}

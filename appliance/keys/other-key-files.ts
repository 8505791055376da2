import { open, readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beginningOf, decodeLines, headerOf, type EditionKey, type KeyLine, type Mark } from './key-lines.ts';
import type { KeyringStore } from './keyring-store.ts';
import type { NodeRecords } from './node-records.ts';
import { keyOfLine, readFrom } from './own-key-file.ts';
import { editionKeyFileOf, FolderAway, keysFileOf, nodesIn, unwrapEditionKey } from './shared-files.ts';

const headerBytesMax = 512;
const bytesAtOnce = 1024 * 1024;

/**
 * What the other nodes have told in the shared folder, taken over into this node's working copy. Each file is opened anew every
 * time: NFS shows to who opens what was there when the writer closed (close-to-open), and not before.
 */
export class OtherKeyFiles {
  readonly #store: KeyringStore;
  readonly #records: NodeRecords;
  readonly #folder: string;
  readonly #node: string;
  readonly #onGone: (keyIds: readonly string[]) => void;

  /** `onGone` is told of keys that their owners have destroyed; they are gone here too by then. */
  constructor(store: KeyringStore, records: NodeRecords, { folder, node }: { readonly folder: string; readonly node: string }, onGone: (keyIds: readonly string[]) => void) {
    this.#store = store;
    this.#records = records;
    this.#folder = folder;
    this.#node = node;
    this.#onGone = onGone;
  }

  /** Takes over what is new. Rejects where a file cannot be read, after all the others were. */
  async takeOver(): Promise<void> {
    const names = await readdir(this.#folder).catch((cause: unknown) => Promise.reject(new FolderAway(this.#folder, cause)));
    let failure: unknown;
    for (const node of nodesIn(names)) if (node !== this.#node) await this.#takeOverFrom(node).catch((cause: unknown) => void (failure ??= new FolderAway(this.#folder, cause)));
    if (failure) throw failure;
  }

  async #takeOverFrom(node: string): Promise<void> {
    const file = await open(join(this.#folder, keysFileOf(node)), 'r');
    try {
      const edition = headerOf(await readFrom(file, 0, headerBytesMax))?.edition;
      if (edition === undefined) return;
      let mark = this.#records.other(node);
      let isFromBeginning = mark?.edition !== edition;
      if (!mark || isFromBeginning) mark = beginningOf(edition);
      const { size } = await file.stat();
      if (size === mark.bytes) return;
      // Its owner destroys it with the edition: where it is missing, a newer one is there at the next look.
      const key = unwrapEditionKey(this.#store.master, node, edition, await readFile(join(this.#folder, editionKeyFileOf(node, edition)), 'utf8'));
      for (;;) {
        const { lines, mark: end, broken } = decodeLines(key, mark, await readFrom(file, mark.bytes, bytesAtOnce));
        if (lines.length > 0) this.#keep(node, key, lines, end);
        else if (isFromBeginning || !(broken || size < mark.bytes)) return;
        // Its owner cut off what never was flushed, and other lines stand there now.
        if (lines.length === 0) isFromBeginning = true;
        mark = lines.length === 0 ? beginningOf(edition) : end;
      }
    } finally {
      await file.close();
    }
  }

  /** One transaction: what the lines say, and the mark that they were read up to. */
  #keep(node: string, key: EditionKey, lines: readonly KeyLine[], mark: Mark): void {
    const gone = lines.flatMap((line) => (line.is === 'gone' && this.#records.ownerOf(line.id) === node && this.#store.stateOf(line.id) !== 'gone' ? [line.id] : []));
    const keep = (): void => {
      for (const line of lines) this.#keepOne(node, key, line);
      this.#records.putOther(node, mark);
    };
    if (gone.length === 0) return this.#store.inTransaction(keep);
    this.#store.destroy(gone, keep);
    this.#onGone(gone);
  }

  #keepOne(node: string, key: EditionKey, line: KeyLine): void {
    if (line.is === 'closed') {
      if (this.#records.ownerOf(line.id) === node) this.#store.closeKey(line.id);
      return;
    }
    if ((line.is !== 'key' && line.is !== 'gone') || this.#store.stateOf(line.id) !== undefined) return;
    if (line.is === 'key') this.#store.insert([keyOfLine(key, line)]);
    // What it sealed before this node could read it is gone, not on its way.
    else this.#store.insertGone(line);
    this.#records.putTakenOver(line.id, node);
  }
}

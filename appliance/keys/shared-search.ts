import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { beginningOf, decodeLines, headerOf, type KeyLine } from './key-lines.ts';
import type { KeyringStore, StoredKey } from './keyring-store.ts';
import { NodeRecords } from './node-records.ts';
import { keyOfLine } from './own-key-file.ts';
import { editionKeyFileOf, keysFileOf, nodesIn, unwrapEditionKey } from './shared-files.ts';

const headerBytesMax = 512;

/** Reads one key from the other nodes' files, for threads beside the one that takes them over: only what that one has not seen yet is read. */
export class SharedSearch {
  readonly #store: KeyringStore;
  readonly #records: NodeRecords;
  readonly #folder: string;

  constructor(store: KeyringStore, folder: string) {
    this.#store = store;
    this.#records = new NodeRecords(store.db);
    this.#folder = folder;
  }

  /** From the working copy, else from the files. A file that cannot be read just now has nothing to tell. */
  key(id: string): StoredKey | 'gone' | 'unknown' {
    const own = this.#records.own().node;
    for (const node of this.#nodes()) {
      const line = node === own ? undefined : this.#tried(() => this.#lineIn(node, id));
      if (line) return line;
    }
    // It may have been taken over while the files were read.
    return this.#store.key(id);
  }

  #nodes(): readonly string[] {
    return this.#tried(() => nodesIn(readdirSync(this.#folder))) ?? [];
  }

  #tried<R>(read: () => R): R | undefined {
    try {
      return read();
    } catch {
      return undefined;
    }
  }

  #lineIn(node: string, id: string): StoredKey | 'gone' | undefined {
    // Opened anew every time: NFS shows what the writer has closed to who opens after that (close-to-open).
    const file = openSync(join(this.#folder, keysFileOf(node)), 'r');
    try {
      const edition = headerOf(readAt(file, 0, headerBytesMax))?.edition;
      if (edition === undefined) return undefined;
      const key = unwrapEditionKey(this.#store.master, node, edition, readFileSync(join(this.#folder, editionKeyFileOf(node, edition)), 'utf8'));
      const known = this.#records.other(node);
      const isOf = (line: KeyLine): line is Extract<KeyLine, { is: 'key' | 'gone' }> => (line.is === 'key' || line.is === 'gone') && line.id === id;
      for (const mark of known?.edition === edition ? [known, beginningOf(edition)] : [beginningOf(edition)]) {
        const left = fstatSync(file).size - mark.bytes;
        const { lines, broken } = decodeLines(key, mark, readAt(file, mark.bytes, Math.max(0, left)));
        const line = lines.find(isOf);
        if (line) return line.is === 'gone' ? 'gone' : keyOfLine(key, line);
        // Only what was cut off and written again since is looked for from the beginning.
        if (!broken && left >= 0) return undefined;
      }
      return undefined;
    } finally {
      closeSync(file);
    }
  }
}

const readAt = (file: number, at: number, length: number): Buffer => {
  const memory = Buffer.alloc(length);
  return memory.subarray(0, readSync(file, memory, 0, length, at));
};

import { createSecretKey, randomBytes } from 'node:crypto';
import { open, readFile, readdir, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { uuidv4, uuidv7 } from '#src/kernel/ids.ts';
import { masterKeyFile } from './key-files.ts';
import { beginningOf, decodeLines, encodeLines, headerOf, type EditionKey, type KeyLine, type Mark } from './key-lines.ts';
import { dataKeyName, type KeyringStore, type KeyRow, type NewKey } from './keyring-store.ts';
import { nodeFileOf } from './node-identity.ts';
import type { NodeRecords } from './node-records.ts';
import { CopiedFolder, editionKeyFileOf, editionKeyOf, FolderAway, isEditionKeyOf, keysFileOf, unwrapEditionKey, wrapEditionKey } from './shared-files.ts';
import { unwrap, wrap } from './wrapping.ts';

const headerBytesMax = 512;
const rowsAtOnce = 1_000;

export const keyLine = (key: EditionKey, made: NewKey): KeyLine => {
  const { id, stream, subject, class: ofClass, month } = made;
  return { is: 'key', id, stream, subject, class: ofClass, month, wrapped: wrap(key.wrapping, dataKeyName(made), made.key).toString('base64url') };
};

/** Throws where the line was not wrapped by this key. */
export const keyOfLine = (key: EditionKey, line: Extract<KeyLine, { is: 'key' }>): NewKey => {
  const { id, stream, subject, class: ofClass, month, wrapped } = line;
  return { id, stream, subject, class: ofClass, month, key: unwrap(key.wrapping, dataKeyName(line), Buffer.from(wrapped, 'base64url')) };
};

export const readFrom = async (file: FileHandle, at: number, length: number): Promise<Buffer> => {
  const memory = Buffer.alloc(length);
  const { bytesRead } = await file.read(memory, 0, length, at);
  return memory.subarray(0, bytesRead);
};

/**
 * `<node>.keys` in the shared folder, which this node alone writes; asked for one thing at a time.
 *
 * It is opened for every write, flushed and closed: NFS promises that who opens a file sees what was there when its writer closed it
 * (close-to-open), and a folder that went away is noticed instead of written to unseen. A failed flush is never repeated: what was
 * beyond the last good mark is cut off, and new keys are made. Rejects with `FolderAway` while the folder cannot be used, with
 * `CopiedFolder` for good when somebody else writes under this node's id.
 */
export class OwnKeyFile {
  readonly #store: KeyringStore;
  readonly #records: NodeRecords;
  readonly #folder: string;
  readonly #dataFolder: string;
  readonly #node: string;
  #mark: Mark = beginningOf('');
  #key: EditionKey | undefined;
  #isSettled = false;
  #copied: CopiedFolder | undefined;

  constructor(store: KeyringStore, records: NodeRecords, places: { readonly folder: string; readonly dataFolder: string; readonly node: string }) {
    this.#store = store;
    this.#records = records;
    this.#folder = places.folder;
    this.#dataFolder = places.dataFolder;
    this.#node = places.node;
  }

  get #path(): string {
    return join(this.#folder, keysFileOf(this.#node));
  }

  /** Makes file and working copy agree, and says in the file that this node has started. */
  async start(): Promise<void> {
    await this.#guarded(async () => {
      this.#mark = this.#records.own().mark;
      await this.#settle(true);
      const nonce = uuidv4();
      const count = this.#records.own().starts + 1;
      // Known before it is written: after a crash in between it is not taken for somebody else's.
      this.#records.putNextNonce(nonce);
      const mark = await this.#write([{ is: 'start', count, nonce }]);
      this.#store.inTransaction(() => {
        this.#records.putStart(count, nonce);
        this.#records.putMark(mark);
      });
    });
  }

  /** New lines, on stable storage when it resolves; the caller keeps the mark together with what the lines say. */
  append(linesFor: (key: EditionKey) => readonly KeyLine[]): Promise<Mark> {
    return this.#guarded(async () => {
      if (!this.#isSettled) await this.#settle(false);
      return this.#write(linesFor(this.#key!));
    });
  }

  /** Looks whether the file is there, writable and as it was left; repairs what can be. */
  check(): Promise<void> {
    return this.#guarded(async () => {
      if (this.#isSettled) {
        const file = await open(this.#path, 'r+');
        const { size } = await file.stat().finally(() => file.close());
        if (size === this.#mark.bytes) return;
        this.#isSettled = false;
      }
      await this.#settle(false);
    });
  }

  /** A new edition with what the working copy holds of this node's keys, under a new key; the key of the old one is destroyed. */
  rewrite(): Promise<void> {
    return this.#guarded(() => this.#rewrite());
  }

  async #guarded<R>(work: () => Promise<R>): Promise<R> {
    if (this.#copied) throw this.#copied;
    try {
      return await work();
    } catch (cause) {
      this.#isSettled = false;
      if (cause instanceof CopiedFolder) throw (this.#copied = cause);
      if ((cause as NodeJS.ErrnoException).code === undefined || cause instanceof FolderAway) throw cause;
      throw new FolderAway(this.#folder, cause);
    }
  }

  async #write(lines: readonly KeyLine[]): Promise<Mark> {
    const { bytes, mark } = encodeLines(this.#key!, this.#mark, lines);
    // Until the flush is done, nobody knows what is in the file.
    this.#isSettled = false;
    const file = await open(this.#path, 'r+');
    try {
      if ((await file.stat()).size !== this.#mark.bytes) throw new FolderAway(this.#folder, `${keysFileOf(this.#node)} is not as this node left it`);
      await writeAll(file, bytes, this.#mark.bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    this.#mark = mark;
    this.#isSettled = true;
    return mark;
  }

  async #settle(isStart: boolean): Promise<void> {
    const master = await readFile(join(this.#folder, masterKeyFile), 'utf8');
    if (!createSecretKey(Buffer.from(master.trim(), 'base64url')).equals(this.#store.master)) throw new FolderAway(this.#folder, `its ${masterKeyFile} is not the one this node started with`);
    if (!(await this.#continues(isStart)) || this.#records.own().isStale) return this.#rewrite();
    this.#isSettled = true;
    if (isStart) await this.#destroyOldEditionKeys();
  }

  /** Whether the file goes on from the mark, after what is not this node's work there was cut off; false: it must be written anew. */
  async #continues(isStart: boolean): Promise<boolean> {
    const file = await open(this.#path, 'r+').catch((cause: NodeJS.ErrnoException) => (cause.code === 'ENOENT' ? undefined : Promise.reject(cause)));
    if (!file) return false;
    try {
      const edition = headerOf(await readFrom(file, 0, headerBytesMax))?.edition;
      const keyText = edition === undefined ? undefined : await readFile(join(this.#folder, editionKeyFileOf(this.#node, edition)), 'utf8').catch(() => undefined);
      if (edition === undefined || keyText === undefined) return false;
      const key = unwrapEditionKey(this.#store.master, this.#node, edition, keyText);
      const { size } = await file.stat();
      const isSame = edition === this.#mark.edition;
      const from = isSame ? this.#mark : beginningOf(edition);
      const { lines, mark } = decodeLines(key, from, await readFrom(file, from.bytes, Math.max(0, size - from.bytes)));
      this.#assertNoCopy(lines);
      if (!isSame || size < this.#mark.bytes) return false;
      this.#key = key;
      if (isStart) this.#adopt(key, lines, mark);
      await file.truncate(this.#mark.bytes);
      await file.sync();
      return true;
    } finally {
      await file.close();
    }
  }

  #assertNoCopy(lines: readonly KeyLine[]): void {
    const { starts, nonce, nextNonce } = this.#records.own();
    for (const line of lines) {
      // An older start stands in a file that was put back from a backup.
      if (line.is !== 'start' || line.nonce === nonce || line.nonce === nextNonce || line.count < starts) continue;
      throw new CopiedFolder(`Another data folder has written keys under the id of this one, ${this.#node}: it is a copy, or this one was put back from a backup. Nothing is lost. Stop this node, delete ${nodeFileOf(this.#dataFolder)} to give it an id of its own, and start it again.`);
    }
  }

  /** What was flushed when this node last ended, and is not in its working copy: it was not used, but others may have read it. */
  #adopt(key: EditionKey, lines: readonly KeyLine[], mark: Mark): void {
    this.#store.inTransaction(() => {
      for (const line of lines) {
        if (line.is === 'key') this.#store.insert([keyOfLine(key, line)]);
        if (line.is === 'closed') this.#store.closeKey(line.id);
      }
      this.#records.putMark(mark);
    });
    this.#mark = mark;
  }

  async #rewrite(): Promise<void> {
    const edition = uuidv7(Date.now());
    const secret = randomBytes(32);
    const key = editionKeyOf(secret);
    await writeFile(join(this.#folder, editionKeyFileOf(this.#node, edition)), wrapEditionKey(this.#store.master, this.#node, edition, secret), { flag: 'wx', mode: 0o600, flush: true });
    const mark = await this.#writeEdition(edition, key);
    await rename(`${this.#path}.making`, this.#path);
    await this.#flushFolder();
    this.#store.inTransaction(() => {
      this.#records.putMark(mark);
      this.#records.putStale(false);
    });
    this.#mark = mark;
    this.#key = key;
    this.#isSettled = true;
    await this.#destroyOldEditionKeys();
  }

  async #writeEdition(edition: string, key: EditionKey): Promise<Mark> {
    const { starts, nonce } = this.#records.own();
    const file = await open(`${this.#path}.making`, 'w', 0o600);
    try {
      let mark = beginningOf(edition);
      const put = async (lines: readonly KeyLine[]): Promise<void> => {
        const { bytes, mark: next } = encodeLines(key, mark, lines);
        await writeAll(file, bytes, mark.bytes);
        mark = next;
      };
      await put([{ is: 'file', node: this.#node, edition }, { is: 'start', count: starts, nonce }]);
      for (let rows = this.#rowsAfter(''); rows.length > 0; rows = this.#rowsAfter(rows.at(-1)!.id)) await put(rows.flatMap((row) => this.#linesOf(key, row)));
      await file.sync();
      return mark;
    } finally {
      await file.close();
    }
  }

  #rowsAfter(id: string): readonly KeyRow[] {
    const own = 'SELECT * FROM data_key WHERE id > ? AND NOT EXISTS (SELECT 1 FROM taken_over WHERE taken_over.id = data_key.id) ORDER BY id LIMIT ?';
    return this.#store.db.prepare(own).all(id, rowsAtOnce) as unknown as KeyRow[];
  }

  #linesOf(key: EditionKey, row: KeyRow): readonly KeyLine[] {
    const { id, stream, subject, class: ofClass, month } = row;
    if (row.state === 'gone') return [{ is: 'gone', id, stream, subject, class: ofClass, month }];
    const line = keyLine(key, { id, stream, subject, class: ofClass, month, key: this.#store.unwrapped(row).key });
    return row.state === 'open' ? [line] : [line, { is: 'closed', id }];
  }

  async #destroyOldEditionKeys(): Promise<void> {
    const current = editionKeyFileOf(this.#node, this.#mark.edition);
    const old = (await readdir(this.#folder)).filter((name) => isEditionKeyOf(this.#node, name) && name !== current);
    for (const name of old) {
      const path = join(this.#folder, name);
      await writeFile(path, randomBytes((await stat(path)).size), { flag: 'r+', flush: true });
      await rm(path);
    }
    if (old.length > 0) await this.#flushFolder();
  }

  async #flushFolder(): Promise<void> {
    const folder = await open(this.#folder, 'r');
    await folder.sync().finally(() => folder.close());
  }
}

/** One write may take less than it was given. */
const writeAll = async (file: FileHandle, bytes: Buffer, at: number): Promise<void> => {
  for (let written = 0; written < bytes.length; ) written += (await file.write(bytes, written, bytes.length - written, at + written)).bytesWritten;
};

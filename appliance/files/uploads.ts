import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { sealedSizeOf } from '#src/files/sealed-bytes.ts';
import type { StoredFile } from '#src/files/share-file.ts';
import type { BlobStore } from './blob-store.ts';
import { mediaOf } from './media.ts';
import { StagedBytes } from './staged-bytes.ts';
import { flushRecord, readRecord, writeRecord, type UploadRecord } from './upload-record.ts';

/** Uploads whose file stays open between two parts; who comes back after more have begun waits until it is read again. */
const openMax = 256;

/** `isKept`: its record is on stable storage, as far as this process knows. */
type Open = { readonly bytes: StagedBytes; readonly key: string; isKept: boolean };

const newRecord = (size: number): UploadRecord => ({ size, key: randomBytes(32).toString('base64url') });

/** An upload by its sender and file, as its files are called. */
export const uploadName = (account: string, fileId: string): string => `${account}.${fileId}`;

/**
 * Uploads on their way into the store, in a folder of two files each: the sealed bytes, and the sealed record with their key. One call at
 * a time for one upload; whoever calls sees to that.
 */
export class Uploads {
  readonly #folder: string;
  readonly #wrap: KeyObject;
  readonly #store: BlobStore;
  readonly #open = new Map<string, Open>();

  /** `wrap`: seals the records. */
  constructor(folder: string, wrap: KeyObject, store: BlobStore) {
    this.#folder = folder;
    this.#wrap = wrap;
    this.#store = store;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  #bytesOf(name: string): string {
    return join(this.#folder, `${name}.bytes`);
  }

  #recordOf(name: string): string {
    return join(this.#folder, `${name}.upload`);
  }

  #read(name: string): Promise<UploadRecord | undefined> {
    return readRecord(this.#wrap, this.#recordOf(name), name);
  }

  #write(name: string, record: UploadRecord, isFlushed = true): Promise<void> {
    return writeRecord(this.#wrap, this.#recordOf(name), name, record, isFlushed);
  }

  /** Begins an upload, or finds it begun. Nothing of it need survive a power cut before it was told that bytes are here. */
  async begin(name: string, size: number): Promise<void> {
    const known = await this.#read(name);
    if (known?.size === size) return;
    await this.forget(name);
    await this.#write(name, newRecord(size), false);
  }

  /** How far it has come, all of it on stable storage. What is waiting to fill a chunk is forgotten. Undefined where it never began. */
  async offset(name: string): Promise<{ readonly offset: number; readonly size: number } | undefined> {
    const record = await this.#read(name);
    if (!record) return undefined;
    if (record.stored) return { offset: (await this.#stored(name, record.stored)) ? record.size : 0, size: record.size };
    const opened = await this.#opened(name, record);
    const { bytes } = opened;
    bytes.dropTail();
    await bytes.flush();
    if (bytes.offset > 0 && !opened.isKept) {
      // Bytes without their key are none.
      await flushRecord(this.#recordOf(name));
      opened.isKept = true;
    }
    return { offset: bytes.offset, size: record.size };
  }

  /** Takes what follows the bytes before; `at` is where it believes to be. `elsewhere`: it is not there, or there would be too much. */
  async append(name: string, at: number, bytes: Buffer): Promise<'taken' | 'elsewhere'> {
    const { bytes: staged } = this.#open.get(name) ?? (await this.#openedByName(name));
    if (staged.taken !== at || at + bytes.length > staged.size) return 'elsewhere';
    try {
      staged.append(bytes);
    } catch (cause) {
      this.#close(name);
      throw cause;
    }
    return 'taken';
  }

  /** The file in the store, flushed, once all bytes are here. Undefined while they are not, and where nothing is known of it. */
  async stored(name: string): Promise<StoredFile | undefined> {
    const record = await this.#read(name);
    if (!record) return undefined;
    if (record.stored) return this.#stored(name, record.stored);
    const { bytes, key } = await this.#opened(name, record);
    bytes.sealEmpty();
    if (!bytes.isWhole) return undefined;
    await bytes.flush();
    const { blob, hash, head } = bytes.finish();
    this.#close(name);
    const stored: StoredFile = { blob, hash, key, size: record.size, ...(await mediaOf(head)) };
    // First where the bytes are going, then the bytes: whoever finds only the first finishes the second.
    await this.#write(name, { ...record, stored });
    await this.#store.put(blob, this.#bytesOf(name));
    return stored;
  }

  /** Finishes what was interrupted between record and store. Undefined where the bytes are neither here nor there: they are asked for again. */
  async #stored(name: string, stored: StoredFile): Promise<StoredFile | undefined> {
    const wanted = sealedSizeOf(stored.size);
    if ((await this.#store.sizeOf(stored.blob)) === wanted) return stored;
    const staged = await stat(this.#bytesOf(name)).catch(() => undefined);
    if (staged?.size !== wanted) {
      await this.#write(name, newRecord(stored.size));
      return undefined;
    }
    await this.#store.put(stored.blob, this.#bytesOf(name));
    return stored;
  }

  /** What is in the store stays there; gives its address, where all bytes were here. */
  async forget(name: string): Promise<string | undefined> {
    this.#close(name);
    const record = await this.#read(name);
    await rm(this.#bytesOf(name), { force: true });
    await rm(this.#recordOf(name), { force: true });
    return record?.stored?.blob;
  }

  /** Every upload with when anything of it last changed, ms UTC, and the address that its bytes have or get. */
  async *list(): AsyncGenerator<{ readonly name: string; readonly changedAt: number; readonly blob: string | undefined }> {
    for (const file of await readdir(this.#folder)) {
      if (!file.endsWith('.upload')) continue;
      const name = file.slice(0, -'.upload'.length);
      const times = await Promise.all([this.#recordOf(name), this.#bytesOf(name)].map((path) => stat(path).then(({ mtimeMs }) => mtimeMs, () => 0)));
      yield { name, changedAt: Math.max(...times), blob: (await this.#read(name))?.stored?.blob };
    }
  }

  async #openedByName(name: string): Promise<Open> {
    const record = await this.#read(name);
    if (!record) throw new Error(`There is no upload ${name}.`);
    return this.#opened(name, record);
  }

  async #opened(name: string, { key, size }: UploadRecord): Promise<Open> {
    const known = this.#open.get(name);
    if (known?.bytes.isCurrent) {
      // Behind the others: who was used last is closed last.
      this.#open.delete(name);
      this.#open.set(name, known);
      return known;
    }
    this.#close(name);
    const oldest = this.#open.keys().next().value;
    if (this.#open.size >= openMax && oldest !== undefined) this.#close(oldest);
    const opened: Open = { key, isKept: false, bytes: new StagedBytes(this.#bytesOf(name), createSecretKey(key, 'base64url'), size) };
    this.#open.set(name, opened);
    return opened;
  }

  #close(name: string): void {
    this.#open.get(name)?.bytes.close();
    this.#open.delete(name);
  }

  close(): void {
    for (const name of [...this.#open.keys()]) this.#close(name);
  }
}

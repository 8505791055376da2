import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, randomBytes, type KeyObject } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isBlob } from './blob-store.ts';

const nonceBytes = 12;
const tagBytes = 16;

/**
 * Small pictures on this node's disk, one file each, by the address of what they were made from. Each is sealed under a key derived from
 * the file's own: when that goes, its preview goes with it, from backups too. All of it can be deleted at any time and is made again.
 */
export class PreviewShelf {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #pathOf(blob: string): string {
    if (!isBlob(blob)) throw new Error(`"${blob}" is no address of a stored file.`);
    return join(this.#folder, blob.slice(0, 2), blob);
  }

  /** `key`: the file's, base64url. Undefined where there is none, or none that opens. */
  async read(blob: string, key: string): Promise<Buffer<ArrayBuffer> | undefined> {
    // Whatever keeps it from being read, it is made again.
    const sealed = await readFile(this.#pathOf(blob)).catch(() => undefined);
    return sealed && open(previewKey(key), blob, sealed);
  }

  /** Whole or not at all; nothing waits for it to be durable. */
  async put(blob: string, key: string, bytes: Uint8Array): Promise<void> {
    const path = this.#pathOf(blob);
    const begun = `${path}.${randomBytes(4).toString('hex')}.new`;
    await mkdir(join(path, '..'), { recursive: true, mode: 0o700 });
    try {
      await writeFile(begun, seal(previewKey(key), blob, bytes), { mode: 0o600 });
      await rename(begun, path);
    } catch (cause) {
      // A full disk is not made fuller by what was begun.
      await rm(begun, { force: true });
      throw cause;
    }
  }

  /** Removes what was made before a time, ms UTC, and what was never finished. */
  async removeOlder(before: number): Promise<void> {
    for (const within of await readdir(this.#folder).catch(() => [])) {
      for (const name of await readdir(join(this.#folder, within))) {
        const path = join(this.#folder, within, name);
        const found = await stat(path).catch(() => undefined);
        if (found && found.mtimeMs < before) await rm(path, { force: true });
      }
    }
  }
}

const previewKey = (key: string): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', Buffer.from(key, 'base64url'), '', 'hansard/preview/1', 32)));

const seal = (key: KeyObject, blob: string, bytes: Uint8Array): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(Buffer.from(blob));
  return Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
};

const open = (key: KeyObject, blob: string, sealed: Buffer): Buffer<ArrayBuffer> | undefined => {
  if (sealed.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(blob));
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()]);
  } catch {
    return undefined;
  }
};

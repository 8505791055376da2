import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import type { StoredFile } from '#src/files/share-file.ts';

/** What is kept beside the bytes of an upload. `key`: of the file, base64url. `stored`: once the bytes are all here and their address is known. */
export type UploadRecord = { readonly size: number; readonly key: string; readonly stored?: StoredFile };

const nonceBytes = 12;
const tagBytes = 16;

/** The record as it lies on disk: sealed, because a file's key is in no place in the clear. `name` binds it to its upload. */
const sealRecord = (wrap: KeyObject, name: string, record: UploadRecord): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', wrap, nonce);
  cipher.setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(JSON.stringify(record)), cipher.final(), cipher.getAuthTag()]);
};

const openRecord = (wrap: KeyObject, name: string, bytes: Buffer): UploadRecord | undefined => {
  if (bytes.length < nonceBytes + tagBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', wrap, bytes.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  try {
    return JSON.parse(Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString()) as UploadRecord;
  } catch {
    return undefined;
  }
};

/** Replaces the record at `path` as a whole. With `isFlushed` it is on stable storage when it resolves, but for its name, which `put` of the store or the next start do not need. */
export const writeRecord = async (wrap: KeyObject, path: string, name: string, record: UploadRecord, isFlushed: boolean): Promise<void> => {
  const handle = await open(`${path}.new`, 'w', 0o600);
  try {
    await handle.write(sealRecord(wrap, name, record));
    if (isFlushed) await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
};

/** Undefined where there is none, or none that this log made. */
export const readRecord = async (wrap: KeyObject, path: string, name: string): Promise<UploadRecord | undefined> => {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return undefined;
    throw cause;
  });
  return bytes && openRecord(wrap, name, bytes);
};

/** Makes a record survive a power cut that was written without. */
export const flushRecord = async (path: string): Promise<void> => {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

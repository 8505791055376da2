import { createHash, createSecretKey } from 'node:crypto';
import { BlobDamaged, type BlobStore } from '#appliance/files/blob-store.ts';
import type { Opened } from '#src/every-event.ts';
import { openRange, sealedRange } from '#src/files/sealed-bytes.ts';
import type { JsonObject } from '#src/kernel/event.ts';

/** A shared file that belongs into a download. `entry`: what it is called in the zip, made by us; `name` is as it was shared. Both null where its key is gone. */
export type FileEntry = {
  readonly entry: string; readonly name: string | null; readonly type: string; readonly size: number; readonly sha256: string | null; readonly key: string | null; readonly blob: string;
  readonly at: string; readonly author: string; readonly withdrawn: boolean;
};
/** `disposed of`: its key was destroyed. `damaged`: some of it is in the zip, and it ends where it could not be read on. */
export type FileState = 'complete' | 'missing' | 'damaged' | 'disposed of';
/** `isHere`: some of it, at least, is in the zip. */
export type FileOutcome = FileEntry & { readonly state: FileState; readonly isHere: boolean };

/** `number` names it, whatever people called it; of their name a plain ending is kept, so that it opens. */
const entryNameOf = (number: number, name: string | undefined): string => {
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(name ?? '')?.[1]?.toLowerCase() ?? 'bin';
  return `files/${String(number).padStart(9, '0')}.${ending}`;
};

/** `number`: unique in this download, the same every time. */
export const fileEntryOf = ({ data, content }: Opened<'FileShared'>, number: number, says: { readonly at: string; readonly author: string; readonly withdrawn: boolean }): FileEntry => ({
  entry: entryNameOf(number, content.file?.name), name: content.file?.name ?? null, type: data.type, size: data.size, blob: data.blob, key: content.file?.key ?? null,
  sha256: content.file ? Buffer.from(content.file.hash, 'base64url').toString('hex') : null, ...says,
});

const pieceBytes = 1024 * 1024;

/** The bytes of one file, each piece checked as it is opened. `done` is told how it ended. */
export async function* plainBytes(store: BlobStore, { blob, key, size, sha256 }: FileEntry & { readonly key: string }, done: (state: 'complete' | 'missing' | 'damaged') => void): AsyncGenerator<Buffer> {
  const secret = createSecretKey(key, 'base64url');
  const hash = createHash('sha256');
  let at = 0;
  do {
    const to = Math.min(size, at + pieceBytes);
    const range = sealedRange(size, at, to);
    const sealed = await store.read(blob, range.from, range.to).catch((cause: unknown) => {
      if (cause instanceof BlobDamaged) return undefined;
      throw cause;
    });
    const plain = sealed && openRange(secret, size, at, to, sealed);
    if (!plain) return done(at === 0 && !sealed && (await store.sizeOf(blob)) === undefined ? 'missing' : 'damaged');
    hash.update(plain);
    at = to;
    yield plain;
  } while (at < size);
  done(hash.digest('hex') === sha256 ? 'complete' : 'damaged');
}

/** A cell that no spreadsheet takes for a formula. */
const cell = (value: string | number | null): string => {
  const text = String(value ?? '');
  return `"${(/^[=+\-@\t\r＝＋－＠]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

/** The table of everything that was shared, whether it is in the zip or not. */
export const fileTable = (outcomes: readonly FileOutcome[]): string =>
  [
    ['entry', 'name', 'type', 'bytes', 'sha256', 'shared at', 'shared by', 'withdrawn', 'state'],
    ...outcomes.map(({ entry, name, type, size, sha256, at, author, withdrawn, state, isHere }) => [isHere ? entry : null, name, type, size, sha256, at, author, withdrawn ? 'yes' : 'no', state]),
  ].map((row) => `${row.map(cell).join(',')}\r\n`).join('');

export const gapsOf = (outcomes: readonly FileOutcome[]): readonly FileOutcome[] => outcomes.filter(({ state }) => state !== 'complete');

/** What is missing, for who reads no table. */
export const gapsText = (gaps: readonly FileOutcome[]): string =>
  `Complete with gaps. Everything is here but ${gaps.length === 1 ? 'one file' : `${gaps.length} files`}:\n\n${gaps.map(({ name, at, author, sha256, state }) => `${at}  ${author}: ${name ?? '(name disposed of)'}  ${state}  SHA-256 ${sha256 ?? 'disposed of'}\n`).join('')}`;

export const gapsJson = (gaps: readonly FileOutcome[]): readonly JsonObject[] => gaps.map(({ entry, name, sha256, state }) => ({ entry, name, sha256, state }));

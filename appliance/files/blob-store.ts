import { Fault } from '#src/kernel/fault.ts';

/** What a stored file is called: SHA-256 of its sealed bytes, base64url. */
export const isBlob = (name: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(name);

/**
 * Where sealed bytes are kept, by their address. What is stored never changes.
 *
 * - `put`: takes the file at `path` in. When it resolves, all of it is on stable storage under `blob`, and nothing is left at `path`. An
 *   interrupted `put` leaves nothing under `blob`, and is done again with the file at `path` or found done. Twice the same does no harm.
 * - `sizeOf`: undefined where there is nothing; also makes it young again for `list`, so that what is about to be named in the record is
 *   not collected.
 * - `read`: sealed bytes `from` to `to` (not included). Rejects with `BlobDamaged` where they are not all there.
 * - `list`: everything there is, with when it came or was last asked for (`sizeOf`), ms UTC.
 * - `sweep`: ends what a `put` began before then, ms UTC, and never finished.
 * - `readMark`, `writeMark`: what says whose store it is. Written once: what is there stays, so of several that come at once all read the same.
 *   `writeMark` rejects with `Fault` where the place holds something else already.
 */
export type BlobStore = {
  readonly put: (blob: string, path: string) => Promise<void>;
  readonly sizeOf: (blob: string) => Promise<number | undefined>;
  readonly read: (blob: string, from: number, to: number) => Promise<Buffer>;
  readonly remove: (blob: string) => Promise<void>;
  readonly list: () => AsyncIterable<{ readonly blob: string; readonly size: number; readonly youngAt: number }>;
  readonly sweep: (before: number) => Promise<void>;
  readonly readMark: () => Promise<string | undefined>;
  readonly writeMark: (mark: string) => Promise<void>;
};

/** What the mark is called in every store, so that a folder can be copied into a bucket as it is. */
export const markName = 'hansard-files.json';

/** Where a blob lies below the store's own place, in a folder and in a bucket. Throws `Fault` for what is no address. */
export const blobPath = (blob: string): string => {
  if (!isBlob(blob)) throw new Fault(`"${blob}" is no address of a stored file.`);
  return `${blob.slice(0, 2)}/${blob}`;
};

/** Bytes that the record names are missing or short. */
export class BlobDamaged extends Error {
  override name = 'BlobDamaged';
}

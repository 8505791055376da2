import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BlobStore } from '#appliance/files/blob-store.ts';
import { folderStore } from '#appliance/files/folder-store.ts';
import { blobStoreCases, type StorePlace } from './blob-store-contract.ts';

const inFolder = async (work: (place: StorePlace) => Promise<void>): Promise<void> => {
  const [folder, outside] = [mkdtempSync(join(tmpdir(), 'hansard-blobs-')), mkdtempSync(join(tmpdir(), 'hansard-staged-'))];
  try {
    await work({ store: folderStore(folder), pathFor: (name) => join(outside, name) });
  } finally {
    for (const one of [folder, outside]) rmSync(one, { recursive: true, force: true });
  }
};

describe('the contract of the blob store in a folder', () => {
  for (const [says, run] of Object.entries(blobStoreCases)) it(says, () => inFolder(run));
});

/** Each breaks one promise, and is caught by the case named. */
const builds: readonly (readonly [what: string, breaking: (sound: BlobStore) => BlobStore, caughtBy: string])[] = [
  ['keeps half of what it takes', (sound) => ({ ...sound, put: async (blob, path) => {
    truncateSync(path, Math.floor(readFileSync(path).length / 2));
    await sound.put(blob, path);
  } }), 'gives back all that was put, whole and in ranges, and leaves nothing where it came from'],
  ['reads on past the end', (sound) => ({ ...sound, read: async (blob, from, to) => sound.read(blob, from, to).catch(() => Buffer.alloc(to - from)) }), 'says what is missing, and what ends too early'],
  ['cannot finish what was finished', (sound) => ({ ...sound, put: async (blob, path) => {
    closeSync(openSync(path, 'r'));
    await sound.put(blob, path);
  } }), 'takes the same twice, and finds done what was done before'],
  ['forgets what it removed in name only', (sound) => ({ ...sound, remove: async () => undefined }), 'lists what is there, and makes young what is asked for'],
  ['leaves the staged bytes behind', (sound) => ({ ...sound, put: async (blob, path) => {
    const bytes = readFileSync(path);
    await sound.put(blob, path);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, bytes);
  } }), 'gives back all that was put, whole and in ranges, and leaves nothing where it came from'],
];

describe('the contract catches a store that', () => {
  for (const [what, breaking, caughtBy] of builds) {
    it(what, () => inFolder(async (place) => {
      await expect(blobStoreCases[caughtBy]!({ ...place, store: breaking(place.store) })).rejects.toThrow();
    }));
  }
});

it('finishes a put of which only the copy was made', () => inFolder(async (place) => {
  const path = place.pathFor('bytes');
  const { writeFileSync } = await import('node:fs');
  writeFileSync(path, 'some bytes');
  const blob = 'A'.repeat(43);
  await place.store.put(blob, path);
  writeFileSync(path, 'some bytes');
  await place.store.put(blob, path);
  expect((await place.store.read(blob, 0, 10)).toString()).toBe('some bytes');
  expect(() => unlinkSync(path)).toThrow('ENOENT');
}));

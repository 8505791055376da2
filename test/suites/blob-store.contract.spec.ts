import { randomUUID } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, unlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BlobStore } from '#appliance/files/blob-store.ts';
import { folderStore } from '#appliance/files/folder-store.ts';
import { s3Connection } from '#appliance/files/s3-connection.ts';
import { s3Store } from '#appliance/files/s3-store.ts';
import { storePlace, type S3Place } from '#appliance/files/store-place.ts';
import { anS3Server, type S3Server } from '#test/support/s3-server.ts';
import { blobStoreCases, type StorePlace } from './blob-store-contract.ts';

type Within = (work: (place: StorePlace) => Promise<void>) => Promise<void>;

const inFolder: Within = async (work) => {
  const [folder, outside] = [mkdtempSync(join(tmpdir(), 'hansard-blobs-')), mkdtempSync(join(tmpdir(), 'hansard-staged-'))];
  try {
    await work({ store: folderStore(folder), pathFor: (name) => join(outside, name) });
  } finally {
    for (const one of [folder, outside]) rmSync(one, { recursive: true, force: true });
  }
};

let s3: S3Server;
beforeAll(async () => void (s3 = await anS3Server()));
afterAll(() => s3.close());

const inBucket = (place: (prefix: string) => S3Place): Within => async (work) => {
  const outside = mkdtempSync(join(tmpdir(), 'hansard-staged-'));
  const store = s3Store(s3Connection(place(`test/${randomUUID()}/`)));
  try {
    await work({ store, pathFor: (name) => join(outside, name) });
  } finally {
    for await (const { blob } of store.list()) await store.remove(blob);
    rmSync(outside, { recursive: true, force: true });
  }
};
const inS3rver = inBucket((prefix) => s3.place(prefix));

/** `s3://BUCKET/PREFIX?...` of a server to run against, and KEY_ID:SECRET. */
const { HANSARD_TEST_S3: realServer, HANSARD_TEST_S3_CREDENTIALS: realCredentials } = process.env;
const inRealServer = inBucket((prefix) => {
  const place = storePlace(realServer!, realCredentials) as S3Place;
  return { ...place, prefix: `${place.prefix}${prefix}` };
});

const stores: readonly (readonly [where: string, within: Within, isThere: boolean])[] = [
  ['in a folder', inFolder, true], ['in a bucket of s3rver', inS3rver, true], ['in the bucket that HANSARD_TEST_S3 names', inRealServer, realServer !== undefined],
];
for (const [where, within, isThere] of stores) {
  describe.skipIf(!isThere)(`the contract of the blob store ${where}`, () => {
    for (const [says, run] of Object.entries(blobStoreCases)) it(says, () => within(run));
  });
}

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
  ['says that it is done before it is', (sound) => {
    const begun: Promise<void>[] = [];
    return {
      ...sound,
      put: async (blob, path) => void begun.push(new Promise((resolve) => setImmediate(resolve)).then(() => sound.put(blob, path)).catch(() => undefined)),
      // What a test begins it ends, or the next would see it.
      sizeOf: async (blob) => sound.sizeOf(blob).finally(() => Promise.all(begun)),
    };
  }, 'takes a large one in several parts, and several at once'],
  ['lets a second mark replace the first', (sound) => ({ ...sound, readMark: async () => 'another' }), 'keeps the mark that came first, and everything through a sweep'],
  ['leaves the staged bytes behind', (sound) => ({ ...sound, put: async (blob, path) => {
    const bytes = readFileSync(path);
    await sound.put(blob, path);
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, bytes);
  } }), 'gives back all that was put, whole and in ranges, and leaves nothing where it came from'],
];

for (const [where, within] of stores.slice(0, 2)) {
  describe(`the contract catches a store ${where} that`, () => {
    for (const [what, breaking, caughtBy] of builds) {
      it(what, () => within(async (place) => {
        await expect(blobStoreCases[caughtBy]!({ ...place, store: breaking(place.store) })).rejects.toThrow();
      }));
    }
  });
}

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

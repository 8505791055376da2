import { createHash, randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';
import { BlobDamaged, type BlobStore } from '#appliance/files/blob-store.ts';

/** An empty store, and a path on local disk for what is to be put into it. */
export type StorePlace = { readonly store: BlobStore; readonly pathFor: (name: string) => string };

const addressOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64url');

const putOne = async ({ store, pathFor }: StorePlace, bytes: Buffer): Promise<string> => {
  const blob = addressOf(bytes);
  const path = pathFor(blob);
  writeFileSync(path, bytes);
  await store.put(blob, path);
  return blob;
};

const listed = async (store: BlobStore): Promise<string[]> => {
  const blobs: string[] = [];
  for await (const { blob } of store.list()) blobs.push(blob);
  return blobs.sort();
};

/** The written contract of `BlobStore`, as cases. */
export const blobStoreCases: Record<string, (place: StorePlace) => Promise<void>> = {
  'gives back all that was put, whole and in ranges, and leaves nothing where it came from': async (place) => {
    for (const length of [16, 65_552, 3_000_001]) {
      const bytes = randomBytes(length);
      const blob = await putOne(place, bytes);
      expect(await place.store.sizeOf(blob)).toBe(length);
      expect((await place.store.read(blob, 0, length)).equals(bytes)).toBe(true);
      expect((await place.store.read(blob, 3, 16)).equals(bytes.subarray(3, 16))).toBe(true);
      expect((await place.store.read(blob, length - 1, length)).equals(bytes.subarray(-1))).toBe(true);
      expect(existsSync(place.pathFor(blob))).toBe(false);
    }
  },
  'takes the same twice, and finds done what was done before': async (place) => {
    const bytes = randomBytes(1_000);
    const blob = await putOne(place, bytes);
    await putOne(place, bytes);
    await place.store.put(blob, place.pathFor(blob));
    expect((await place.store.read(blob, 0, 1_000)).equals(bytes)).toBe(true);
    expect(await listed(place.store)).toEqual([blob]);
  },
  'says what is missing, and what ends too early': async (place) => {
    const blob = await putOne(place, randomBytes(1_000));
    const nowhere = addressOf(randomBytes(1));
    expect(await place.store.sizeOf(nowhere)).toBeUndefined();
    await expect(place.store.read(nowhere, 0, 16)).rejects.toBeInstanceOf(BlobDamaged);
    await expect(place.store.read(blob, 990, 1_001)).rejects.toBeInstanceOf(BlobDamaged);
    await expect(place.store.put(nowhere, place.pathFor('nothing'))).rejects.toThrow();
    expect(await place.store.sizeOf(nowhere)).toBeUndefined();
  },
  'lists what is there, and makes young what is asked for': async (place) => {
    const [one, other] = [await putOne(place, randomBytes(10)), await putOne(place, randomBytes(20))];
    expect(await listed(place.store)).toEqual([one, other].sort());
    const before = Date.now() - 2_000;
    await place.store.sizeOf(one);
    for await (const { blob, size, youngAt } of place.store.list()) if (blob === one) expect([size, youngAt >= before]).toEqual([10, true]);
    await place.store.remove(one);
    await place.store.remove(one);
    expect(await listed(place.store)).toEqual([other]);
    await expect(place.store.read(one, 0, 10)).rejects.toBeInstanceOf(BlobDamaged);
  },
  'takes a large one in several parts, and several at once': async (place) => {
    const all = [11_000_001, 16_777_216, 9_000_000, 100].map((length) => randomBytes(length));
    const blobs = await Promise.all(all.map((bytes) => putOne(place, bytes)));
    for (const [index, blob] of blobs.entries()) {
      const bytes = all[index]!;
      expect(await place.store.sizeOf(blob)).toBe(bytes.length);
      // Across the edge of two parts, and everything.
      if (bytes.length > 8_388_610) expect((await place.store.read(blob, 8_388_600, 8_388_616)).equals(bytes.subarray(8_388_600, 8_388_616))).toBe(true);
      expect((await place.store.read(blob, 0, bytes.length)).equals(bytes)).toBe(true);
    }
  },
  'keeps the mark that came first, and everything through a sweep': async (place) => {
    expect(await place.store.readMark()).toBeUndefined();
    await place.store.writeMark('first');
    expect(await place.store.readMark()).toBe('first');
    const blob = await putOne(place, randomBytes(100));
    await place.store.sweep(Date.now() + 60_000);
    expect([await place.store.readMark(), await listed(place.store), await place.store.sizeOf(blob)]).toEqual(['first', [blob], 100]);
  },
  'marks no place that holds something else': async (place) => {
    await putOne(place, randomBytes(100));
    await expect(place.store.writeMark('mine')).rejects.toThrow('not empty');
    expect(await place.store.readMark()).toBeUndefined();
  },
  'takes no address that is none': async ({ store, pathFor }) => {
    writeFileSync(pathFor('x'), 'x');
    for (const name of ['../../etc/passwd', 'short', `${'a'.repeat(42)}/`]) await expect(store.put(name, pathFor('x'))).rejects.toThrow('is no address');
  },
};

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
  'takes no address that is none': async ({ store, pathFor }) => {
    writeFileSync(pathFor('x'), 'x');
    for (const name of ['../../etc/passwd', 'short', `${'a'.repeat(42)}/`]) await expect(store.put(name, pathFor('x'))).rejects.toThrow('is no address');
  },
};

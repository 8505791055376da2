import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { PreviewShelf } from '#appliance/files/preview-shelf.ts';

const folder = mkdtempSync(join(tmpdir(), 'hansard-shelf-'));
afterAll(() => rmSync(folder, { recursive: true }));
const aBlob = (): string => randomBytes(32).toString('base64url');
const aKey = aBlob;

describe('the shelf of previews', () => {
  const shelf = new PreviewShelf(folder);
  const picture = Buffer.from('a small picture of a secret');

  it('gives a preview back to the key of its file, and to no other', async () => {
    const [blob, key] = [aBlob(), aKey()];
    await shelf.put(blob, key, picture);
    expect((await shelf.read(blob, key))?.equals(picture)).toBe(true);
    expect(await shelf.read(blob, aKey())).toBeUndefined();
    expect(readFileSync(join(folder, blob.slice(0, 2), blob)).includes(picture)).toBe(false);
  });

  it('does not take the preview of one file for that of another', async () => {
    const [one, other, key] = [aBlob(), aBlob(), aKey()];
    await shelf.put(one, key, picture);
    await shelf.put(other, key, Buffer.from('another'));
    const [from, to] = [join(folder, one.slice(0, 2), one), join(folder, other.slice(0, 2), other)];
    writeFileSync(to, readFileSync(from));
    expect(await shelf.read(other, key)).toBeUndefined();
  });

  it('forgets what is older than asked, and knows nothing of what it never had', async () => {
    const [old, young, key] = [aBlob(), aBlob(), aKey()];
    await shelf.put(old, key, picture);
    await shelf.put(young, key, picture);
    utimesSync(join(folder, old.slice(0, 2), old), new Date(1_000), new Date(1_000));
    await shelf.removeOlder(2_000);
    expect(await shelf.read(old, key)).toBeUndefined();
    expect((await shelf.read(young, key))?.equals(picture)).toBe(true);
    await new PreviewShelf(join(folder, 'nowhere')).removeOlder(2_000);
  });
});

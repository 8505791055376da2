import { createHash, createSecretKey, randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { rangeOf } from '#appliance/files/byte-answers.ts';
import { mediaOf } from '#appliance/files/media.ts';
import { StagedBytes } from '#appliance/files/staged-bytes.ts';
import { fileKindOf } from '#src/contract/files.ts';
import { chunkBytes, openChunk, openRange, sealChunk, sealedChunkBytes, sealedRange, sealedSizeOf } from '#src/files/sealed-bytes.ts';
import { aPicture } from '#test/support/shared-files.ts';

const key = createSecretKey(randomBytes(32));
const sealAll = (bytes: Buffer, under = key): Buffer => {
  const parts: Buffer[] = [];
  for (let index = 0, at = 0; index === 0 || at < bytes.length; index += 1, at += chunkBytes) parts.push(...sealChunk(under, index, at + chunkBytes >= bytes.length, bytes.subarray(at, at + chunkBytes)));
  return Buffer.concat(parts);
};

describe('sealed bytes', () => {
  it.each([0, 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes - 1])('open again in every range (%i bytes)', (size) => {
    const bytes = randomBytes(size);
    const sealed = sealAll(bytes);
    expect(sealed.length).toBe(sealedSizeOf(size));
    for (const [from, to] of [[0, size], [0, Math.min(1, size)], [Math.max(0, size - 1), size], [Math.floor(size / 3), Math.floor(size / 2)]] as const) {
      const range = sealedRange(size, from, to);
      expect(openRange(key, size, from, to, sealed.subarray(range.from, range.to))!.equals(bytes.subarray(from, to))).toBe(true);
    }
  });
  it('do not open where a bit, the order or the end was changed, nor under another key', () => {
    const bytes = randomBytes(2 * chunkBytes + 10);
    const sealed = sealAll(bytes);
    const chunk = (index: number): Buffer => sealed.subarray(index * sealedChunkBytes, (index + 1) * sealedChunkBytes);
    const flipped = Buffer.from(sealed);
    flipped[70_000]! ^= 1;
    expect(openRange(key, bytes.length, 0, bytes.length, flipped)).toBeUndefined();
    expect(openRange(key, bytes.length, 0, bytes.length, Buffer.concat([chunk(1), chunk(0), chunk(2)]))).toBeUndefined();
    // Cut at the edge of a chunk, and said to be that long: the last chunk is not a last one.
    expect(openRange(key, 2 * chunkBytes, 0, 2 * chunkBytes, Buffer.concat([chunk(0), chunk(1)]))).toBeUndefined();
    expect(openChunk(createSecretKey(randomBytes(32)), 0, false, chunk(0))).toBeUndefined();
    expect(openChunk(key, 0, false, Buffer.alloc(5))).toBeUndefined();
  });
});

describe('docs/format.md', () => {
  it('says how the bytes of a file are sealed', () => {
    const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
    type Vector = { readonly key: string; readonly plaintext: string; readonly times: number; readonly sealed?: string; readonly blob: string };
    for (const { key: secret, plaintext, times, sealed, blob } of JSON.parse(/```json vector=file\n([^`]*)```/.exec(page)![1]!) as readonly Vector[]) {
      const made = sealAll(Buffer.from(plaintext.repeat(times)), createSecretKey(secret, 'base64url'));
      if (sealed !== undefined) expect(made.toString('hex')).toBe(sealed);
      expect(createHash('sha256').update(made).digest('base64url')).toBe(blob);
    }
  });
});

describe('staged bytes', () => {
  let folder = '';
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'hansard-staged-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const bytes = randomBytes(5 * chunkBytes + 100);
  const staged = (size = bytes.length): StagedBytes => new StagedBytes(join(folder, 'bytes'), key, size);
  const inPieces = (into: StagedBytes, from: number, to: number, length: number): void => {
    for (let at = from; at < to; at += length) into.append(bytes.subarray(at, Math.min(to, at + length)));
  };
  const whole = (): string => {
    rmSync(join(folder, 'whole'), { force: true });
    const one = new StagedBytes(join(folder, 'whole'), key, bytes.length);
    one.append(bytes);
    const { blob } = one.finish();
    one.close();
    return blob;
  };

  it.each([1_000, chunkBytes, 100_000, 1_000_000])('are the same in whatever pieces they come (%i)', (length) => {
    const one = staged();
    inPieces(one, 0, bytes.length, length);
    expect([one.isWhole, one.offset]).toEqual([true, bytes.length]);
    expect(one.finish().blob).toBe(whole());
    one.close();
  });

  it('go on after a crash from the last whole chunk, whatever lies behind it', () => {
    for (const spoil of [(path: string) => truncateSync(path, 3 * sealedChunkBytes + 5), (path: string) => appendFileSync(path, randomBytes(70_000)), (path: string) => {
      const all = readFileSync(path);
      all.fill(0, 3 * sealedChunkBytes);
      writeFileSync(path, all);
    }]) {
      rmSync(join(folder, 'bytes'), { force: true });
      const before = staged();
      inPieces(before, 0, 4 * chunkBytes + 50, 10_000);
      expect([before.offset, before.taken]).toEqual([4 * chunkBytes, 4 * chunkBytes + 50]);
      before.close();
      spoil(join(folder, 'bytes'));
      const after = staged();
      expect([3, 4]).toContain(after.offset / chunkBytes);
      expect(statSync(join(folder, 'bytes')).size).toBe((after.offset / chunkBytes) * sealedChunkBytes);
      inPieces(after, after.offset, bytes.length, 30_000);
      expect(after.finish().blob).toBe(whole());
      after.close();
    }
  });

  it('of an empty file are one empty chunk', () => {
    const empty = staged(0);
    expect(empty.isWhole).toBe(false);
    empty.sealEmpty();
    empty.sealEmpty();
    expect([empty.isWhole, statSync(join(folder, 'bytes')).size]).toEqual([true, 16]);
    empty.close();
  });
});

describe('what a file is', () => {
  it.each([
    [aPicture, { type: 'image/png', width: 1, height: 1 }], [Buffer.from('%PDF-1.7\n1 0 obj'), { type: 'application/pdf' }], [Buffer.from('just words, ünd ümlauts\r\n'), { type: 'text/plain' }],
    [Buffer.from('<html><script>'), { type: 'text/plain' }], [Buffer.from('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>'), { type: 'application/xml' }], [Buffer.alloc(0), { type: 'application/octet-stream' }], [Buffer.from([0, 1, 2, 3]), { type: 'application/octet-stream' }],
    [Buffer.from('上海').subarray(0, 5), { type: 'text/plain' }], [aPicture.subarray(0, 20), { type: 'image/png' }],
  ])('is told from its bytes (%#)', async (head, media) => expect(await mediaOf(head)).toMatchObject(media));
  it('is sorted into what people pick by', () => expect(['image/png', 'audio/ogg', 'video/mp4', 'text/plain', 'application/pdf', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'application/zip'].map(fileKindOf)).toEqual(['image', 'audio', 'video', 'document', 'document', 'document', 'other']));
});

describe('a range', () => {
  const of = (range: string, size = 100) => rangeOf(new Headers({ Range: range }), size, '"t"');
  it('is what RFC 9110 says', () => {
    expect([of('bytes=0-9'), of('bytes=90-'), of('bytes=-10'), of('bytes=50-1000'), of('bytes=-1000')]).toEqual([{ from: 0, to: 10 }, { from: 90, to: 100 }, { from: 90, to: 100 }, { from: 50, to: 100 }, { from: 0, to: 100 }]);
    expect([of('bytes=100-'), of('bytes=-0'), of('bytes=0-', 0)]).toEqual(['unsatisfiable', 'unsatisfiable', 'unsatisfiable']);
    expect([of('bytes=0-1,5-6'), of('lines=1-2'), of('bytes=-'), of('bytes=5-2')]).toEqual([undefined, undefined, undefined, undefined]);
  });
});

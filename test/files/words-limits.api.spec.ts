import { deflateSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { ReaderProcess } from '#appliance/file-words/reader-process.ts';
import { readingLimits, type Reading, type ReadingLimits } from '#appliance/file-words/reading.ts';
import { aDocument, aPdf, paragraph } from '#test/support/word-samples.ts';

const opened: ReaderProcess[] = [];
afterAll(() => opened.forEach((one) => one.end()));
const aReader = (limits: Partial<ReadingLimits> = {}): ReaderProcess => {
  const reader = new ReaderProcess({ ...readingLimits, ...limits });
  opened.push(reader);
  return reader;
};
const reads = (reader: ReaderProcess, type: string, bytes: Buffer): Promise<Reading> => reader.read(type, bytes.length, new Blob([new Uint8Array(bytes)]).stream());
const pdf = 'application/pdf';
const plain = (reader: ReaderProcess): Promise<Reading> => reads(reader, 'text/plain', Buffer.from('still reads'));
const stillReads = { state: 'read', text: 'still reads' };

/** A few kilobytes that become hundreds of megabytes on their way. */
const aBomb = (): Buffer => aPdf(['x'], { stream: { filter: 'FlateDecode', bytes: deflateSync(Buffer.alloc(256 * 1024 * 1024, ' ')) } });

describe('the process that reads', () => {
  it('reads one file after the other, long ones in pieces', async () => {
    const reader = aReader();
    const long = `${'word '.repeat(600_000)}last`;
    expect((await reads(reader, 'text/plain', Buffer.from(long))).text.endsWith(' last')).toBe(true);
    expect(await plain(reader)).toEqual(stillReads);
  });

  it('is ended by a file that fills memory outside of its heap, and the next one reads', async () => {
    const reader = aReader({ processBytes: 300 * 1024 * 1024 });
    expect((await reads(reader, pdf, aBomb())).state).toBe('too-complex');
    expect(await plain(reader)).toEqual(stillReads);
  });

  it('is ended by a file that fills its heap', async () => {
    const deep = aDocument('<w:p>'.repeat(5_000_000));
    expect((await reads(aReader(), 'application/zip', deep)).state).toBe('too-complex');
  });

  it('is ended by a file that takes too long, and the next one reads', async () => {
    const reader = aReader({ cpuMs: 300 });
    expect((await reads(reader, 'application/zip', aDocument(paragraph('a').repeat(1_500_000)))).state).toBe('timed-out');
    expect(await plain(reader)).toEqual(stillReads);
  });

  it('gives no answer where the bytes broke off on their way, and the next one reads', async () => {
    const reader = aReader();
    const broken = reader.read('text/plain', 10, new ReadableStream({ pull: (controller) => controller.error(new Error('The stored bytes are damaged.')) }));
    await expect(broken).rejects.toThrow('damaged');
    expect(await plain(reader)).toEqual(stillReads);
  });
});

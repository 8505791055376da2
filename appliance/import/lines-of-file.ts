import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { Fault } from '#src/kernel/fault.ts';

/** Longer lines are refused, and read past without being kept. */
export const lineBytesMax = 256 * 1024;

/** `bytes` is null for a line that is too long. Numbers begin at 1. */
export type FileLine = { readonly line: number; readonly bytes: Buffer | null };

const newline = 0x0a;

const isGzip = async (file: string): Promise<boolean> => {
  const handle = await open(file, 'r').catch((cause: unknown) => {
    throw new Fault(`${file} cannot be read.`, { cause });
  });
  const start = Buffer.alloc(2);
  await handle.read(start, 0, 2, 0);
  await handle.close();
  return start[0] === 0x1f && start[1] === 0x8b;
};

/** Lines of a plain or gzipped file, a few at a time; memory does not grow with the file. The last line may lack its newline; a line that is empty counts and is handed on. */
export async function* linesOfFile(file: string): AsyncGenerator<readonly FileLine[]> {
  const packed = await isGzip(file);
  const source = createReadStream(file, { highWaterMark: 256 * 1024 });
  const bytes: Readable = packed ? source.pipe(createGunzip()) : source;
  source.on('error', (cause) => bytes.destroy(cause));
  let kept: Buffer[] = [];
  let keptBytes = 0;
  let tooLong = false;
  let line = 0;
  const take = (part: Buffer): void => {
    keptBytes += part.length;
    tooLong ||= keptBytes > lineBytesMax;
    if (tooLong) kept = [];
    else if (part.length > 0) kept.push(part);
  };
  const finish = (): FileLine => {
    line += 1;
    const finished = { line, bytes: tooLong ? null : kept.length === 1 ? kept[0]! : Buffer.concat(kept) };
    [kept, keptBytes, tooLong] = [[], 0, false];
    return finished;
  };
  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    const lines: FileLine[] = [];
    let from = 0;
    for (let to = chunk.indexOf(newline); to >= 0; to = chunk.indexOf(newline, from)) {
      take(chunk.subarray(from, to));
      lines.push(finish());
      from = to + 1;
    }
    take(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (keptBytes > 0) yield [finish()];
}

import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';

const run = promisify(execFile);
/** Whether `strace` is installed and may trace here: containers often forbid it. */
const canTrace = spawnSync('strace', ['-f', '-e', 'trace=fsync', 'true']).status === 0;

/** What a process did to its disk, in order: `write bytes`, `flush bytes`, `flush record`, `told 131072`. */
const watched = async (mode: 'sound' | 'untold'): Promise<readonly string[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-flush-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const trace = join(folder, 'trace');
  await run('strace', ['-f', '-y', '-s', '40', '-e', 'trace=write,writev,pwrite64,fsync,fdatasync', '-o', trace, process.execPath, new URL('../support/upload-process.ts', import.meta.url).pathname, folder, mode]);
  return (await readFile(trace, 'utf8')).split('\n').flatMap((line) => {
    const told = /write\(1<.*"(told \d+)/.exec(line)?.[1];
    if (told !== undefined) return [told];
    const [, call, path] = /^\d+ +(\w+)\(\d+<([^>]*)>/.exec(line) ?? [];
    const what = path?.endsWith('.bytes') ? 'bytes' : path?.includes('.upload') ? 'record' : undefined;
    return what === undefined ? [] : [`${call!.includes('sync') ? 'flush' : 'write'} ${what}`];
  });
};

/** What was told while bytes, or the record with their key, had been written and not flushed. */
const toldTooEarly = (did: readonly string[]): string[] => {
  const unflushed = new Set<string>();
  const early: string[] = [];
  for (const one of did) {
    const [act, what] = one.split(' ') as [string, string];
    if (act === 'write') unflushed.add(what);
    else if (act === 'flush') unflushed.delete(what);
    else if (unflushed.size > 0) early.push(one);
  }
  return early;
};

// Only a power cut shows what was not flushed; the system's calls show it too.
describe.skipIf(!canTrace)('how far an upload has come', () => {
  it('is told when bytes and record are on stable storage, and nothing is flushed twice', async () => {
    const did = await watched('sound');
    expect(did.filter((one) => one.startsWith('told'))).toEqual(['told 131072', 'told 262144', 'told 300000']);
    expect(toldTooEarly(did)).toEqual([]);
    // Once for each of three parts; and once where they come to lie in the store, under a path of their own.
    expect(did.filter((one) => one === 'flush bytes').length).toBeLessThanOrEqual(4);
  });

  it('is caught when it is told before', async () => expect(toldTooEarly(await watched('untold'))).toEqual(['told 131072', 'told 262144', 'told 300000']));
});

import { spawnSync } from 'node:child_process';
import { expect, it, onTestFinished } from 'vitest';

import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { aFolder } from '#test/support/log-makers.ts';
import { aSmallDisk } from '#test/support/log-small-disk.ts';
import { startWriting, Witness, type Told, type WritingMode } from '#test/support/log-witness.ts';

/** Whether `strace` is installed and may trace here: containers often forbid it. */
const canInject = spawnSync('strace', ['-f', '-e', 'trace=fsync', 'true']).status === 0;
const means = canInject ? 'EIO injected by strace' : 'no strace here: a disk that is full';
/** Root must be able to do one of the two; anybody else may lack both. */
const flushErrorIt = it.skipIf(!canInject && process.getuid?.() !== 0);

type Ran = { readonly told: readonly Told[]; readonly complaints: readonly string[] };

/** Under `strace`: the `when`th flush of the file with this ending fails, once. Node flushes by fsync, libuv and others by fdatasync. */
const injecting = (file: string, ending: string, when: number): string[] =>
  ['strace', '-f', '-qq', '-o', '/dev/null', '-P', `${file}${ending}`, '-e', 'trace=fsync,fdatasync', '-e', `inject=fsync,fdatasync:error=EIO:when=${when}`];

/** Writes until the disk fails, starts again on a disk that is well, and lets the witness compare. */
const runIntoFailure = async (mode: WritingMode, ending: string, when: number): Promise<Ran> => {
  const disk = canInject ? undefined : await aSmallDisk(12);
  const { file, remove } = disk ?? (await aFolder());
  onTestFinished(remove);
  // Made before, so that the flushes of the making are not counted.
  await (await openSqliteLog({ file, reserveBytes: 0 })).close();
  const told = await startWriting(file, mode, { under: canInject ? injecting(file, ending, when) : [] }).gone;
  disk?.growTo(64);
  const witness = new Witness();
  witness.hear(told);
  const log = await openSqliteLog({ file, reserveBytes: 0 });
  const complaints = await witness.complaintsAbout(log);
  await log.close();
  return { told, complaints };
};

const one = <Kind extends Told['kind']>(told: readonly Told[], kind: Kind): Extract<Told, { kind: Kind }> | undefined =>
  told.find((line): line is Extract<Told, { kind: Kind }> => line.kind === kind);

const expectCleanStop = ({ told, complaints }: Ran): void => {
  expect(one(told, 'failed')).toBeUndefined();
  expect(one(told, 'stopped')).toMatchObject({ sentence: expect.stringMatching(/has stopped for good: .*(I\/O error|full)/), again: 'LogStopped' });
  const { size, followed } = one(told, 'read')!;
  const acknowledged = told.filter((line) => line.kind === 'acknowledged');
  expect(acknowledged.length).toBeGreaterThan(10);
  // What the same process still reads is what was flushed before the failure: nothing beyond it was acknowledged or handed to a follower.
  expect(followed).toBe(size);
  expect(acknowledged.filter(({ position, ids }) => position + ids.length > size)).toEqual([]);
  expect(complaints).toEqual([]);
};

for (const when of [20, 21, 200]) {
  flushErrorIt(`acknowledges nothing after flush ${when} of the write-ahead log has failed, reads on, and loses nothing (${means})`, { timeout: 60_000 }, async () => {
    expectCleanStop(await runIntoFailure('sound', '-wal', when));
  });
}

flushErrorIt(`stops for good when the flush of a checkpoint fails, and loses nothing (${means})`, { timeout: 60_000 }, async () => {
  expectCleanStop(await runIntoFailure('sound', '', 1));
});

flushErrorIt(`catches a build that acknowledges in spite of a failed flush (${means})`, { timeout: 60_000 }, async () => {
  const { complaints } = await runIntoFailure('acknowledges in spite of errors', '-wal', 20);
  expect(complaints).toContainEqual(expect.stringMatching(/^lost: /));
});

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { allOf, anEventToAppend, faultsOf } from '#test/support/log-makers.ts';
import { aSmallDisk } from '#test/support/log-small-disk.ts';
import { startWriting, Witness } from '#test/support/log-witness.ts';

const mebibyte = 1024 * 1024;
/** Only root can mount a disk. */
const diskIt = it.skipIf(process.getuid?.() !== 0);

diskIt('keeps everything acknowledged when the disk is full, reads on, and writes again when there is room', { timeout: 60_000 }, async () => {
  const disk = await aSmallDisk(12);
  onTestFinished(disk.remove);
  const told = await startWriting(disk.file, 'sound').gone;
  expect(told.filter(({ kind }) => kind === 'failed')).toEqual([]);
  expect(told.find((line) => line.kind === 'stopped')).toMatchObject({ sentence: expect.stringContaining('full'), again: 'LogStopped' });
  const witness = new Witness();
  witness.hear(told);
  const acknowledged = witness.acknowledged.reduce((sum, { ids }) => sum + ids.length, 0);
  expect(acknowledged).toBeGreaterThan(1000);
  expect(told.find((line) => line.kind === 'read')?.size).toBeGreaterThanOrEqual(acknowledged);

  disk.growTo(64);
  const log = await openSqliteLog({ file: disk.file, reserveBytes: 0 });
  expect(await witness.complaintsAbout(log)).toEqual([]);
  expect(await log.append('room', -1, [anEventToAppend()])).toMatchObject({ kind: 'appended' });
  expect(await faultsOf(log)).toEqual([]);
  await log.close();
});

diskIt('refuses posts while a real disk is below the reserve, takes what is essential, and takes posts again when there is room', { timeout: 60_000 }, async () => {
  const disk = await aSmallDisk(64);
  onTestFinished(disk.remove);
  const log = await openSqliteLog({ file: disk.file, reserveBytes: 32 * mebibyte });
  let revision = -1;
  /** Posts until the answer is of this kind: the engine looks at the disk once a second. */
  const postUntil = async (kind: 'appended' | 'refused'): Promise<void> => {
    for (;;) {
      const outcome = await log.append('talk', revision, [anEventToAppend()]);
      if (outcome.kind === 'appended') revision = outcome.revision;
      if (outcome.kind === 'refused') expect(outcome.code).toBe('disk-reserve');
      if (outcome.kind === kind) return;
    }
  };
  await postUntil('appended');
  const ballast = join(disk.folder, 'ballast');
  writeFileSync(ballast, Buffer.alloc(40 * mebibyte));
  await postUntil('refused');
  expect(await log.append('custody', -1, [anEventToAppend()], 'essential')).toMatchObject({ kind: 'appended' });
  expect(log.stopped()).toBeUndefined();
  rmSync(ballast);
  await postUntil('appended');
  expect(await allOf(log.readStream('talk', { backwards: true, limit: 1 }))).toMatchObject([{ revision }]);
  expect(await faultsOf(log)).toEqual([]);
  await log.close();
});

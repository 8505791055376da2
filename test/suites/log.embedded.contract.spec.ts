import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { BrokenIntegrity, Fault } from '#src/kernel/fault.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { aFolder, faultsOf, someEvents } from '#test/support/log-makers.ts';

let file: string;
let remove: () => Promise<void>;
beforeEach(async () => ({ file, remove } = await aFolder()));
afterEach(() => remove());

/** SQL that no appliance would run. */
const tamperWith = (sql: string): void => {
  const database = new DatabaseSync(file);
  database.exec(sql);
  database.close();
};

/** Fills the log with `events` in three streams, closes it and tampers with it. */
const fillAndTamper = async (events: number, sql: string): Promise<void> => {
  const log = await openSqliteLog({ file });
  for (let i = 0; i < events; i += 1) void log.append(`s${i % 3}`, Math.floor(i / 3) - 1, someEvents(1), 'essential');
  await log.close();
  tamperWith(sql);
};

describe('the start of the embedded engine', () => {
  const damages: Record<string, string> = {
    'the last event is gone': 'DELETE FROM events WHERE position = (SELECT max(position) FROM events)',
    'an event is too many': "INSERT INTO events SELECT position + 1, stream, revision + 9, id, type, data, metadata, leaf FROM events ORDER BY position DESC LIMIT 1",
    'an event of the tail is gone': 'DELETE FROM events WHERE position = 95',
    'a leaf of the tail is another': 'UPDATE events SET leaf = (SELECT leaf FROM events WHERE position = 1) WHERE position = 95',
    'two leaves have changed places': 'UPDATE events SET leaf = (SELECT leaf FROM events e WHERE e.position = 193 - events.position) WHERE position IN (96, 97)',
    'the peaks of the tree are others': 'UPDATE tree SET peaks = zeroblob(length(peaks))',
    'the peaks of the tree are too few': 'UPDATE tree SET peaks = substr(peaks, 33)',
    'the root is another': "UPDATE tree SET root = 'x'",
    'the size of the tree is another': 'UPDATE tree SET size = size + 1',
    'the tree is gone': 'DELETE FROM tree',
    'a head is behind its last event': "UPDATE streams SET revision = revision - 1 WHERE name = 's1'",
    'a head names another leaf': "UPDATE streams SET leaf = 'x' WHERE name = 's2'",
    'a stream is gone': "DELETE FROM streams WHERE name = 's0'",
  };
  for (const [title, sql] of Object.entries(damages)) {
    it(`is refused with a sentence when ${title}`, async () => {
      await fillAndTamper(100, sql);
      await expect(openSqliteLog({ file })).rejects.toThrow(BrokenIntegrity);
      await expect(openSqliteLog({ file })).rejects.toThrow(/^The (log|tree of the log) .*(inconsistent: |damaged: |lost its tree)/);
    });
  }

  it('looks at the tail of a log of a round size too', async () => {
    await fillAndTamper(2048, "UPDATE streams SET revision = 0 WHERE name = 's1'");
    await expect(openSqliteLog({ file })).rejects.toThrow(/the head of s1 is at revision 0, its last event at 682/);
  });

  it('is refused for a file of another kind, a log of another format and a folder that is missing', async () => {
    writeFileSync(file, 'not a database, but long enough to be read as the header of one, which has a hundred bytes of its own');
    await expect(openSqliteLog({ file })).rejects.toThrow(Fault);
    await expect(openSqliteLog({ file: `${file}-missing/log.db` })).rejects.toThrow(Fault);
    await remove();
    ({ file, remove } = await aFolder());
    await fillAndTamper(3, 'PRAGMA user_version = 7');
    await expect(openSqliteLog({ file })).rejects.toThrow(/has format 7/);
    tamperWith('PRAGMA user_version = 1; PRAGMA application_id = 1');
    await expect(openSqliteLog({ file })).rejects.toThrow(/is not a Hansard log/);
    await remove();
    ({ file, remove } = await aFolder());
    tamperWith('CREATE TABLE somebodys (thing)');
    const before = readFileSync(file);
    await expect(openSqliteLog({ file })).rejects.toThrow(/is not a Hansard log/);
    expect(readFileSync(file)).toEqual(before);
  });

  it('makes a file that only its owner reads', async () => {
    const log = await openSqliteLog({ file });
    await log.append('a', -1, someEvents(1), 'essential');
    for (const part of ['', '-wal', '-shm']) expect(statSync(file + part).mode & 0o777).toBe(0o600);
    await log.close();
  });
});

describe('the lock of the embedded engine', () => {
  const startHolder = async () => {
    const script = fileURLToPath(new URL('../support/log-writing-process.ts', import.meta.url));
    const holder = spawn(process.execPath, [script, file, 'idle'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(holder.stdout), 'line')) as [string];
    expect(JSON.parse(line)).toEqual({ kind: 'open', size: 0 });
    return holder;
  };

  it('refuses a second appliance, and is free when the first one crashed', async () => {
    const holder = await startHolder();
    await expect(openSqliteLog({ file })).rejects.toThrow(`The log ${file} is in use by another appliance.`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    const log = await openSqliteLog({ file });
    await log.close();
  });

  it('refuses a second log on the same file in one process, and harms the first in no way', async () => {
    const log = await openSqliteLog({ file, reserveBytes: 0 });
    await expect(openSqliteLog({ file })).rejects.toThrow('in use');
    expect(await log.append('a', -1, someEvents(2))).toMatchObject({ kind: 'appended' });
    await expect(openSqliteLog({ file })).rejects.toThrow('in use');
    expect(await faultsOf(log)).toEqual([]);
    await log.close();
    const again = await openSqliteLog({ file });
    await again.close();
  });
});

describe('the disk reserve of the embedded engine', () => {
  it('refuses posts and takes what is essential, and the log is well', async () => {
    const batch = someEvents(1);
    const before = await openSqliteLog({ file, reserveBytes: 0 });
    const first = await before.append('a', -1, batch);
    await before.close();
    const log = await openSqliteLog({ file, reserveBytes: Number.MAX_SAFE_INTEGER });
    expect(await log.append('a', 0, someEvents(1))).toEqual({ kind: 'refused', code: 'disk-reserve' });
    expect(await log.append('a', 0, someEvents(1), 'essential')).toEqual({ kind: 'appended', position: 1, revision: 1 });
    expect(await log.append('a', -1, batch)).toEqual(first);
    expect(await log.append('a', 0, someEvents(1))).toEqual({ kind: 'conflict', revision: 1 });
    expect(log.stopped()).toBeUndefined();
    expect(await faultsOf(log)).toEqual([]);
    await log.close();
  });
});

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { figure, type Figure } from '../support/figure.ts';

const events = 60_000;
const streams = 1_000;
const inFlight = 256;
const data = JSON.stringify({ at: 1, text: 'x'.repeat(420) });
const metadata = JSON.stringify({ actor: 'x'.repeat(300) });
const leafHash = Buffer.alloc(32, 7).toString('base64url');

/** The embedded engine alone: 800-byte events, each acknowledged when flushed. */
export const engineFigures = async (): Promise<Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'hansard-engine-'));
  const log = await openSqliteLog({ file: join(folder, 'log.sqlite'), reserveBytes: 0 });
  const heads = Array.from({ length: streams }, () => -1);
  let next = 0;
  const began = performance.now();
  const loop = async (lane: number): Promise<void> => {
    for (let i = 0; next < events; i += 1) {
      next += 1;
      const stream = (lane + inFlight * (i % 3)) % streams;
      await log.append(`conversation-${stream}`, heads[stream]!, [{ id: randomUUID(), type: 'MessagePosted', data, metadata, leafHash }]);
      heads[stream]! += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, lane) => loop(lane)));
  const perSecond = events / ((performance.now() - began) / 1_000);
  await log.close();
  const floor = bareInserts(join(folder, 'bare.sqlite'));
  rmSync(folder, { recursive: true, force: true });
  return [figure('embedded engine alone, 256 in flight over 1,000 streams', perSecond, 'events/s', { least: 25_000 }, floor)];
};

/** The floor: the same rows in a bare SQLite table, one flush each and a thousand a flush. */
const bareInserts = (file: string): string => {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; CREATE TABLE e (p INTEGER PRIMARY KEY, d TEXT, m TEXT)');
  const put = db.prepare('INSERT INTO e (d, m) VALUES (?, ?)');
  const rate = (count: number, batch: number): number => {
    const began = performance.now();
    for (let i = 0; i < count; i += batch) {
      db.exec('BEGIN');
      for (let n = 0; n < batch; n += 1) put.run(data, metadata);
      db.exec('COMMIT');
    }
    return count / ((performance.now() - began) / 1_000);
  };
  const [single, thousand] = [rate(2_000, 1), rate(100_000, 1_000)];
  db.close();
  return `bare SQLite: one flush each ${Math.round(single).toLocaleString('en')}/s, batches of 1,000 ${Math.round(thousand).toLocaleString('en')}/s`;
};

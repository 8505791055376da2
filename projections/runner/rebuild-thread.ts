import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { viewNamed } from './every-view.ts';
import { Guard } from './guard.ts';
import { LogFile } from './log-file.ts';
import type { FromRebuild, RebuildData } from './messages.ts';
import { openOpener } from './opener.ts';
import { RunningView } from './running-view.ts';
import { createFile, rebuildingFileOf } from './view-file.ts';

/** Events in one transaction: large, because nobody reads these files yet. */
const transactionEvents = 10_000;

const data = workerData as RebuildData;
const post = (message: FromRebuild): void => parentPort!.postMessage(message);

const opener = await openOpener(data.keyring, data.logId);
const log = new LogFile(data.logFile);
const guard = new Guard(join(data.folder, 'guard.sqlite'));
const running = data.views.map((name) => {
  const view = viewNamed(name);
  const db = createFile(rebuildingFileOf(data.folder, name), view);
  db.exec('PRAGMA cache_size = -131072; PRAGMA wal_autocheckpoint = 20000');
  view.bulk?.before(db);
  return new RunningView(view, db);
});

let next = 0;
for (;;) {
  const events = log.read(next, Number.MAX_SAFE_INTEGER, transactionEvents);
  if (events.length === 0) break;
  guard.check(events, log, opener);
  const opened = events.map((event) => opener.open(event));
  for (const view of running) {
    view.applyBatch(opened, guard.isSkipped);
    view.derive(false);
  }
  next = events.at(-1)!.position + 1;
  post({ is: 'progress', done: next, of: log.size() });
}

for (const view of running) {
  view.view.bulk?.after(view.db);
  view.close();
}
const stopped = running.filter((view) => view.stopped !== null).map((view) => view.view.name);
log.close();
guard.close();
opener.close();
post({ is: 'rebuilt', stopped });

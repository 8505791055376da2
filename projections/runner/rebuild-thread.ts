import { join } from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Opened } from '#src/every-event.ts';
import { viewNamed } from './every-view.ts';
import { openedFrom, type FedEvent } from './fed-event.ts';
import { Guard } from './guard.ts';
import { LogFile } from './log-file.ts';
import type { FromRebuild, RebuildData } from './messages.ts';
import { openOpener } from './opener.ts';
import { RunningView } from './running-view.ts';
import { createFile, rebuildingFileOf } from './view-file.ts';

/** Events in one page and one transaction: large, because nobody reads these files yet. */
const pageEvents = 5_000;

const data = workerData as RebuildData;
const post = (message: FromRebuild): void => parentPort!.postMessage(message);

const opener = await openOpener(data.keyring, data.logId);
const log = new LogFile(data.logFile);
const guard = new Guard(join(data.folder, 'guard.sqlite'));
const running = data.views.map((name) => {
  const view = viewNamed(name);
  const db = createFile(rebuildingFileOf(data.folder, name), view);
  db.exec('PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 20000');
  view.bulk?.before(db);
  return new RunningView(view, db);
});

/** Contents of the pages that the other thread opens, by page. */
const received = new Map<number, string[]>();
let arrived: (() => void) | undefined;
data.peer?.on('message', ({ page, contents }: { page: number; contents: string[] }) => {
  received.set(page, contents);
  arrived?.();
});
const contentsOf = async (page: number): Promise<string[]> => {
  while (!received.has(page)) await new Promise<void>((resolve) => (arrived = resolve));
  const contents = received.get(page)!;
  received.delete(page);
  return contents;
};

const readPage = (page: number): FedEvent[] => log.read(page * pageEvents, Math.min(data.upTo, (page + 1) * pageEvents - 1), pageEvents);

const openPage = (page: number, peer: MessagePort | undefined): Opened[] => {
  const events = readPage(page);
  guard.check(events, log, opener);
  const opened = events.map((event) => opener.open(event));
  // Opening is what costs most: each of two threads opens every other page and tells the other.
  peer?.postMessage({ page, contents: opened.map((event) => JSON.stringify(event.content)) });
  return opened;
};

const receivePage = async (page: number): Promise<Opened[]> => {
  const events = readPage(page);
  const contents = await contentsOf(page);
  return events.map((event, n) => openedFrom({ ...event, content: contents[n]! }));
};

const apply = (events: readonly Opened[]): void => {
  for (const view of running) {
    view.applyBatch(events, guard.isSkipped);
    view.derive(false);
  }
  const last = events.at(-1);
  if (last) post({ is: 'progress', done: last.position + 1, of: data.upTo + 1 });
};

for (let page = 0; page * pageEvents <= data.upTo; page += data.peer ? 2 : 1) {
  if (!data.peer) apply(openPage(page, undefined));
  else {
    const mine = openPage(page + data.share, data.peer);
    const other = await receivePage(page + 1 - data.share);
    for (const events of data.share === 0 ? [mine, other] : [other, mine]) apply(events);
  }
}

for (const view of running) {
  view.view.bulk?.after(view.db);
  view.close();
}
log.close();
guard.close();
opener.close();
data.peer?.close();
post({ is: 'rebuilt' });

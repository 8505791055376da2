import { join } from 'node:path';
import { parentPort, workerData, type MessagePort } from 'node:worker_threads';
import type { Opened } from '#src/every-event.ts';
import { viewNamed } from './every-view.ts';
import { contentTextOf, openedFrom, type FedEvent } from './fed-event.ts';
import { Guard } from './guard.ts';
import { LogFile } from './log-file.ts';
import type { FromRebuild, RebuildData } from './messages.ts';
import { openOpener } from './opener.ts';
import { RunningView } from './running-view.ts';
import { createFile, fillInBulk, rebuildingFileOf } from './view-file.ts';
import type { ViewName } from '../view.ts';

/** Events that are opened and handed over together: so few that next to none are alive when memory is cleared. */
const pageEvents = 128;
/**
 * Of so many pages one is opened by the thread of the full texts, which has most to write, and the rest by the other: with one of
 * eight both use as much processor time (of four, the texts 8 to 14 % more, and the other waits). Not none, because each
 * other's pages are what keeps one thread from running ahead of the other.
 */
const groupPages = 8;
/** One transaction: large, because nobody reads these files yet, and what is sorted before it is written goes to fewer places. */
const pagesPerCommit = 320;
/** Between two reports of how far it is. */
const pagesPerReport = 40;

const data = workerData as RebuildData;
const post = (message: FromRebuild): void => parentPort!.postMessage(message);

const opener = await openOpener(data.keyring, data.logId);
const log = new LogFile(data.logFile);
const guard = new Guard(join(data.folder, 'guard.sqlite'));
const create = (name: ViewName): RunningView => {
  const view = viewNamed(name);
  const db = createFile(rebuildingFileOf(data.folder, name), view);
  view.bulk?.before(db);
  return new RunningView(view, db);
};
const finish = (view: RunningView): void => {
  view.view.bulk?.after(view.db);
  view.close();
};

const running = new Map(data.views.map((name) => [name, create(name)] as const));
for (const { db } of running.values()) fillInBulk(db);

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

/** Opening costs too much to be done in both of two threads. */
const opensHere = (page: number): boolean => !data.peer || (page % groupPages === groupPages - 1) === (data.share === 1);

const readPage = (page: number): FedEvent[] => log.read(page * pageEvents, Math.min(data.upTo, (page + 1) * pageEvents - 1), pageEvents);

const openPage = (page: number, peer: MessagePort | undefined): Opened[] => {
  const events = readPage(page);
  guard.check(events, log, opener);
  const opened = events.map((event) => opener.open(event));
  peer?.postMessage({ page, contents: opened.map(contentTextOf) });
  return opened;
};

const receivePage = async (page: number): Promise<Opened[]> => {
  const events = readPage(page);
  const contents = await contentsOf(page);
  return events.map((event, n) => openedFrom(event, undefined, contents[n]!));
};

/** Views that met an event they cannot read. Without a journal there is no way back, so they begin anew. */
const poisoned: ViewName[] = [];
const tryAll = (act: (view: RunningView) => void): void => {
  for (const [name, view] of running) {
    try {
      act(view);
    } catch {
      view.close();
      running.delete(name);
      poisoned.push(name);
    }
  }
};

let pagesApplied = 0;
const apply = (events: readonly Opened[]): void => {
  pagesApplied += 1;
  tryAll((view) => {
    view.applyPage(events, guard.isSkipped);
    view.derive(false);
    if (pagesApplied % pagesPerCommit === 0) view.commit();
  });
  const last = events.at(-1);
  if (last && pagesApplied % pagesPerReport === 0) post({ is: 'progress', done: last.position + 1, of: data.upTo + 1 });
};

/** Of one group of pages, those that this thread opens, and tells the other of. */
const openGroup = (group: number): ReadonlyMap<number, readonly Opened[]> => {
  const opened = new Map<number, readonly Opened[]>();
  for (let page = group * groupPages; page < (group + 1) * groupPages && page * pageEvents <= data.upTo; page += 1) if (opensHere(page)) opened.set(page, openPage(page, data.peer));
  return opened;
};

// One group ahead, so that neither thread waits for the other to open what both need next.
let next = openGroup(0);
for (let group = 0; group * groupPages * pageEvents <= data.upTo; group += 1) {
  const mine = next;
  next = openGroup(group + 1);
  for (let page = group * groupPages; page < (group + 1) * groupPages && page * pageEvents <= data.upTo; page += 1) apply(mine.get(page) ?? (await receivePage(page)));
}
tryAll((view) => view.commit());
for (const view of running.values()) finish(view);

for (const name of poisoned) {
  const view = create(name);
  for (let page = 0; page * pageEvents <= data.upTo && view.stopped === null; page += 1) {
    view.applyBatch(openPage(page, undefined), guard.isSkipped);
    view.derive(false);
  }
  finish(view);
}
log.close();
guard.close();
opener.close();
data.peer?.close();
post({ is: 'rebuilt' });

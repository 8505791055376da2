import { writeSync } from 'node:fs';

import type { EventLog } from '#src/log/event-log.ts';
import { LogStopped } from '#src/log/event-log.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { acknowledgingBeforeCommit, acknowledgingInSpiteOfErrors } from './log-broken.ts';
import { anEventToAppend } from './log-makers.ts';
import type { Told, WritingMode } from './log-witness.ts';

/**
 * A process that writes with several writers and tells on stdout, one JSON line each, what was acknowledged to it: what is
 * told there must be in the log for ever. Arguments: file, mode, number of appends per writer (default: until it is killed).
 */
const [file = '', mode = 'sound', appends = 'Infinity'] = process.argv.slice(2) as [string?, WritingMode?, string?];
const writers = 8;

const nobody = new Int32Array(new SharedArrayBuffer(4));

/** Returns when the line is in the pipe, where a kill cannot reach it. The pipe does not block by itself when it is full. */
const tell = (told: Told): void => {
  let rest = Buffer.from(`${JSON.stringify(told)}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(nobody, 0, 0, 1);
    }
  }
};

const breakages: Record<WritingMode, (log: EventLog) => EventLog> = {
  idle: (log) => log,
  sound: (log) => log,
  'acknowledges before commit': acknowledgingBeforeCommit,
  'acknowledges in spite of errors': acknowledgingInSpiteOfErrors,
};

const opened = await openSqliteLog({ file, reserveBytes: 0 });
const log = breakages[mode](opened);
let followed = 0;
opened.follow(0, (events) => {
  followed += events.length;
});
tell({ kind: 'open', size: (await log.head()).size });

/**
 * Even writers have a stream of their own; odd ones share one, so that revisions are raced for. Broken builds race for none,
 * or they would lose by conflicts what they should lose by the fault alone.
 */
const write = async (writer: number): Promise<void> => {
  const stream = writer % 2 === 0 || mode !== 'sound' ? `writer-${writer}` : 'shared';
  let { revision } = await log.streamHead(stream);
  for (let i = 0; i < Number(appends); i += 1) {
    const batch = Array.from({ length: 1 + (i % 3) }, () => anEventToAppend());
    const outcome = await log.append(stream, revision, batch);
    if (outcome.kind === 'refused') throw new Error(outcome.code);
    revision = outcome.revision;
    if (outcome.kind === 'appended') tell({ kind: 'acknowledged', stream, position: outcome.position, revision, ids: batch.map(({ id }) => id) });
  }
};

if (mode !== 'idle') {
  const ends = await Promise.allSettled(Array.from({ length: writers }, (_, writer) => write(writer)));
  for (const end of ends) {
    if (end.status === 'rejected' && !(end.reason instanceof LogStopped)) tell({ kind: 'failed', sentence: String(end.reason) });
  }
  const sentence = opened.stopped();
  if (sentence !== undefined) {
    const again = await opened.append('after', -1, [anEventToAppend()]).then(({ kind }) => kind, (error: Error) => error.name);
    tell({ kind: 'stopped', sentence, again });
  }
  let read = 0;
  for await (const page of log.readAll()) read += page.length;
  tell({ kind: 'read', size: read, followed });
  await log.close();
}

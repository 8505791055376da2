import type { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

import { openForReading } from './database.ts';
import { closing, type ReadAnswer, type ReaderData, type ReadPage, type ReadRequest } from './messages.ts';

/** UTF-16 units of data and metadata after which a page ends, so that large events do not make large pages. */
const pageUnitsMax = 2 * 1024 * 1024;
/** Answers are posted together, but not more at once than so many fields. */
const answerFieldsMax = 20_000;

const columns = 'e.position, s.name, e.revision, e.id, e.type, e.data, e.metadata, e.leaf';
const ofStream = `SELECT ${columns} FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = ?`;

const prepareAll = (database: DatabaseSync) => {
  const page = (sql: string) => {
    const statement = database.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  };
  return {
    all: page(`SELECT ${columns} FROM events e JOIN streams s ON s.id = e.stream WHERE e.position >= ? ORDER BY e.position LIMIT ?`),
    forwards: page(`${ofStream} AND e.revision >= ? ORDER BY e.revision LIMIT ?`),
    backwards: page(`${ofStream} AND e.revision <= ? ORDER BY e.revision DESC LIMIT ?`),
    streamHead: database.prepare('SELECT revision, leaf AS leafHash FROM streams WHERE name = ?'),
    head: database.prepare('SELECT size, root FROM tree'),
  };
};

// Opened at the first request, because this thread starts beside the writer, which makes the file.
let database: DatabaseSync | undefined;
let prepared: ReturnType<typeof prepareAll> | undefined;
const ready = (): ReturnType<typeof prepareAll> => {
  database ??= openForReading((workerData as ReaderData).file);
  return (prepared ??= prepareAll(database));
};

type Row = (string | number)[];

const pageOf = (found: Iterable<unknown>, limit: number): ReadPage => {
  const rows: Row = [];
  let units = 0;
  let events = 0;
  for (const row of found as Iterable<Row>) {
    for (const field of row) rows.push(field);
    events += 1;
    units += (row[5] as string).length + (row[6] as string).length;
    if (units >= pageUnitsMax) return { rows, more: true };
  }
  return { rows, more: events === limit };
};

const answerTo = (request: ReadRequest): ReadAnswer => {
  const statements = ready();
  switch (request.kind) {
    case 'all':
      return pageOf(statements.all.iterate(request.from, request.limit), request.limit);
    case 'stream': {
      const statement = request.backwards ? statements.backwards : statements.forwards;
      return pageOf(statement.iterate(request.stream, request.from, request.limit), request.limit);
    }
    case 'stream-head':
      return (statements.streamHead.get(request.stream) as { revision: number; leafHash: string } | undefined) ?? { revision: -1, leafHash: null };
    case 'head':
      return statements.head.get() as { size: number; root: string };
  }
};

const answerSafely = (request: ReadRequest): ReadAnswer => {
  try {
    return answerTo(request);
  } catch (error) {
    return { error: `The log cannot be read: ${(error as Error).message}.` };
  }
};

const port = parentPort!;
port.on('message', (requests: readonly ReadRequest[] | typeof closing) => {
  if (requests === closing) {
    port.close();
    database?.close();
    return;
  }
  let answers: ReadAnswer[] = [];
  let fields = 0;
  for (const request of requests) {
    const found = answerSafely(request);
    answers.push(found);
    fields += 'rows' in found ? found.rows.length : 1;
    if (fields < answerFieldsMax) continue;
    port.postMessage(answers);
    [answers, fields] = [[], 0];
  }
  if (answers.length > 0) port.postMessage(answers);
});

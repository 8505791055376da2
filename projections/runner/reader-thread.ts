import { parentPort, workerData } from 'node:worker_threads';
import { everyQuery } from '../every-query.ts';
import type { ViewName } from '../view.ts';
import { ViewReader } from '../view-queries.ts';
import type { FromReader, ThreadData, ToReader } from './messages.ts';
import { digestOf } from './digest.ts';
import { viewNamed } from './every-view.ts';
import { fileOf, openFileForReading, readCheckpoint } from './view-file.ts';

const { folder } = workerData as ThreadData;
const port = parentPort!;
const post = (message: FromReader): void => port.postMessage(message);

const readers = new Map<ViewName, ViewReader>();
const readerOf = (view: ViewName): ViewReader => {
  let reader = readers.get(view);
  if (!reader) {
    reader = new ViewReader(openFileForReading(fileOf(folder, view)));
    readers.set(view, reader);
  }
  return reader;
};
const release = (view: ViewName): void => {
  readers.get(view)?.db.close();
  readers.delete(view);
};

type AnyQuery = { readonly views: readonly ViewName[]; readonly run: (read: (view: ViewName) => ViewReader, params: unknown) => unknown };

/** Reads every view the question names in one transaction each; the first view's begins first and gives the position. */
const answer = (name: string, params: unknown): { readonly position: number; readonly text: string } => {
  if (name === 'digest') {
    const { view } = params as { view: ViewName };
    const { db } = readerOf(view);
    return { position: readCheckpoint(db).position, text: JSON.stringify(digestOf(db, viewNamed(view))) };
  }
  const query = (everyQuery as unknown as { readonly [name: string]: AnyQuery | undefined })[name];
  if (!query) throw new Error(`There is no question ${name}.`);
  const open = query.views.map(readerOf);
  for (const reader of open) reader.db.exec('BEGIN');
  try {
    const { position } = readCheckpoint(open[0]!.db);
    return { position, text: JSON.stringify(query.run(readerOf, params)) };
  } finally {
    for (const reader of open) reader.db.exec('COMMIT');
  }
};

port.on('message', (message: ToReader) => {
  switch (message.is) {
    case 'ask': {
      const answers: (number | string)[] = [];
      for (let i = 0; i < message.asks.length; i += 3) {
        const n = message.asks[i] as number;
        try {
          const { position, text } = answer(message.asks[i + 1] as string, JSON.parse(message.asks[i + 2] as string));
          answers.push(n, position, text);
        } catch (error) {
          answers.push(n, -2, `${message.asks[i + 1] as string}: ${(error as Error).message}`);
        }
      }
      return post({ is: 'answers', answers });
    }
    case 'release':
      release(message.view);
      return post({ is: 'released', view: message.view });
    case 'close':
      for (const view of readers.keys()) release(view);
      post({ is: 'closed' });
      port.close();
  }
});

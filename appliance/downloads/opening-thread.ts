import { parentPort, workerData } from 'node:worker_threads';
import { writeArchive } from './archive-export.ts';
import { writeHistory } from './history.ts';
import type { FromOpening, Making, Stretch, ToOpening } from './job.ts';
import { LinePage } from './line-page.ts';
import { RecordReader, type RecordPlace } from './record-reader.ts';

const port = parentPort!;
const say = (message: FromOpening, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer as ArrayBuffer[]);

const reader = new RecordReader(workerData as RecordPlace);
const page = new LinePage();
let making: Making | undefined;

/** Reads, opens and writes down one stretch, or as much of it as makes a page. */
const make = (of: Making, stretch: Stretch): void => {
  const next = of.kind === 'history' ? writeHistory(reader, of.job, of.fates, stretch, page) : writeArchive(reader, of.job, stretch, page);
  const made = page.take();
  say({ kind: 'page', ...made, next }, [made.text.buffer, made.json.buffer]);
};

port.on('message', (message: ToOpening) => {
  if (message.kind === 'begin') {
    making = message.making;
    return;
  }
  try {
    make(making!, message.stretch);
  } catch (cause) {
    say({ kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) });
  }
});

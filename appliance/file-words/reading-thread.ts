import { parentPort } from 'node:worker_threads';
import type { ReadingLimits } from './reading.ts';
import { textOf } from './text-of.ts';

/** Parses what strangers have made. Whatever it does to itself, the thread beside it watches (reading-process.ts). */
const port = parentPort!;
port.on('message', ({ type, bytes, limits }: { readonly type: string; readonly bytes: Uint8Array; readonly limits: ReadingLimits }) => {
  void textOf(type, bytes, limits).then((reading) => port.postMessage(reading));
});
port.postMessage('ready');

import { Worker } from 'node:worker_threads';
import type { FromProcess, ToProcess } from './process-messages.ts';
import { readingLimits, unread, type Reading, type ReadingLimits } from './reading.ts';

/**
 * A process of its own that reads what is inside files. Its parser has a thread, so that this one can always end both: by memory, also
 * outside of the heap, and by time. It can touch no file but its own program, and knows nothing of the appliance.
 */
const lookEveryMs = 100;
const send = (message: FromProcess, done?: () => void): void => void process.send!(message, undefined, undefined, done);
/** The answer, and an end of this process: what the parser does now cannot be stopped otherwise. */
const end = (state: Reading['state']): void => send({ is: 'read', reading: unread(state) }, () => process.kill(process.pid, 'SIGKILL'));

const startThread = (): Worker => {
  const worker = new Worker(new URL('./reading-thread.ts', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: readingLimits.heapMegabytes, maxYoungGenerationSizeMb: 32 }, env: {} });
  worker.on('error', () => end('too-complex'));
  return worker;
};
const thread = startThread();
thread.once('message', () => send({ is: 'ready' }));

let arriving: { readonly type: string; readonly bytes: Uint8Array<ArrayBuffer>; readonly limits: ReadingLimits; at: number } | undefined;

const read = async ({ type, bytes, limits }: NonNullable<typeof arriving>): Promise<Reading> => {
  const began = { cpu: process.cpuUsage(), at: performance.now() };
  const watch = setInterval(() => {
    const used = process.cpuUsage(began.cpu);
    if (process.memoryUsage.rss() > limits.processBytes) end('too-complex');
    else if ((used.user + used.system) / 1000 > limits.cpuMs || performance.now() - began.at > limits.wallMs) end('timed-out');
  }, lookEveryMs);
  try {
    return await new Promise((resolve) => {
      thread.once('message', resolve);
      thread.postMessage({ type, bytes, limits }, [bytes.buffer]);
    });
  } finally {
    clearInterval(watch);
  }
};

const readIfWhole = (): void => {
  if (!arriving || arriving.at < arriving.bytes.length) return;
  const file = arriving;
  arriving = undefined;
  void read(file).then((reading) => send({ is: 'read', reading }));
};

process.on('message', (message: ToProcess) => {
  if (message.is === 'file') arriving = { type: message.type, limits: message.limits, bytes: new Uint8Array(message.size), at: 0 };
  else if (arriving) {
    arriving.bytes.set(message.bytes, arriving.at);
    arriving.at += message.bytes.length;
  }
  readIfWhole();
});
// Whoever started it is gone.
process.on('disconnect', () => process.exit());

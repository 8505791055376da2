import { Worker } from 'node:worker_threads';
import type { DownloadThreadData, FromDownload } from './job.ts';

export type RunningDownload = { readonly body: ReadableStream<Uint8Array>; readonly cancel: () => void };

/** Who takes nothing for so long is gone, and must not hold a place that others wait for. */
const idleMs = 60_000;

/** Lines are garbage as soon as they are in the zip; with more room the thread would grow by hundreds of megabytes first. */
const downloadMemory = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 512 };

/** Runs a job in a thread of its own. Whoever reads slowly slows the thread; whoever goes away ends it. */
export const runDownload = (data: DownloadThreadData, onProgress: (done: number, state: 'running' | 'complete' | 'failed') => void): RunningDownload => {
  const thread = new Worker(new URL('./download-thread.ts', import.meta.url), { workerData: data, resourceLimits: downloadMemory });
  let done = 0;
  let over = false;
  let idle: NodeJS.Timeout | undefined;
  const finish = (state: 'complete' | 'failed'): void => {
    if (over) return;
    over = true;
    clearTimeout(idle);
    onProgress(done, state);
  };
  const cancel = (): void => {
    finish('failed');
    void thread.terminate();
  };
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const fail = (cause: unknown): void => {
          if (!over) controller.error(cause);
          finish('failed');
        };
        thread.on('message', (message: FromDownload) => {
          if (over) return;
          if (message.kind === 'chunk') controller.enqueue(message.bytes);
          else if (message.kind === 'progress') onProgress((done = message.done), 'running');
          else if (message.kind === 'failed') fail(new Error(message.reason));
          else {
            controller.close();
            finish('complete');
          }
        });
        thread.on('error', fail);
        thread.on('exit', () => fail(new Error('The thread ended before the download was whole.')));
      },
      pull() {
        clearTimeout(idle);
        idle = setTimeout(cancel, idleMs).unref();
        thread.postMessage('more');
      },
      cancel,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 256 * 1024 }),
  );
  return { body, cancel };
};

import { Worker } from 'node:worker_threads';
import type { DownloadThreadData, FromDownload } from './job.ts';

export type RunningDownload = { readonly body: ReadableStream<Uint8Array>; readonly cancel: () => void };

/** Runs a job in a thread of its own. Whoever reads slowly slows the thread; whoever goes away ends it. */
export const runDownload = (data: DownloadThreadData, onProgress: (done: number, state: 'running' | 'complete' | 'failed') => void): RunningDownload => {
  const thread = new Worker(new URL('./download-thread.ts', import.meta.url), { workerData: data });
  let done = 0;
  let over = false;
  const finish = (state: 'complete' | 'failed'): void => {
    if (over) return;
    over = true;
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
      },
      pull: () => thread.postMessage('more'),
      cancel,
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 256 * 1024 }),
  );
  return { body, cancel };
};

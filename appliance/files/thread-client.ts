import { Worker } from 'node:worker_threads';
import { Fault } from '#src/kernel/fault.ts';
import type { AnswerTo, FilesAsked, FilesThreadData } from './messages.ts';

type Waiting = { readonly resolve: (answer: never) => void; readonly reject: (cause: Error) => void };

/** The other end of a thread of files. */
export class ThreadClient {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #n = 0;
  #ended: Fault | undefined;

  constructor(data: FilesThreadData) {
    this.#thread = new Worker(new URL('./files-thread.ts', import.meta.url), { workerData: data });
    // Doors that could not be opened must not keep the process alive.
    this.#thread.unref();
    this.#thread.on('message', ({ n, answer, failed }: { readonly n: number; readonly answer?: never; readonly failed?: string }) => {
      const waiting = this.#waiting.get(n);
      this.#waiting.delete(n);
      if (failed === undefined) waiting?.resolve(answer as never);
      else waiting?.reject(new Fault(failed));
    });
    this.#thread.on('error', (cause) => this.#end(`The thread of files ended by an error: ${cause instanceof Error ? cause.message : String(cause)}`));
    this.#thread.on('exit', () => this.#end('The files are closed.'));
  }

  /** Rejects with `Fault`. `bytes` of the question are handed over and gone here. */
  ask<A extends FilesAsked>(asked: A): Promise<AnswerTo<A>> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#n += 1;
    this.#thread.postMessage({ ...asked, n: this.#n }, asked.do === 'append' ? [asked.bytes.buffer] : []);
    return new Promise((resolve, reject) => this.#waiting.set(this.#n, { resolve, reject }));
  }

  async close(): Promise<void> {
    if (this.#ended) return;
    const ended = new Promise((resolve) => this.#thread.once('exit', resolve));
    this.#thread.ref();
    this.#thread.postMessage('stop');
    await ended;
  }

  #end(sentence: string): void {
    this.#ended ??= new Fault(sentence);
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

import { Worker } from 'node:worker_threads';
import type { Unreadable } from '#projections/search/query.ts';
import { Fault } from '#src/kernel/fault.ts';
import type { Reading } from './reading.ts';
import type { FilePlace, FoundInside, InsideOfFile, InsideParams, Progress } from './words-store.ts';

export type WordsThreadData = { readonly file: string; readonly logId: string };
export type WordsAsked =
  | { readonly do: 'progress' } | { readonly do: 'clear' } | { readonly do: 'missing' }
  | { readonly do: 'put'; readonly place: FilePlace; readonly reading: Reading; readonly progress: Progress | undefined }
  | { readonly do: 'forget'; readonly place: FilePlace }
  | { readonly do: 'find'; readonly params: InsideParams }
  | { readonly do: 'insides'; readonly positions: readonly number[]; readonly words: string };
type Answers = {
  readonly progress: Progress; readonly clear: undefined; readonly missing: readonly number[]; readonly put: undefined; readonly forget: undefined; readonly find: FoundInside | Unreadable; readonly insides: readonly InsideOfFile[];
};
type Waiting = { readonly resolve: (answer: never) => void; readonly reject: (cause: Error) => void };

/** The other end of a thread that keeps words. */
export class WordsClient {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #n = 0;
  #ended: Fault | undefined;

  constructor(data: WordsThreadData) {
    this.#thread = new Worker(new URL('./words-thread.ts', import.meta.url), { workerData: data });
    this.#thread.unref();
    this.#thread.on('message', ({ n, answer, failed }: { readonly n: number; readonly answer?: never; readonly failed?: string }) => {
      const waiting = this.#waiting.get(n);
      this.#waiting.delete(n);
      if (failed === undefined) waiting?.resolve(answer as never);
      else waiting?.reject(new Fault(`Words inside files: ${failed}`));
    });
    this.#thread.on('error', (cause) => this.#end(`The thread that keeps the words inside files ended by an error: ${cause instanceof Error ? cause.message : String(cause)}`));
    this.#thread.on('exit', () => this.#end('The words inside files are closed.'));
  }

  /** Rejects with `Fault`. */
  ask<A extends WordsAsked>(asked: A): Promise<Answers[A['do']]> {
    if (this.#ended) return Promise.reject(this.#ended);
    this.#n += 1;
    this.#thread.postMessage({ ...asked, n: this.#n });
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

import { Worker } from 'node:worker_threads';
import type { FromOpening, MadePage, Making, Stretch, ToOpening } from './job.ts';
import type { RecordPlace } from './record-reader.ts';

/** Stretches that each thread has before it, so that it never waits for the zip; each comes to half a megabyte at most. */
const aheadOfEach = 2;

/** Lines are garbage as soon as they are written down; with more room a thread would grow by that much first. */
const openingMemory = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 512 };

type Waiting = { readonly resolve: (page: MadePage) => void; readonly reject: (cause: Error) => void };

class OpeningThread {
  readonly #thread: Worker;
  readonly #waiting: Waiting[] = [];
  #ended: string | undefined;

  constructor(place: RecordPlace) {
    this.#thread = new Worker(new URL('./opening-thread.ts', import.meta.url), { workerData: place, resourceLimits: openingMemory });
    this.#thread.on('message', (message: FromOpening) => {
      const { resolve, reject } = this.#waiting.shift()!;
      if (message.kind === 'page') resolve(message);
      else reject(new Error(message.reason));
    });
    this.#thread.on('error', (cause) => this.#end(cause instanceof Error ? cause.message : String(cause)));
    this.#thread.on('exit', () => this.#end('The thread that opens the record ended.'));
  }

  /** What the stretches after this are of. */
  begin(making: Making): void {
    this.#send({ kind: 'begin', making });
  }

  make(stretch: Stretch): Promise<MadePage> {
    if (this.#ended !== undefined) return Promise.reject(new Error(this.#ended));
    this.#send({ kind: 'make', stretch });
    const made = new Promise<MadePage>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    made.catch(() => undefined); // Asked ahead: whoever stops at an earlier page never waits for it. Who goes on meets the error at `await`.
    return made;
  }

  async close(): Promise<void> {
    await this.#thread.terminate();
  }

  #send(message: ToOpening): void {
    this.#thread.postMessage(message);
  }

  #end(sentence: string): void {
    this.#ended ??= sentence;
    for (const { reject } of this.#waiting.splice(0)) reject(new Error(this.#ended));
  }
}

/** Several threads open the record; what they make comes back in the order of the record. */
export class OpeningThreads {
  readonly #threads: readonly OpeningThread[];

  /** Starts the threads, so that they are there when it is known what is to be made. */
  constructor(place: RecordPlace, count: number) {
    this.#threads = Array.from({ length: count }, () => new OpeningThread(place));
  }

  /** One page or more for each stretch. Rejects with what the first thread to fail says. */
  async *pages(making: Making, stretches: readonly Stretch[]): AsyncGenerator<MadePage> {
    for (const thread of this.#threads) thread.begin(making);
    const asked: { readonly thread: OpeningThread; readonly stretch: Stretch; readonly made: Promise<MadePage> }[] = [];
    let next = 0;
    for (;;) {
      for (; next < stretches.length && asked.length < aheadOfEach * this.#threads.length; next += 1) {
        const thread = this.#threads[next % this.#threads.length]!;
        const stretch = stretches[next]!;
        asked.push({ thread, stretch, made: thread.make(stretch) });
      }
      const first = asked.shift();
      if (!first) return;
      let page = await first.made;
      yield page;
      while (page.next < first.stretch.to) {
        page = await first.thread.make({ from: page.next, to: first.stretch.to });
        yield page;
      }
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import type { RecordedEvent } from '../../kernel/event.ts';
import { Fault } from '../../kernel/fault.ts';
import type { LogHead } from '../event-log.ts';
import { closing, fieldsPerRow, type ReadAnswer, type ReaderData, type ReadPage, type ReadRequest } from './messages.ts';

type Waiting = { readonly resolve: (answer: ReadAnswer) => void; readonly reject: (error: Error) => void };

/** `next` asks for what follows the last event of a page. */
type Continued = { readonly first: ReadRequest & { readonly kind: 'all' | 'stream' }; readonly pageEvents: number; readonly limit: number; readonly next: (last: RecordedEvent) => number };

const pageEventsDefault = 1000;

const recordedEvents = ({ rows }: ReadPage): RecordedEvent[] => {
  const events: RecordedEvent[] = [];
  for (let at = 0; at < rows.length; at += fieldsPerRow) {
    events.push({
      position: rows[at] as number,
      stream: rows[at + 1] as string,
      revision: rows[at + 2] as number,
      id: rows[at + 3] as string,
      type: rows[at + 4] as string,
      data: rows[at + 5] as string,
      metadata: rows[at + 6] as string,
      leafHash: rows[at + 7] as string,
      carry: undefined,
    });
  }
  return events;
};

/** The main thread's side of the reader: requests of one turn go in one message and are answered in order. */
export class PageReader {
  readonly #thread: Worker;
  readonly #waiting: Waiting[] = [];
  #requests: ReadRequest[] = [];
  #ended: string | undefined;

  /** Starts the thread. The writer must have opened the file before anything is asked for. */
  constructor(data: ReaderData) {
    this.#thread = new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: data });
    this.#thread.on('message', (answers: readonly ReadAnswer[]) => this.#receive(answers));
    this.#thread.on('error', (error) => this.#end(`The log's reader has failed: ${(error as Error).message}.`));
    this.#thread.on('exit', () => this.#end('The log is closed.'));
  }

  all(from: number, limit: number, pageEvents = pageEventsDefault): AsyncGenerator<readonly RecordedEvent[]> {
    return this.#pages({ first: { kind: 'all', from, limit: 0 }, limit, pageEvents, next: (last) => last.position + 1 });
  }

  stream(stream: string, from: number, backwards: boolean, limit: number): AsyncGenerator<readonly RecordedEvent[]> {
    const next = (last: RecordedEvent): number => last.revision + (backwards ? -1 : 1);
    return this.#pages({ first: { kind: 'stream', stream, from, backwards, limit: 0 }, limit, pageEvents: pageEventsDefault, next });
  }

  async streamHead(stream: string): Promise<{ readonly revision: number; readonly leafHash: string | null }> {
    return (await this.#ask({ kind: 'stream-head', stream })) as { revision: number; leafHash: string | null };
  }

  async head(): Promise<LogHead> {
    return (await this.#ask({ kind: 'head' })) as LogHead;
  }

  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    const exit = once(this.#thread, 'exit');
    this.#send();
    this.#thread.postMessage(closing);
    await exit;
  }

  async *#pages({ first, limit, pageEvents, next }: Continued): AsyncGenerator<readonly RecordedEvent[]> {
    let left = limit;
    const page = (from: number): Promise<ReadPage> => {
      const asked = this.#ask({ ...first, from, limit: Math.min(left, pageEvents) }) as Promise<ReadPage>;
      asked.catch(() => undefined); // Read ahead: whoever leaves the loop never waits for it. Who stays meets the error at `await`.
      return asked;
    };
    let coming = left > 0 ? page(first.from) : undefined;
    while (coming) {
      const current = await coming;
      const events = recordedEvents(current);
      const last = events.at(-1);
      if (!last) return;
      left -= events.length;
      // The next page is read while this one is used.
      coming = current.more && left > 0 && next(last) >= 0 ? page(next(last)) : undefined;
      yield events;
    }
  }

  #ask(request: ReadRequest): Promise<ReadAnswer> {
    if (this.#ended !== undefined) return Promise.reject(new Fault(this.#ended));
    if (this.#requests.length === 0) setImmediate(() => this.#send());
    this.#requests.push(request);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  #send(): void {
    if (this.#requests.length === 0) return;
    this.#thread.postMessage(this.#requests);
    this.#requests = [];
  }

  #receive(answers: readonly ReadAnswer[]): void {
    for (const [i, waiting] of this.#waiting.splice(0, answers.length).entries()) {
      const found = answers[i]!;
      if ('error' in found) waiting.reject(new Fault(found.error));
      else waiting.resolve(found);
    }
  }

  #end(sentence: string): void {
    this.#ended ??= sentence;
    for (const { reject } of this.#waiting.splice(0)) reject(new Fault(this.#ended));
  }
}

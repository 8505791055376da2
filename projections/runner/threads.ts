import { Worker } from 'node:worker_threads';
import { Fault } from '#src/kernel/fault.ts';
import type { ViewName } from '../view.ts';
import type { FromReader, FromWriter, ThreadData, ToReader, ToWriter } from './messages.ts';

/** The main thread's side of a reading thread: questions of one turn of the event loop travel in one message. */
export class ReaderThread {
  readonly #thread: Worker;
  readonly #waiting = new Map<number, { readonly resolve: (answer: { position: number; value: unknown }) => void; readonly reject: (error: Error) => void }>();
  readonly #released = new Map<ViewName, () => void>();
  #asks: (number | string)[] = [];
  #count = 0;
  #ended: string | undefined;
  #closing = false;
  readonly #exit: Promise<void>;

  constructor(data: ThreadData) {
    this.#thread = new Worker(new URL('./reader-thread.ts', import.meta.url), { workerData: data, name: 'view reader' });
    this.#thread.on('message', (message: FromReader) => this.#receive(message));
    this.#thread.on('error', (error) => this.#end(`A thread that reads views has failed: ${(error as Error).message}`));
    this.#exit = new Promise((resolve) => this.#thread.on('exit', () => (this.#end(this.#closing ? 'The views are closed.' : 'A thread that reads views has ended.'), resolve())));
  }

  /** Questions that have no answer yet. A thread that is gone is asked last. */
  get load(): number {
    return this.#ended === undefined ? this.#waiting.size : Infinity;
  }

  /** Why it ended although nobody closed it; undefined while it runs. */
  get failure(): string | undefined {
    return this.#closing ? undefined : this.#ended;
  }

  ask(name: string, params: unknown): Promise<{ position: number; value: unknown }> {
    if (this.#ended !== undefined) return Promise.reject(new Fault(this.#ended));
    if (this.#asks.length === 0) setImmediate(() => this.#send());
    this.#count += 1;
    const n = this.#count;
    this.#asks.push(n, name, JSON.stringify(params));
    return new Promise((resolve, reject) => this.#waiting.set(n, { resolve, reject }));
  }

  /** Closes the file of a view; it opens again with the next question. Questions asked before are answered first. */
  release(view: ViewName): Promise<void> {
    if (this.#ended !== undefined) return Promise.resolve();
    this.#send();
    this.#post({ is: 'release', view });
    return new Promise((resolve) => this.#released.set(view, resolve));
  }

  async close(): Promise<void> {
    this.#closing = this.#ended === undefined;
    this.#send();
    if (this.#ended === undefined) this.#post({ is: 'close' });
    await this.#exit;
  }

  #send(): void {
    if (this.#asks.length === 0) return;
    this.#post({ is: 'ask', asks: this.#asks });
    this.#asks = [];
  }

  #post(message: ToReader): void {
    this.#thread.postMessage(message);
  }

  #receive(message: FromReader): void {
    if (message.is === 'released') this.#released.get(message.view)?.();
    if (message.is !== 'answers') return;
    for (let i = 0; i < message.answers.length; i += 3) {
      const waiting = this.#waiting.get(message.answers[i] as number);
      this.#waiting.delete(message.answers[i] as number);
      const position = message.answers[i + 1] as number;
      if (position === -2) waiting?.reject(new Fault(`A view could not answer: ${message.answers[i + 2] as string}`));
      else waiting?.resolve({ position, value: JSON.parse(message.answers[i + 2] as string) });
    }
  }

  #end(sentence: string): void {
    this.#ended ??= sentence;
    for (const { reject } of this.#waiting.values()) reject(new Fault(this.#ended));
    this.#waiting.clear();
  }
}

/** The main thread's side of the writing thread. */
export class WriterThread {
  readonly #thread: Worker;
  readonly #waiting: { readonly is: string; readonly view: ViewName | undefined; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  readonly #exit: Promise<void>;
  #ended: string | undefined;

  constructor(data: ThreadData, listener: { readonly onMessage: (message: FromWriter) => void; readonly onFailure: (sentence: string) => void }) {
    this.#thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: data });
    this.#thread.on('message', (message: FromWriter) => {
      listener.onMessage(message);
      const at = this.#waiting.findIndex((waiting) => waiting.is === message.is && waiting.view === ('view' in message ? message.view : undefined));
      if (at >= 0) this.#waiting.splice(at, 1)[0]!.resolve();
    });
    this.#thread.on('error', (error) => {
      this.#end(`The thread that writes views has failed: ${(error as Error).message}`);
      listener.onFailure(this.#ended!);
    });
    this.#exit = new Promise((resolve) => this.#thread.on('exit', () => (this.#end('The views are closed.'), resolve())));
  }

  post(message: ToWriter): void {
    this.#thread.postMessage(message);
  }

  /** Resolves with the next message of this kind. */
  wait(is: FromWriter['is'], view?: ViewName): Promise<void> {
    if (this.#ended !== undefined) return Promise.reject(new Fault(this.#ended));
    return new Promise((resolve, reject) => this.#waiting.push({ is, view, resolve, reject }));
  }

  async close(): Promise<void> {
    if (this.#ended === undefined) this.post({ is: 'close' });
    await this.#exit;
  }

  #end(sentence: string): void {
    this.#ended ??= sentence;
    for (const { reject } of this.#waiting.splice(0)) reject(new Fault(this.#ended));
  }
}

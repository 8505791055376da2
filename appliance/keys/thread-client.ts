import { Worker } from 'node:worker_threads';
import { Fault } from '#src/kernel/fault.ts';
import type { FromThread, KeyringAnswer, KeyringRequest, ToThread } from './keyring-thread.ts';
import type { KeyFolders } from './places.ts';

const endsWithinMs = 5_000;

type Asked = { readonly resolve: (answer: KeyringAnswer) => void; readonly reject: (cause: Fault) => void };

/** The other end of the keyring's thread: questions find their answers, whatever order those come in. */
export class ThreadClient {
  readonly #thread: Worker;
  readonly #asked = new Map<number, Asked>();
  #n = 0;
  #stopped: Fault | undefined;

  /** `onNews` gets what nobody asked for; `onStop` is called once, when no answer will come any more. */
  constructor(folders: KeyFolders, onNews: (news: Exclude<FromThread, { n: number }>) => void, onStop: (cause: Fault) => void) {
    const stop = (cause: Fault): void => {
      if (this.#stopped) return;
      this.#stopped = cause;
      onStop(cause);
      for (const { reject } of this.#asked.values()) reject(cause);
      this.#asked.clear();
    };
    this.#thread = new Worker(new URL('./keyring-thread.ts', import.meta.url), { workerData: { folders } });
    this.#thread.on('message', (message: FromThread) => ('n' in message ? this.#answered(message.n, message.answer) : onNews(message)));
    this.#thread.on('error', (cause) => stop(new Fault(`The thread of the keyring ended by an error: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })));
    this.#thread.on('exit', () => stop(new Fault('The keyring is closed.')));
  }

  /** Rejects with `Fault` when the thread has ended; that a request failed is an answer. */
  ask(request: KeyringRequest): Promise<KeyringAnswer> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    const { promise, resolve, reject } = Promise.withResolvers<KeyringAnswer>();
    this.#n += 1;
    this.#asked.set(this.#n, { resolve, reject });
    this.#thread.postMessage({ n: this.#n, request } satisfies ToThread);
    return promise;
  }

  async close(): Promise<void> {
    if (this.#stopped) return;
    const ended = new Promise((resolve) => this.#thread.once('exit', resolve));
    this.#thread.postMessage('stop' satisfies ToThread);
    // Storage that hangs must not keep the appliance from ending; what was not answered was not promised.
    const terminating = setTimeout(() => void this.#thread.terminate(), endsWithinMs);
    await ended.finally(() => clearTimeout(terminating));
  }

  #answered(n: number, answer: KeyringAnswer): void {
    this.#asked.get(n)?.resolve(answer);
    this.#asked.delete(n);
  }
}

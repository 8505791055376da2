import { mkdirSync } from 'node:fs';
import { MessageChannel, Worker } from 'node:worker_threads';
import { Fault } from '#src/kernel/fault.ts';
import { everyQuery, type Queries, type QueryName } from './every-query.ts';
import { everyView } from './runner/every-view.ts';
import { pack, type FedEvent } from './runner/fed-event.ts';
import type { ForeignEvent } from './runner/guard.ts';
import type { FromRebuild, FromWriter, RebuildData, ThreadData } from './runner/messages.ts';
import type { KeyringSource } from './runner/opener.ts';
import { ReaderThread, WriterThread } from './runner/threads.ts';
import type { Derived, ViewName, ViewState } from './view.ts';

export type ViewsOptions = {
  /** `<data>/views`; made when missing. Everything in it can be deleted while nothing runs. */
  readonly folder: string;
  /** The embedded log's database; it must exist. */
  readonly logFile: string;
  readonly keyring: KeyringSource;
  readonly logId: string;
  /** Threads for questions beside the desk's. */
  readonly queryThreads?: number;
};

export type Answer<N extends QueryName> = { readonly position: number; readonly value: Queries[N]['value'] };

/**
 * All read models of this node, in threads of their own: the caller's thread never touches a disk. Events must be fed in log
 * order, each after it is durable; what is missing in between the views read from the log themselves.
 *
 * - `ask`: as of `position`; with `atLeast` it waits until every view the question reads has that position.
 * - `caughtUp` (and so `ask` with `atLeast`) rejects with `Fault` when a view it waits for has stopped.
 * - Questions of the desk have a thread of their own.
 * - `onDerived` is called after `watermark` shows the position that the changes are complete to. `onForeign` is first called
 *   with what earlier runs found.
 * - `rebuild` writes beside the running view and swaps; questions are held for the moment of the swap.
 */
export type Views = {
  readonly feed: (events: readonly FedEvent[]) => void;
  /** Position of the last event applied, -1 before the first; without a name that of the view furthest behind, stopped ones aside. */
  readonly watermark: (view?: ViewName) => number;
  readonly caughtUp: (position: number, view?: ViewName) => Promise<void>;
  readonly ask: <N extends QueryName>(name: N, params: Queries[N]['params'], atLeast?: number) => Promise<Answer<N>>;
  /** The same as `ask`; it says that a decider waits. */
  readonly lookup: <N extends QueryName>(name: N, params: Queries[N]['params'], atLeast?: number) => Promise<Answer<N>>;
  readonly onDerived: (listener: (derived: readonly Derived[]) => void) => void;
  readonly onForeign: (listener: (events: readonly ForeignEvent[]) => void) => void;
  readonly onProgress: (listener: () => void) => void;
  readonly states: () => readonly ViewState[];
  /** Why threads that answer questions have ended; none while all is well. */
  readonly failures: () => readonly string[];
  readonly rebuild: (view: ViewName) => Promise<void>;
  /** SHA-256, hex, over the view's rows and checkpoint. */
  readonly digest: (view: ViewName) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** Resolves once every view that fits the log is open; the others are being rebuilt (`states`). */
export const openViews = async (options: ViewsOptions): Promise<Views> => {
  mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  const views = new RunningViews(options);
  await views.ready;
  return views.face;
};

/** Views that keep full texts in an index: as much work as all the others. */
const texts: ReadonlySet<ViewName> = new Set(['search', 'archive']);

/** A rebuild makes garbage by the page; with more room than this it would grow to a gigabyte before it is cleared away. */
const rebuildMemory = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 384 };

type Known = { position: number; stopped: string | null; rebuilding: { readonly done: number; readonly of: number } | null; /** No file: nobody can be answered yet. */ isMissing: boolean };
type Waiting = { readonly position: number; readonly view: ViewName | undefined; readonly resolve: () => void; readonly reject: (error: Error) => void };

class RunningViews {
  readonly ready: Promise<void>;
  readonly #data: ThreadData;
  readonly #writer: WriterThread;
  readonly #lookups: ReaderThread;
  readonly #readers: readonly ReaderThread[];
  readonly #known = new Map<ViewName, Known>();
  readonly #rebuilds = new Map<ViewName, Promise<void>>();
  readonly #workers = new Set<Worker>();
  /** Views whose files are being swapped, with the end of the swap. */
  readonly #held = new Map<ViewName, Promise<void>>();
  readonly #derivedListeners: ((derived: readonly Derived[]) => void)[] = [];
  readonly #foreignListeners: ((events: readonly ForeignEvent[]) => void)[] = [];
  readonly #progressListeners: (() => void)[] = [];
  #foreign: ForeignEvent[] = [];
  #waiting: Waiting[] = [];
  #closed = false;
  /** Of the log when the views were opened; and whether everything up to there is known to be ours. */
  #head = -1;
  #isChecked = false;

  constructor({ folder, logFile, keyring, logId, queryThreads = 1 }: ViewsOptions) {
    this.#data = { folder, logFile, keyring, logId };
    for (const { name } of everyView) this.#known.set(name, { position: -1, stopped: null, rebuilding: null, isMissing: false });
    this.#writer = new WriterThread(this.#data, { onMessage: (message) => this.#receive(message), onFailure: (sentence) => this.#stopAll(sentence) });
    this.#lookups = new ReaderThread(this.#data);
    this.#readers = Array.from({ length: queryThreads }, () => new ReaderThread(this.#data));
    this.ready = this.#writer.wait('ready');
  }

  readonly face: Views = {
    feed: (events) => {
      if (events.length > 0) this.#writer.post({ is: 'feed', parcel: pack(events) });
    },
    watermark: (view) => this.#watermark(view),
    caughtUp: (position, view) => this.#caughtUp(position, view),
    ask: (name, params, atLeast) => this.#ask(name, params, atLeast),
    lookup: (name, params, atLeast) => this.#ask(name, params, atLeast),
    onDerived: (listener) => void this.#derivedListeners.push(listener),
    onForeign: (listener) => {
      this.#foreignListeners.push(listener);
      if (this.#foreign.length > 0) listener(this.#foreign);
    },
    onProgress: (listener) => void this.#progressListeners.push(listener),
    states: () => [...this.#known].map(([view, { position, stopped, rebuilding }]) => ({ view, position, stopped, rebuilding })),
    failures: () => [this.#lookups, ...this.#readers].flatMap(({ failure }) => failure ?? []),
    rebuild: (view) => this.#rebuild([view]),
    digest: async (view) => {
      await this.#held.get(view);
      return (await this.#freest().ask('digest', { view })).value as string;
    },
    close: () => this.#close(),
  };

  #watermark(view?: ViewName): number {
    if (view !== undefined) return this.#known.get(view)?.position ?? -1;
    const going = [...this.#known.values()].filter((known) => known.stopped === null);
    return Math.min(...going.map((known) => known.position));
  }

  #caughtUp(position: number, view?: ViewName): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ position, view, resolve, reject });
      this.#settle();
    });
  }

  /** Answers those who wait for what has come. */
  #settle(): void {
    if (this.#waiting.length === 0) return;
    const still: Waiting[] = [];
    for (const waiting of this.#waiting) {
      const stopped = waiting.view === undefined ? null : (this.#known.get(waiting.view)?.stopped ?? null);
      if (this.#watermark(waiting.view) >= waiting.position) waiting.resolve();
      else if (stopped !== null || this.#closed) waiting.reject(new Fault(stopped ?? 'The views are closed.'));
      else still.push(waiting);
    }
    this.#waiting = still;
  }

  #freest(): ReaderThread {
    return this.#readers.reduce((best, reader) => (reader.load < best.load ? reader : best));
  }

  async #ask<N extends QueryName>(name: N, params: Queries[N]['params'], atLeast = -1): Promise<Answer<N>> {
    const { views } = everyQuery[name] as { views: readonly ViewName[] };
    for (const view of views) {
      if (this.#held.size > 0) await this.#held.get(view);
      if (this.#watermark(view) < atLeast) await this.#caughtUp(atLeast, view);
    }
    const thread = name.startsWith('desk.') ? this.#lookups : this.#freest();
    return (await thread.ask(name, params)) as Answer<N>;
  }

  #receive(message: FromWriter): void {
    if (message.is === 'ready') {
      this.#head = message.head;
      this.#isChecked = message.isChecked;
      this.#note(message.progress);
      this.#hear(message.foreign);
      for (const view of message.missing) this.#known.get(view)!.isMissing = true;
      if (message.missing.length > 0) this.#rebuild(message.missing).catch((error: Error) => this.#stop(message.missing, error.message));
    } else if (message.is === 'progress') {
      this.#note(message.progress);
      if (message.derived.length > 0) for (const listener of this.#derivedListeners) listener(message.derived);
      this.#hear(message.foreign);
    }
  }

  #note(progress: readonly { readonly view: ViewName; readonly position: number; readonly stopped: string | null }[]): void {
    for (const { view, position, stopped } of progress) Object.assign(this.#known.get(view)!, { position, stopped });
    this.#settle();
    for (const listener of this.#progressListeners) listener();
  }

  #hear(events: readonly ForeignEvent[]): void {
    if (events.length === 0) return;
    this.#foreign.push(...events);
    for (const listener of this.#foreignListeners) listener(events);
  }

  #stop(views: readonly ViewName[], sentence: string): void {
    for (const view of views) Object.assign(this.#known.get(view)!, { stopped: sentence, rebuilding: null });
    this.#settle();
  }

  #stopAll(sentence: string): void {
    this.#stop([...this.#known.keys()], sentence);
  }

  #rebuild(views: readonly ViewName[]): Promise<void> {
    const running = this.#rebuilds.get(views[0]!);
    if (running) return running;
    const rebuilt = this.#rebuildNow(views).finally(() => {
      for (const view of views) {
        this.#rebuilds.delete(view);
        this.#known.get(view)!.rebuilding = null;
      }
    });
    for (const view of views) {
      this.#rebuilds.set(view, rebuilt);
      // Without a file nobody can be answered; with one the old rows serve until the swap.
      if (this.#known.get(view)!.isMissing) this.#hold(view, rebuilt);
    }
    return rebuilt;
  }

  #hold(view: ViewName, until: Promise<void>): void {
    const end = until.catch(() => undefined).then(() => void this.#held.delete(view));
    this.#held.set(view, end);
  }

  async #rebuildNow(views: readonly ViewName[]): Promise<void> {
    await this.#runRebuild(views);
    this.#isChecked = true;
    for (const view of views) {
      const swap = this.#swap(view);
      if (!this.#held.has(view)) this.#hold(view, swap);
      await swap;
      this.#known.get(view)!.isMissing = false;
    }
  }

  /** Two threads where there is work for two and nothing is left to check: whoever checks must see every page in order. */
  async #runRebuild(views: readonly ViewName[]): Promise<void> {
    const upTo = Math.max(this.#head, ...[...this.#known.values()].map((known) => known.position));
    const [one, other] = [views.filter((view) => !texts.has(view)), views.filter((view) => texts.has(view))];
    if (one.length === 0 || other.length === 0 || !this.#isChecked) return this.#runThread({ views, upTo, share: 0 });
    const { port1, port2 } = new MessageChannel();
    await Promise.all([this.#runThread({ views: one, upTo, share: 0, peer: port1 }), this.#runThread({ views: other, upTo, share: 1, peer: port2 })]);
  }

  #runThread(part: Omit<RebuildData, keyof ThreadData>): Promise<void> {
    const { views, peer } = part;
    return new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./runner/rebuild-thread.ts', import.meta.url), { workerData: { ...this.#data, ...part } satisfies RebuildData, transferList: peer ? [peer] : [], resourceLimits: rebuildMemory });
      this.#workers.add(worker);
      let isRebuilt = false;
      worker.on('message', (message: FromRebuild) => {
        if (message.is === 'rebuilt') {
          isRebuilt = true;
          return resolve();
        }
        for (const view of views) this.#known.get(view)!.rebuilding = { done: message.done, of: message.of };
      });
      const giveUp = (sentence: string): void => {
        // The other thread of two would wait for pages that never come.
        for (const one of this.#workers) if (one !== worker && peer) void one.terminate();
        reject(new Fault(sentence));
      };
      worker.on('error', (error) => giveUp(`The rebuild of ${views.join(', ')} has failed: ${(error as Error).message}`));
      worker.on('exit', () => {
        this.#workers.delete(worker);
        // A thread that is ended before it has begun ends with 0.
        if (!isRebuilt) giveUp(`The rebuild of ${views.join(', ')} was given up.`);
      });
    });
  }

  /** Every connection to the old file is closed before the new one takes its name. */
  async #swap(view: ViewName): Promise<void> {
    const released = this.#writer.wait('released', view);
    this.#writer.post({ is: 'release', view });
    await released;
    await Promise.all([this.#lookups, ...this.#readers].map((reader) => reader.release(view)));
    const adopted = this.#writer.wait('adopted', view);
    this.#writer.post({ is: 'adopt', view });
    await adopted;
  }

  async #close(): Promise<void> {
    this.#closed = true;
    this.#settle();
    await Promise.all([...this.#workers].map((worker) => worker.terminate()));
    await Promise.allSettled(this.#rebuilds.values());
    await Promise.all([this.#lookups, ...this.#readers].map((reader) => reader.close()));
    await this.#writer.close();
  }
}

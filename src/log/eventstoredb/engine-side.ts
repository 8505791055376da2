import { Worker } from 'node:worker_threads';

import { BrokenIntegrity, Fault } from '../../kernel/fault.ts';
import type { RecordedEvent } from '../../kernel/event.ts';
import { LogStopped, NotSent, OutcomeUnknown, type AppendOutcome, type EventToAppend, type ExpectedRevision } from '../event-log.ts';
import { LiveTail, type History } from '../sqlite/live-tail.ts';
import type { LogAlarm } from './alarms.ts';
import { code, fieldsPerAnswer, news, type Answers, type EngineData, type FromEngine, type Parcel, type Rows, type ToEngine } from './messages.ts';

type Waiting = {
  readonly stream: string;
  readonly expected: number;
  readonly events: readonly EventToAppend[];
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: Error) => void;
};
type Asking = { readonly request: number; readonly resolve: () => void; readonly reject: (error: Error) => void; readonly timer: NodeJS.Timeout };

export type Listeners = { readonly onAlarm: ((alarm: LogAlarm) => void) | undefined; readonly onProgress: ((events: number) => void) | undefined };

const unknownOf = ({ stream }: Waiting): OutcomeUnknown => new OutcomeUnknown(`It is not known yet whether the batch for ${stream} is in the log. Nothing is lost: it is sent again as it was.`);

/** What this process counts from, on the clock that all threads share. */
const clockOffsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The main thread's side of the engine: one message out per turn of the event loop, one back per turn of the follower. */
export class EngineSide {
  readonly #thread: Worker;
  readonly #listeners: Listeners;
  readonly #askDeadlineMs: number;
  readonly #closeDeadlineMs: number;
  /** Gets every event once this node's copy holds it. */
  #tail: LiveTail | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #asking: Asking[] = [];
  #parcel: Parcel = [];
  #ticket = 0;
  #request = 0;
  #asOfMs = -Infinity;
  #cutOff: string | undefined;
  #stopped: string | undefined;
  readonly #exit: Promise<void>;
  readonly #ready = Promise.withResolvers<void>();
  readonly #closed = Promise.withResolvers<void>();

  private constructor(data: EngineData, history: History, listeners: Listeners) {
    this.#listeners = listeners;
    this.#askDeadlineMs = data.settings.appendDeadlineMs;
    this.#closeDeadlineMs = data.settings.closeDeadlineMs;
    this.#thread = new Worker(new URL('./engine-thread.ts', import.meta.url), { workerData: data });
    this.#thread.on('message', (message: FromEngine) => this.#receive(message, history));
    this.#thread.on('error', (error) => this.#end(`The thread of the log has failed: ${(error as Error).message}.`));
    this.#exit = new Promise((resolve) => {
      this.#thread.on('exit', () => {
        this.#end('The thread of the log has ended.');
        resolve();
      });
    });
  }

  /** Starts the thread. Resolves when the copy holds everything that was acknowledged before. `history` is what followers read first. */
  static async start(data: EngineData, history: History, listeners: Listeners): Promise<EngineSide> {
    const side = new EngineSide(data, history, listeners);
    try {
      await side.#ready.promise;
      return side;
    } catch (error) {
      await side.#thread.terminate();
      throw error;
    }
  }

  get tail(): LiveTail {
    return this.#tail!;
  }

  get stopped(): string | undefined {
    return this.#stopped;
  }

  get cutOff(): string | undefined {
    return this.#cutOff;
  }

  /** On the clock of `performance.now()`. */
  get currentAsOf(): number {
    return this.#asOfMs;
  }

  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[]): Promise<AppendOutcome> {
    if (this.#stopped !== undefined) return Promise.reject(new LogStopped(this.#stopped));
    // After the sockets of this turn were read, so that their appends share a message.
    if (this.#parcel.length === 0) setImmediate(() => this.#send());
    const ticket = (this.#ticket += 1);
    this.#parcel.push(ticket, stream, expected, events.length);
    for (const event of events) this.#parcel.push(event.id, event.type, event.data, event.metadata, event.leafHash);
    return new Promise((resolve, reject) => {
      this.#waiting.set(ticket, { stream, expected, events, resolve, reject });
    });
  }

  /** Resolves when reads here hold everything that was acknowledged to anybody before the call. Rejects with `Fault` when that cannot be had in time. */
  makeCurrent(): Promise<void> {
    if (this.#stopped !== undefined) return Promise.reject(new Fault(this.#stopped));
    const request = (this.#request += 1);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#asking = this.#asking.filter((one) => one.request !== request);
        reject(new Fault(this.#cutOff ?? 'The log did not say in time how far it is. Nothing is lost; try again.'));
      }, this.#askDeadlineMs);
      this.#asking.push({ request, resolve, reject, timer });
      this.#post({ kind: 'make-current', request });
    });
  }

  /**
   * Resolves when everything handed over was answered and the lock is free: at the deadline whatever the thread does, and what
   * it had not answered by then is unknown. What it leaves behind, a look for the leader of a cluster that is silent, say, ends with it.
   */
  async close(): Promise<void> {
    this.#send();
    this.#post({ kind: 'close' });
    const late = setTimeout(() => this.#closed.resolve(), this.#closeDeadlineMs);
    await Promise.race([this.#closed.promise, this.#exit]);
    clearTimeout(late);
    await this.#thread.terminate();
    await this.#exit;
  }

  #post(message: ToEngine): void {
    this.#thread.postMessage(message);
  }

  #send(): void {
    if (this.#parcel.length === 0) return;
    this.#post(this.#parcel);
    this.#parcel = [];
  }

  #receive(message: FromEngine, history: History): void {
    switch (message.kind) {
      case 'taken':
        this.#publish(message.size, message.rows);
        this.#settle(message.answers);
        return;
      case 'current':
        this.#becomeCurrent(message.asOfMs - clockOffsetMs, message.request);
        return;
      case 'cut-off':
        this.#cutOff = message.sentence;
        return;
      case 'alarm':
        this.#listeners.onAlarm?.(message.alarm);
        return;
      case 'progress':
        this.#listeners.onProgress?.(message.events);
        return;
      case 'stopped':
        this.#end(message.sentence);
        return;
      case 'closed':
        this.#closed.resolve();
        return;
      case 'ready':
        this.#tail = new LiveTail(message.size, history);
        for (const alarm of message.alarms) this.#listeners.onAlarm?.(alarm);
        this.#ready.resolve();
        return;
      case 'unfit':
        this.#ready.reject(message.broken ? new BrokenIntegrity(message.sentence) : new Fault(message.sentence));
    }
  }

  #publish(size: number, rows: Rows): void {
    if (rows.length === 0) return;
    this.tail.publish(size, this.tail.isFollowed ? this.#recorded(rows) : []);
  }

  /** What the followers get of our own is made of what the appender gave: it was not copied back. */
  #recorded(rows: Rows): RecordedEvent[] {
    const events: RecordedEvent[] = [];
    for (let at = 0; at < rows.length; ) {
      if (rows[at] === news.own) {
        const [, ticket, index, position] = rows.slice(at, at + 4) as [number, number, number, number];
        const { stream, expected, events: batch } = this.#waiting.get(ticket)!;
        const { id, type, data, metadata, leafHash, carry } = batch[index]!;
        events.push({ position, stream, revision: expected + 1 + index, id, type, data, metadata, leafHash, carry });
        at += 4;
      } else {
        const [, position, stream, revision, id, type, data, metadata, leafHash] = rows.slice(at, at + 9) as [number, number, string, number, string, string, string, string, string];
        events.push({ position, stream, revision, id, type, data, metadata, leafHash, carry: undefined });
        at += 9;
      }
    }
    return events;
  }

  #settle(answers: Answers): void {
    for (let at = 0; at < answers.length; at += fieldsPerAnswer) {
      const [ticket, kind, one, two] = answers.slice(at, at + fieldsPerAnswer) as [number, number, number, number];
      const waiting = this.#waiting.get(ticket);
      this.#waiting.delete(ticket);
      if (kind === code.appended) waiting?.resolve({ kind: 'appended', position: one, revision: two });
      else if (kind === code.conflict) waiting?.resolve({ kind: 'conflict', revision: one });
      else if (kind === code.deleted) waiting?.reject(new Fault(`The stream ${waiting.stream} was deleted for ever in the database. Nothing more can be recorded in it; what it held is kept.`));
      else if (kind === code.unsent) waiting?.reject(new NotSent(`The batch for ${waiting.stream} was not sent, because the database could not be reached. Nothing was recorded, and nothing of it is under way: decide again.`));
      else waiting?.reject(unknownOf(waiting));
    }
  }

  #becomeCurrent(asOfMs: number, request: number): void {
    this.#asOfMs = asOfMs;
    const answered = this.#asking.filter((one) => one.request <= request);
    this.#asking = this.#asking.filter((one) => one.request > request);
    for (const { resolve, timer } of answered) {
      clearTimeout(timer);
      resolve();
    }
  }

  #end(sentence: string): void {
    this.#stopped ??= sentence;
    this.#ready.reject(new Fault(this.#stopped));
    // They may have been sent, and be there: "stopped" would be heard as "no".
    for (const waiting of this.#waiting.values()) waiting.reject(unknownOf(waiting));
    for (const { reject, timer } of this.#asking) {
      clearTimeout(timer);
      reject(new Fault(this.#stopped));
    }
    this.#waiting.clear();
    [this.#asking, this.#parcel] = [[], []];
  }
}

import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { BrokenIntegrity, Fault } from '../../kernel/fault.ts';
import type { RecordedEvent } from '../../kernel/event.ts';
import { LogStopped, type AppendClass, type AppendOutcome, type EventToAppend, type ExpectedRevision } from '../event-log.ts';
import { LiveTail, type History } from './live-tail.ts';
import { answer, closing, fieldsPerAnswer, type Answers, type AppendParcel, type FromWriter, type WriterData } from './messages.ts';

type Waiting = {
  readonly stream: string;
  readonly events: readonly EventToAppend[];
  readonly resolve: (outcome: AppendOutcome) => void;
  readonly reject: (error: Error) => void;
};

/** The main thread's side of the writer: one message out per turn of the event loop, one message back per flush. */
export class AppendQueue {
  readonly #thread: Worker;
  /** Gets every event of this process once it is durable. */
  readonly tail: LiveTail;
  /** Appends that were not answered, oldest first: the writer answers in order. */
  readonly #waiting: Waiting[] = [];
  #parcel: AppendParcel = [];
  #stopped: string | undefined;
  readonly #exit: Promise<void>;

  private constructor(thread: Worker, tail: LiveTail) {
    this.#thread = thread;
    this.tail = tail;
    thread.on('message', (message: FromWriter) => this.#receive(message));
    thread.on('error', (error) => this.#stop(`The log's writer has failed: ${(error as Error).message}.`));
    this.#exit = new Promise((resolve) => {
      thread.on('exit', () => {
        this.#stop("The log's writer has ended.");
        resolve();
      });
    });
  }

  /** Starts the writer's thread. Resolves when it holds the lock and the file was found to be well. `history` is what followers read first. */
  static async start(data: WriterData, history: History): Promise<AppendQueue> {
    const thread = new Worker(new URL('./writer-thread.ts', import.meta.url), { workerData: data });
    const [first] = (await once(thread, 'message')) as [FromWriter];
    if (!Array.isArray(first) && first.kind === 'ready') return new AppendQueue(thread, new LiveTail(first.size, history));
    await thread.terminate();
    if (!Array.isArray(first) && first.kind === 'unfit') throw first.broken ? new BrokenIntegrity(first.sentence) : new Fault(first.sentence);
    throw new Fault("The log's writer did not start.");
  }

  get stopped(): string | undefined {
    return this.#stopped;
  }

  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[], appendClass: AppendClass): Promise<AppendOutcome> {
    if (this.#stopped !== undefined) return Promise.reject(new LogStopped(this.#stopped));
    // After the sockets of this turn were read, so that their appends share a message.
    if (this.#parcel.length === 0) setImmediate(() => this.#send());
    this.#parcel.push(stream, expected, appendClass === 'essential' ? 1 : 0, events.length);
    for (const event of events) this.#parcel.push(event.id, event.type, event.data, event.metadata, event.leafHash);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stream, events, resolve, reject });
    });
  }

  /** Resolves when everything handed over was answered and the lock is free. */
  async close(): Promise<void> {
    this.#send();
    this.#thread.postMessage(closing);
    await this.#exit;
  }

  #send(): void {
    if (this.#parcel.length === 0) return;
    this.#thread.postMessage(this.#parcel);
    this.#parcel = [];
  }

  #receive(message: FromWriter): void {
    if (Array.isArray(message)) this.#settle(message);
    else if (message.kind === 'stopped') this.#stop(message.sentence);
  }

  #settle(answers: Answers): void {
    const settled = this.#waiting.splice(0, answers.length / fieldsPerAnswer);
    const isFollowed = this.tail.isFollowed;
    const live: RecordedEvent[] = [];
    let size = this.tail.size;
    let at = 0;
    for (const waiting of settled) {
      const code = answers[at]!;
      const one = answers[at + 1]!;
      const two = answers[at + 2]!;
      at += fieldsPerAnswer;
      if (code === answer.conflict) waiting.resolve({ kind: 'conflict', revision: one });
      else if (code === answer.diskReserve) waiting.resolve({ kind: 'refused', code: 'disk-reserve' });
      else waiting.resolve({ kind: 'appended', position: one, revision: two });
      if (code !== answer.appended) continue;
      size = one + waiting.events.length;
      if (isFollowed) addRecorded(live, waiting, one, two);
    }
    // The promises just resolved continue after this turn's hand-over. An asynchronous follower holds up nobody but itself.
    this.tail.publish(size, live);
  }

  #stop(sentence: string): void {
    this.#stopped ??= sentence;
    for (const { reject } of this.#waiting.splice(0)) reject(new LogStopped(this.#stopped));
    this.#parcel = [];
  }
}

/** What the followers get is made of what the appender gave: nothing is read back or parsed. */
const addRecorded = (live: RecordedEvent[], { stream, events }: Waiting, position: number, lastRevision: number): void => {
  let nextPosition = position;
  let revision = lastRevision - events.length;
  for (const { id, type, data, metadata, leafHash, carry } of events) {
    revision += 1;
    live.push({ position: nextPosition, stream, revision, id, type, data, metadata, leafHash, carry });
    nextPosition += 1;
  }
};

import type { RecordedEvent } from '../kernel/event.ts';

/**
 * Limits that every engine keeps, so that any log can be copied into any engine (ARCHITECTURE section 4). The bytes of an
 * event are those of `data` and `metadata` in UTF-8; what is exactly at a limit is taken.
 */
export const logLimits = { eventBytesMax: 256 * 1024, batchBytesMax: 768 * 1024, batchEventsMax: 500 } as const;

/** `data` and `metadata` are canonical JSON texts; `leafHash` is the 32-byte leaf hash in base64url. The engine stores, it never re-serialises. */
export type EventToAppend = {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
  readonly leafHash: string;
  /** Travels to the live followers of this process on `RecordedEvent.carry`. In memory only, never stored, never counted by a limit. */
  readonly carry?: unknown;
};

/** The stream must be at this revision (its last event); -1: the stream must not exist. There is no "any". */
export type ExpectedRevision = number;

/**
 * `posts` stop when free disk falls below the reserve; `essential` (sign-in, inquiries, custody) goes on into the reserve,
 * so that an officer can still look when posts are already refused.
 */
export type AppendClass = 'posts' | 'essential';

export type AppendOutcome =
  | { readonly kind: 'appended'; /** of the first event */ readonly position: number; /** of the last event */ readonly revision: number }
  /** Nothing was written. `revision` is where the stream is now. */
  | { readonly kind: 'conflict'; readonly revision: number }
  /** Nothing was written and the log is well. */
  | { readonly kind: 'refused'; readonly code: 'event-too-large' | 'batch-too-large' | 'disk-reserve' };

/** The writer met an error and stopped for good. Nothing after it was acknowledged; only a new start can write again. */
export class LogStopped extends Error {
  override name = 'LogStopped';
}

/** It cannot be said whether the batch is in the log. Resend the same bytes with the same expected revision; never decide again before. */
export class OutcomeUnknown extends Error {
  override name = 'OutcomeUnknown';
}

/** Nothing was written and nothing is under way: the batch never left this process and never will. Decide again, permits and all, since the world may have changed meanwhile. */
export class NotSent extends Error {
  override name = 'NotSent';
}

export type LogHead = {
  /** Number of events; the last position is `size - 1`. */
  readonly size: number;
  /** RFC 6962 root over all leaves, base64url. */
  readonly root: string;
};

export type Following = {
  /** No call of `onEvents` begins after this; resolves when the one that is running has returned. */
  readonly stop: () => Promise<void>;
  /**
   * Resolves after `stop` or `close`. Rejects, and the following is over, with what `onEvents` threw or with the error of a
   * read: a follower that died must not look like one with nothing to do, so a rejection that nobody handles ends the process.
   */
  readonly ended: Promise<void>;
};

/**
 * The one port through which anything is recorded or read.
 *
 * - `append` resolves with `appended` only when the batch is flushed to stable storage: all of it, in order, contiguous
 *   positions. A conflict or refusal wrote nothing. Rejects with `LogStopped` after any write or flush error (no flush is
 *   ever retried), with `OutcomeUnknown` where the engine cannot tell, with `NotSent` where a shared engine could not hand
 *   the batch to the authority at all and has dropped it. A batch that once ended as `OutcomeUnknown` never ends as
 *   `NotSent`. Appending the same batch (same ids) at the same expected revision again answers as the first time and writes
 *   nothing. What can never be stored as it was given (no events, a leaf hash that is none, a lone surrogate) rejects with
 *   `Fault`; the log stays well.
 * - Nothing that is not durable is ever returned by a read or handed to a follower.
 * - `readStream` and `readAll` yield pages in order, without gaps; a missing stream is empty. Leaving the loop early is free.
 *   `from` is included; backwards it is where reading begins, by default the last event. A page is never empty, and may hold
 *   fewer events than asked for when they are large.
 * - `follow` hands over every event from `from` on, each once, in position order, without a gap between history and live;
 *   the next page waits for `onEvents` to return. It never throws into an append. Events appended by this process arrive
 *   as soon as their flush is done, and before `append` resolves or after: nobody may rely on either.
 * - `close` lets what was handed over before it finish, ends every following and makes later appends reject with `LogStopped`.
 *   A shared engine waits for it until deadlines of its own at most, since the authority may be silent: what it cannot tell by then
 *   rejects with `OutcomeUnknown`, what it never sent with `NotSent`.
 *   After `LogStopped` reads and followings go on until `close`.
 */
export type EventLog = {
  append(stream: string, expected: ExpectedRevision, events: readonly EventToAppend[], appendClass?: AppendClass): Promise<AppendOutcome>;
  readStream(stream: string, options?: { readonly from?: number; readonly backwards?: boolean; readonly limit?: number }): AsyncIterable<readonly RecordedEvent[]>;
  readAll(options?: { readonly from?: number; readonly limit?: number; readonly pageEvents?: number }): AsyncIterable<readonly RecordedEvent[]>;
  follow(from: number, onEvents: (events: readonly RecordedEvent[]) => void | Promise<void>): Following;
  /** Revision of the last event, or -1. A shared engine asks the authority, and answers when reads here hold that revision too. */
  streamHead(stream: string): Promise<{ readonly revision: number; readonly leafHash: string | null }>;
  head(): Promise<LogHead>;
  /** Undefined while all is well; else why writing stopped, in a sentence. */
  stopped(): string | undefined;
  /** Other processes append to this log too: what is read here may be older than what is acknowledged elsewhere. */
  readonly isShared: boolean;
  /** `performance.now()` of the newest instant for which everything that anybody had acknowledged by then is in the reads of this process. */
  currentAsOf(): number;
  /** Resolves when the reads of this process hold everything that anybody had acknowledged before the call. Rejects with `Fault` while the authority does not answer. */
  makeCurrent(): Promise<void>;
  /** Undefined while the authority answers; else since when and why it does not, in a sentence. It heals by itself; nothing is acknowledged before. */
  cutOff(): string | undefined;
  close(): Promise<void>;
};

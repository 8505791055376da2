import type { LogAlarm } from './alarms.ts';
import type { Credentials } from './server-address.ts';

/**
 * What crosses between the main thread and the engine's thread. As in the embedded engine, parcels are flat arrays of strings
 * and numbers, and a whole turn of the event loop travels as one message.
 */

/** Per append: ticket, stream, expected revision, number of events, then `fieldsPerEvent` of the embedded engine each. */
export type Parcel = (string | number)[];
export const fieldsPerAppend = 4;

export type ToEngine =
  | Parcel
  /** Answered by `current` with the same number when this process is current as of now. */
  | { readonly kind: 'make-current'; readonly request: number }
  | { readonly kind: 'close' };

/** Per event either `news.own`, ticket, index in the batch, position; or `news.others`, then position, stream, revision, id, type, data, metadata, leaf hash. */
export type Rows = (string | number)[];
export const news = { own: 0, others: 1 } as const;

/** Per append: ticket, code, two numbers. */
export type Answers = number[];
export const fieldsPerAnswer = 4;
export const code = {
  /** position of the first event, revision of the last */
  appended: 0,
  /** revision where the stream is, 0 */
  conflict: 1,
  /** 0, 0 */
  unknown: 2,
  /** 0, 0: the stream was deleted for ever */
  deleted: 3,
  /** 0, 0: it never was on the wire, and was dropped */
  unsent: 4,
} as const;

export type FromEngine =
  | { readonly kind: 'ready'; readonly size: number; readonly alarms: readonly LogAlarm[] }
  | { readonly kind: 'unfit'; readonly sentence: string; readonly broken: boolean }
  | { readonly kind: 'taken'; readonly size: number; readonly rows: Rows; readonly answers: Answers }
  /** `asOfMs` on the clock of `process.hrtime`, which all threads share; `requests` up to this number are answered. */
  | { readonly kind: 'current'; readonly asOfMs: number; readonly request: number }
  | { readonly kind: 'cut-off'; readonly sentence: string | undefined }
  | { readonly kind: 'progress'; readonly events: number }
  | { readonly kind: 'alarm'; readonly alarm: LogAlarm }
  | { readonly kind: 'stopped'; readonly sentence: string }
  /** Everything was answered, and the copy and its lock are free: the thread may be ended. */
  | { readonly kind: 'closed' };

export type EngineSettings = {
  readonly appendDeadlineMs: number;
  readonly probeEveryMs: number;
  readonly silenceMs: number;
  readonly readDeadlineMs: number;
  readonly connectDeadlineMs: number;
  readonly cutOffAfterMs: number;
  readonly closeDeadlineMs: number;
};

export type EngineData = {
  readonly url: string;
  readonly credentials: Credentials | undefined;
  readonly file: string;
  /** Of the module with the leaf rule. */
  readonly ruleHref: string;
  readonly settings: EngineSettings;
};

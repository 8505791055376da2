/**
 * What crosses between the main thread and the two threads of the engine. Cloning objects is what would cost the main
 * thread most, so parcels and pages are flat arrays of strings and numbers, and a whole turn of the event loop travels as one message.
 */

/** Per append: stream, expected revision, 1 if essential else 0, number of events, then `fieldsPerEvent` strings each. */
export type AppendParcel = (string | number)[];
/** id, type, data, metadata, leaf hash. */
export const fieldsPerEvent = 5;

/** Per append, in the order they were posted: one code, two numbers. */
export type Answers = number[];
export const fieldsPerAnswer = 3;
export const answer = {
  /** position of the first event, revision of the last */
  appended: 0,
  /** The same batch was there already: position of the first event, revision of the last. Not news to followers. */
  known: 1,
  /** revision where the stream is, 0 */
  conflict: 2,
  /** 0, 0 */
  diskReserve: 3,
} as const;

export type FromWriter =
  | Answers
  | { readonly kind: 'ready'; readonly size: number }
  /** Nothing was opened. `broken`: the file contradicts itself; otherwise it is in use or unfit. */
  | { readonly kind: 'unfit'; readonly sentence: string; readonly broken: boolean }
  | { readonly kind: 'stopped'; readonly sentence: string };

/** Asks a thread to finish what was posted before and to end. */
export const closing = 'close';

export type WriterData = { readonly file: string; readonly reserveBytes: number | null };
export type ReaderData = { readonly file: string };

export type ReadRequest =
  | { readonly kind: 'all'; readonly from: number; readonly limit: number }
  | { readonly kind: 'stream'; readonly stream: string; readonly from: number; readonly backwards: boolean; readonly limit: number }
  | { readonly kind: 'stream-head'; readonly stream: string }
  | { readonly kind: 'head' };

/** `rows`: per event position, stream, revision, id, type, data, metadata, leaf hash. `more`: the limit or the bytes of a page ended it. */
export type ReadPage = { readonly rows: (string | number)[]; readonly more: boolean };
export const fieldsPerRow = 8;

export type ReadAnswer =
  | ReadPage
  | { readonly revision: number; readonly leafHash: string | null }
  | { readonly size: number; readonly root: string }
  | { readonly error: string };

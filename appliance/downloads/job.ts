import type { StorePlace } from '#appliance/files/store-place.ts';
import type { ReadInside } from '#src/contract/files.ts';
import type { Fates } from './history.ts';
import type { RecordPlace } from './record-reader.ts';
import type { FileEntry } from './shared-files.ts';

/** What a download thread is asked to make. Everything it says comes from the log; nothing here holds content. */
export type HistoryJob = {
  readonly kind: 'history';
  readonly conversationId: string;
  /** Whose membership decides what may be read. */
  readonly account: string;
  /** Last revision covered, as recorded by HistoryDownloaded. */
  readonly upTo: number;
  /** When the download was recorded: the only clock in the zip. */
  readonly at: number;
  /** How the person knows the conversation: a direct chat is called by its people. */
  readonly title: string;
};

export type ArchiveJob = {
  readonly kind: 'archive';
  readonly inquiry: string; readonly reason: string; readonly export: string; readonly by: string; readonly at: number;
  readonly query: string; readonly filter: string;
  /** Complete to this log position; from behind `after` on, where an earlier export holds what is before. */
  readonly position: number;
  readonly after: number | null;
  /** Log positions of the hits, ascending. */
  readonly positions: Float64Array;
  /** Of a search for files; null of one for events. */
  readonly files: FileSearchMade | null;
};

/** `words`: those looked for inside; empty for none. `inside`: of the files that the other conditions leave, how many were read when this was made; null where that decided nothing. */
export type FileSearchMade = { readonly words: string; readonly inside: ReadInside | null };

export type DownloadJob = HistoryJob | ArchiveJob;
export type DownloadThreadData = RecordPlace & { readonly job: DownloadJob; readonly spoolFolder: string; /** Where the bytes of shared files are; undefined where there are none. */ readonly files: StorePlace | undefined };

/** Part of a job, `to` not included: revisions of a history, indexes of an archive's positions. */
export type Stretch = { readonly from: number; readonly to: number };

/** What an opening thread makes lines for. */
export type Making = { readonly kind: 'history'; readonly job: HistoryJob; readonly fates: Fates } | { readonly kind: 'archive'; readonly job: ArchiveJob };
/** `begin` once, before the first stretch. */
export type ToOpening = { readonly kind: 'begin'; readonly making: Making } | { readonly kind: 'make'; readonly stretch: Stretch };

/** Its answers, one for each stretch, in order. `files`: those that the lines speak of and that belong into the zip. `next`: where the page ends; before `to` where it was full. `text` and `json` are UTF-8, each line ended. */
export type FromOpening =
  | { readonly kind: 'page'; readonly text: Uint8Array<ArrayBuffer>; readonly json: Uint8Array<ArrayBuffer>; readonly lines: number; readonly gone: number; readonly files: readonly FileEntry[]; readonly next: number }
  | { readonly kind: 'failed'; readonly reason: string };
export type MadePage = Extract<FromOpening, { readonly kind: 'page' }>;

export type FromDownload =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Chunks that may be under way before the thread waits for `more`. */
export const chunksAhead = 16;

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
  /** Complete to this log position. */
  readonly position: number;
  /** Log positions of the hits, ascending. */
  readonly positions: Float64Array;
};

export type DownloadJob = HistoryJob | ArchiveJob;
export type DownloadThreadData = { readonly job: DownloadJob; readonly logFile: string; readonly dataFolder: string; readonly logId: string; readonly spoolFolder: string; /** Positions of what nobody of ours wrote: it is in no download. */ readonly foreign: readonly number[] };

export type FromDownload =
  | { readonly kind: 'chunk'; readonly bytes: Uint8Array }
  | { readonly kind: 'progress'; readonly done: number }
  | { readonly kind: 'end' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Chunks that may be under way before the thread waits for `more`. */
export const chunksAhead = 16;

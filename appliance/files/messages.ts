import type { KeyObject } from 'node:crypto';
import type { StoredFile } from '#src/files/share-file.ts';

/** What a thread of files is started with. `wrap` seals the records of uploads; `reserveBytes` as in the configuration. */
export type FilesThreadData = { readonly folder: string; readonly wrap: KeyObject; readonly reserveBytes: number | null };

/** Questions to it. `name`: of an upload; `bytes` travel without a copy. */
export type FilesAsked =
  | { readonly do: 'begin'; readonly name: string; readonly size: number }
  | { readonly do: 'offset'; readonly name: string }
  | { readonly do: 'append'; readonly name: string; readonly at: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly do: 'stored'; readonly name: string }
  | { readonly do: 'forget'; readonly name: string }
  | { readonly do: 'read'; readonly file: FileToRead; readonly from: number; readonly to: number }
  | { readonly do: 'uploads' } | { readonly do: 'blobs' } | { readonly do: 'remove'; readonly blob: string };

/** `key`: base64url, as the event has it. */
export type FileToRead = { readonly blob: string; readonly key: string; readonly size: number };

export type FilesAnswers = {
  readonly begin: 'begun' | 'disk-reserve';
  readonly offset: { readonly offset: number; readonly size: number } | undefined;
  readonly append: 'taken' | 'elsewhere' | 'disk-reserve';
  readonly stored: StoredFile | undefined;
  readonly forget: undefined;
  /** `damaged`: missing, short or changed. */
  readonly read: Uint8Array<ArrayBuffer> | 'damaged';
  readonly uploads: readonly { readonly name: string; readonly changedAt: number; readonly blob: string | undefined }[];
  readonly blobs: readonly { readonly blob: string; readonly size: number; readonly youngAt: number }[];
  readonly remove: undefined;
};
export type AnswerTo<A extends FilesAsked> = FilesAnswers[A['do']];

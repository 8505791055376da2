import type { KeyObject } from 'node:crypto';
import type { StoredFile } from '#src/files/share-file.ts';
import type { StorePlace } from './store-place.ts';

/** What a thread of files is started with. `uploadsFolder`: what is on its way, on a disk; `wrap` seals the records of uploads; `reserveBytes` as in the configuration. */
export type FilesThreadData = { readonly place: StorePlace; readonly uploadsFolder: string; readonly wrap: KeyObject; readonly reserveBytes: number | null };

/** Questions to it. `name`: of an upload; `bytes` travel without a copy. */
export type FilesAsked =
  | { readonly do: 'begin'; readonly name: string; readonly size: number }
  | { readonly do: 'offset'; readonly name: string }
  | { readonly do: 'append'; readonly name: string; readonly at: number; readonly bytes: Uint8Array<ArrayBuffer> }
  | { readonly do: 'stored'; readonly name: string }
  | { readonly do: 'forget'; readonly name: string }
  | { readonly do: 'read'; readonly file: FileToRead; readonly from: number; readonly to: number }
  | { readonly do: 'uploads' } | { readonly do: 'blobs' } | { readonly do: 'remove'; readonly blob: string }
  | { readonly do: 'sweep'; readonly before: number } | { readonly do: 'readMark' } | { readonly do: 'writeMark'; readonly mark: string };

/** `key`: base64url, as the event has it. */
export type FileToRead = { readonly blob: string; readonly key: string; readonly size: number };

export type FilesAnswers = {
  readonly begin: 'begun' | 'disk-reserve';
  readonly offset: { readonly offset: number; readonly size: number } | undefined;
  readonly append: 'taken' | 'elsewhere' | 'disk-reserve';
  readonly stored: StoredFile | undefined;
  /** The address that its bytes have in the store, or were about to get. */
  readonly forget: string | undefined;
  /** `damaged`: missing, short or changed. */
  readonly read: Uint8Array<ArrayBuffer> | 'damaged';
  readonly uploads: readonly { readonly name: string; readonly changedAt: number; readonly blob: string | undefined }[];
  readonly blobs: readonly { readonly blob: string; readonly size: number; readonly youngAt: number }[];
  readonly remove: undefined;
  readonly sweep: undefined;
  readonly readMark: string | undefined;
  readonly writeMark: undefined;
};
export type AnswerTo<A extends FilesAsked> = FilesAnswers[A['do']];

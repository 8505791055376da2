import type { MessagePort } from 'node:worker_threads';
import type { Derived, ViewName } from '../view.ts';
import type { Parcel } from './fed-event.ts';
import type { ForeignEvent } from './guard.ts';
import type { KeyringSource } from './opener.ts';

/** What every thread of the views is started with. `folder`: of the view files. */
export type ThreadData = { readonly folder: string; readonly logFile: string; readonly keyring: KeyringSource; readonly logId: string };

export type ToWriter =
  | { readonly is: 'feed'; readonly parcel: Parcel }
  /** Close this view's file; a rebuilt one is about to take its place. */
  | { readonly is: 'release'; readonly view: ViewName }
  /** Put the rebuilt file in place, open it and catch up. */
  | { readonly is: 'adopt'; readonly view: ViewName }
  | { readonly is: 'close' };

export type Progress = { readonly view: ViewName; readonly position: number; readonly stopped: string | null };
export type FromWriter =
  /** `missing`: views without a file that fits the log; they must be rebuilt. `head`: the last position of the log at the start. */
  | { readonly is: 'ready'; readonly missing: readonly ViewName[]; readonly head: number; /** Whether leaves and macs are checked up to there. */ readonly isChecked: boolean; readonly progress: readonly Progress[]; readonly foreign: readonly ForeignEvent[] }
  | { readonly is: 'progress'; readonly progress: readonly Progress[]; readonly derived: readonly Derived[]; readonly foreign: readonly ForeignEvent[] }
  | { readonly is: 'released'; readonly view: ViewName }
  | { readonly is: 'adopted'; readonly view: ViewName }
  | { readonly is: 'closed' };

export type ToReader = { readonly is: 'ask'; readonly asks: (number | string)[] } | { readonly is: 'release'; readonly view: ViewName } | { readonly is: 'close' };
/** `answers`: per question its number, position, and the value as JSON text; a failed one has position -2 and a sentence. */
export type FromReader = { readonly is: 'answers'; readonly answers: (number | string)[] } | { readonly is: 'released'; readonly view: ViewName } | { readonly is: 'closed' };

/** `upTo`: the last position to apply. `peer`: the other of two threads; `share`: which of them this is; 1 has the full texts. */
export type RebuildData = ThreadData & { readonly views: readonly ViewName[]; readonly upTo: number; readonly share: 0 | 1; readonly peer?: MessagePort };
export type FromRebuild = { readonly is: 'progress'; readonly done: number; readonly of: number } | { readonly is: 'rebuilt' };

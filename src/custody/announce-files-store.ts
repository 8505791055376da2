import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord, refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { FilesStoreAnnounced } from './events.ts';

/** `store`: the id in the mark that the store of files carries. */
export type AnnounceFilesStore = { readonly store: string };

/** Of appliances that come with different stores the first decides; the others are refused. */
export const announceFilesStore: UseCase<AnnounceFilesStore, CustodyState, SystemPermit, World> = {
  name: 'announceFilesStore',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { store }, state, { at }) => {
    if (state.filesStore === store) return nothingToRecord;
    if (state.filesStore !== null) return refuse('other-files-store', 'The record names another store for the files of this log. Nothing was changed.');
    const fact: FilesStoreAnnounced = { type: 'FilesStoreAnnounced', data: { at, store } };
    return [fact];
  },
  isSameIntent: ({ store }, recorded) => recordsIntent(recorded, 'FilesStoreAnnounced', { store }),
};

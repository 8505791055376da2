import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { ImportMade } from './events.ts';

/** `lines`: of the file; `source`: its name. */
export type RecordImport = { readonly batch: string; readonly by: string; readonly lines: number; readonly source: string };

/** Once a batch. */
export const recordImport: UseCase<RecordImport, CustodyState, SystemPermit, World> = {
  name: 'recordImport',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { batch, by, lines, source }, state, { at }) => {
    if (state.batches.has(batch)) return nothingToRecord;
    const fact: ImportMade = { type: 'ImportMade', data: { at, batch, by, lines, source } };
    return [fact];
  },
  isSameIntent: ({ batch, by, lines, source }, recorded) => recordsIntent(recorded, 'ImportMade', { batch, by, lines, source }),
};

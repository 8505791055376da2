import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { ImportMade } from './events.ts';

/** `lines`: how many were imported. `by`: who ran it. `source`: what it was read from. */
export type RecordImport = { readonly batch: string; readonly by: string; readonly lines: number; readonly source: string };

/** What came from elsewhere, said in one place. */
export const recordImport: UseCase<RecordImport, CustodyState, SystemPermit, World> = {
  name: 'recordImport',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { batch, by, lines, source }, _state, { at }) => {
    const made: ImportMade = { type: 'ImportMade', data: { at, batch, by, lines, source } };
    return [made];
  },
  isSameIntent: ({ batch, by, lines, source }, recorded) => recordsIntent(recorded, 'ImportMade', { batch, by, lines, source }),
};

import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { ForeignEventFound } from './events.ts';

/** An event in our streams that no writer of ours made. `event`: its id. */
export type ReportForeign = { readonly event: string; readonly position: number; readonly reason: string; readonly revision: number; readonly stream: string };

/** Every node finds it at the same position, after every start anew: it is recorded once. */
export const reportForeign: UseCase<ReportForeign, CustodyState, SystemPermit, World> = {
  name: 'reportForeign',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { event, position, reason, revision, stream }, state, { at }) => {
    if (state.foreign.has(position)) return nothingToRecord;
    const fact: ForeignEventFound = { type: 'ForeignEventFound', data: { at, event, position, reason, revision, stream } };
    return [fact];
  },
  isSameIntent: ({ event, position, reason, revision, stream }, recorded) => recordsIntent(recorded, 'ForeignEventFound', { event, position, reason, revision, stream }),
};

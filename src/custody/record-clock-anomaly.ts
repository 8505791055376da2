import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { ClockAnomaly } from './events.ts';

/** The clock went back, or jumped by more than a minute; ms UTC. */
export type RecordClockAnomaly = { readonly before: number; readonly now: number };

export const recordClockAnomaly: UseCase<RecordClockAnomaly, CustodyState, SystemPermit, World> = {
  name: 'recordClockAnomaly',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { before, now }, _state, { at }) => {
    const fact: ClockAnomaly = { type: 'ClockAnomaly', data: { at, before, now } };
    return [fact];
  },
  isSameIntent: ({ before, now }, recorded) => recordsIntent(recorded, 'ClockAnomaly', { before, now }),
};

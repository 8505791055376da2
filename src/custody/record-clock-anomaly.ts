import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { ClockAnomaly } from './events.ts';

/** Both in ms UTC: what the clock said before, and what it says now. */
export type RecordClockAnomaly = { readonly before: number; readonly now: number };

/** The clock ran backwards, or leapt. Times before and after it are to be read with care; the order of events never rests on them. */
export const recordClockAnomaly: UseCase<RecordClockAnomaly, CustodyState, SystemPermit, World> = {
  name: 'recordClockAnomaly',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { before, now }, _state, { at }) => {
    const anomaly: ClockAnomaly = { type: 'ClockAnomaly', data: { at, before, now } };
    return [anomaly];
  },
  isSameIntent: ({ before, now }, recorded) => recordsIntent(recorded, 'ClockAnomaly', { before, now }),
};

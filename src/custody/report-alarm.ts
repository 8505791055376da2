import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { LogAlarmRaised } from './events.ts';

/** Something was done to the log in its database. `alarm` names what was done, the same on every node; `kind` and `doneTo` as the engine says them. */
export type ReportAlarm = { readonly alarm: string; readonly doneTo: string; readonly kind: string };

/** Every node finds it, after every start anew: it is recorded once. */
export const reportAlarm: UseCase<ReportAlarm, CustodyState, SystemPermit, World> = {
  name: 'reportAlarm',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { alarm, doneTo, kind }, state, { at }) => {
    if (state.alarms.has(alarm)) return nothingToRecord;
    const fact: LogAlarmRaised = { type: 'LogAlarmRaised', data: { alarm, at, doneTo, kind } };
    return [fact];
  },
  isSameIntent: ({ alarm, doneTo, kind }, recorded) => recordsIntent(recorded, 'LogAlarmRaised', { alarm, doneTo, kind }),
};

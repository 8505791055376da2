import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { ApplianceStarted } from './events.ts';

/** `configuration`: canonical JSON, without secrets. */
export type RecordStart = { readonly configuration: string; readonly version: string };

export const recordStart: UseCase<RecordStart, CustodyState, SystemPermit, World> = {
  name: 'recordStart',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { configuration, version }, _state, { at }) => {
    const fact: ApplianceStarted = { type: 'ApplianceStarted', data: { at, configuration, version } };
    return [fact];
  },
  isSameIntent: ({ configuration, version }, recorded) => recordsIntent(recorded, 'ApplianceStarted', { configuration, version }),
};

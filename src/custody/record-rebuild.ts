import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { ViewRebuilt } from './events.ts';

/** `position`: what the rebuilt view is complete to. */
export type RecordRebuild = { readonly position: number; readonly view: string };

export const recordRebuild: UseCase<RecordRebuild, CustodyState, SystemPermit, World> = {
  name: 'recordRebuild',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { position, view }, _state, { at }) => {
    const fact: ViewRebuilt = { type: 'ViewRebuilt', data: { at, position, view } };
    return [fact];
  },
  isSameIntent: ({ position, view }, recorded) => recordsIntent(recorded, 'ViewRebuilt', { position, view }),
};

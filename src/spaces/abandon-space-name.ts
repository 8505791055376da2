import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { Abandoned } from '../accounts/events.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { nameTaken } from './refusals.ts';
import { spaceFold, type SpaceState } from './space.ts';

/** `name`: the stream of the name; `reservation`: the revision there that was never used. */
export type AbandonSpaceName = { readonly spaceId: string; readonly name: string; readonly reservation: number };

/** Revision 0 of a space that never came, or at its head for a rename that never came. Refuses where the space carries the name. */
export const abandonSpaceName: UseCase<AbandonSpaceName, SpaceState, SystemPermit, World> = {
  name: 'abandonSpaceName',
  stream: ({ spaceId }) => streams.space(spaceId),
  fold: spaceFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { name, reservation }, state, { at }) => {
    if (state.name === name) return nameTaken;
    if ((state.abandoned.get(name) ?? -1) >= reservation) return nothingToRecord;
    const abandoned: Abandoned = { type: 'Abandoned', data: { at, name, reservation } };
    return [abandoned];
  },
  isSameIntent: ({ name, reservation }, recorded) => recordsIntent(recorded, 'Abandoned', { name, reservation }),
};

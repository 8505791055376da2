import { permitActive, type ActivePermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { foundSpace as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SpaceFounded } from './events.ts';
import { nameTaken } from './refusals.ts';
import { spaceFold, type SpaceState } from './space.ts';

/** `nameStream`: where the name was reserved for this space before. */
export type FoundSpace = ParsedInputOf<typeof endpoint> & { readonly nameStream: string };

const spaceIdTaken = refuse('space-id-taken', 'There is a space under this id already. Nothing was founded.');

/** A space whose reservation was given up is never founded: its name may be somebody else's by now. */
export const foundSpace: UseCase<FoundSpace, SpaceState, ActivePermit, World> = {
  name: 'foundSpace',
  stream: ({ spaceId }) => streams.space(spaceId),
  fold: spaceFold,
  permit: (world, acting) => permitActive(world, acting),
  decide: (permit, { spaceId, general, name, topic, nameStream }, state, { at }) => {
    if (state.founded) return spaceIdTaken;
    if (state.abandoned.size > 0) return nameTaken;
    const founded: SpaceFounded = {
      type: 'SpaceFounded',
      data: { at, by: permit.account, general, name: nameStream, space: spaceId },
      content: { title: { title: name, topic } },
    };
    return [founded];
  },
  isSameIntent: ({ spaceId, general, name, topic, nameStream }, recorded) =>
    recordsIntent(recorded, 'SpaceFounded', { general, name: nameStream, space: spaceId }, { title: { title: name, topic } }),
};

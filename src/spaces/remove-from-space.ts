import type { World } from '../accounts/standing.ts';
import type { removeFromSpace as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SpaceLeft } from './events.ts';
import { permitSpaceAdministrator, type SpaceAdministratorPermit } from './permits.ts';
import { lastAdministrator, memberNotInSpace } from './refusals.ts';
import { spaceFold, spaceStandingOf, type SpaceState } from './space.ts';

export type RemoveFromSpace = ParsedInputOf<typeof endpoint>;

export const removeFromSpace: UseCase<RemoveFromSpace, SpaceState, SpaceAdministratorPermit, World> = {
  name: 'removeFromSpace',
  stream: ({ spaceId }) => streams.space(spaceId),
  fold: spaceFold,
  permit: (world, acting, _input, state) => permitSpaceAdministrator(world, acting, spaceStandingOf(state)),
  decide: (permit, { account }, state, { at }) => {
    const joined = state.members.get(account);
    if (joined === undefined) return memberNotInSpace;
    if (state.administrators.has(account) && state.administrators.size === 1) return lastAdministrator;
    const left: SpaceLeft = { type: 'SpaceLeft', data: { account, at, by: permit.account, cause: 'removed', joined } };
    return [left];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'SpaceLeft', { account, cause: 'removed' }),
};

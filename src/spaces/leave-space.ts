import type { World } from '../accounts/standing.ts';
import type { leaveSpace as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SpaceLeft } from './events.ts';
import { permitSpaceMember, type SpaceMemberPermit } from './permits.ts';
import { lastAdministrator } from './refusals.ts';
import { spaceFold, spaceStandingOf, type SpaceState } from './space.ts';

export type LeaveSpace = ParsedInputOf<typeof endpoint>;

export const leaveSpace: UseCase<LeaveSpace, SpaceState, SpaceMemberPermit, World> = {
  name: 'leaveSpace',
  stream: ({ spaceId }) => streams.space(spaceId),
  fold: spaceFold,
  permit: (world, acting, _input, state) => permitSpaceMember(world, acting, spaceStandingOf(state)),
  decide: ({ account, joined }, _input, state, { at }) => {
    if (state.administrators.has(account) && state.administrators.size === 1) return lastAdministrator;
    const left: SpaceLeft = { type: 'SpaceLeft', data: { account, at, by: account, cause: 'self', joined } };
    return [left];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'SpaceLeft', { cause: 'self' }),
};

import type { World } from '../accounts/standing.ts';
import type { inviteToSpace as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { SpaceJoined } from './events.ts';
import { permitToInviteToSpace, type SpaceAdministratorPermit } from './permits.ts';
import { spaceFold, spaceStandingOf, type SpaceState } from './space.ts';

export type InviteToSpace = ParsedInputOf<typeof endpoint>;

const alreadyAMember = refuse('already-a-member', 'This person is in the space already. Nothing was changed.');

/** Who was an administrator before comes back as a plain member. */
export const inviteToSpace: UseCase<InviteToSpace, SpaceState, SpaceAdministratorPermit, World> = {
  name: 'inviteToSpace',
  stream: ({ spaceId }) => streams.space(spaceId),
  fold: spaceFold,
  permit: (world, acting, { account }, state) => permitToInviteToSpace(world, acting, spaceStandingOf(state), account),
  decide: (permit, { account }, state, { at }) => {
    if (state.members.has(account)) return alreadyAMember;
    const joined: SpaceJoined = { type: 'SpaceJoined', data: { account, at, by: permit.account } };
    return [joined];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'SpaceJoined', { account }),
};

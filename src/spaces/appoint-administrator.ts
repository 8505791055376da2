import type { World } from '../accounts/standing.ts';
import type { appointAdministrator as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { AdministratorAppointed } from './events.ts';
import { permitSpaceAdministrator, type SpaceAdministratorPermit } from './permits.ts';
import { memberNotInSpace } from './refusals.ts';
import { spaceFold, spaceStandingOf, type SpaceState } from './space.ts';

export type AppointAdministrator = ParsedInputOf<typeof endpoint>;

const alreadyAnAdministrator = refuse('already-an-administrator', 'This person is an administrator of the space already. Nothing was changed.');

export const appointAdministrator: UseCase<AppointAdministrator, SpaceState, SpaceAdministratorPermit, World> = {
  name: 'appointAdministrator',
  stream: ({ spaceId }) => streams.space(spaceId),
  fold: spaceFold,
  permit: (world, acting, _input, state) => permitSpaceAdministrator(world, acting, spaceStandingOf(state)),
  decide: (permit, { account }, state, { at }) => {
    if (!state.members.has(account)) return memberNotInSpace;
    if (state.administrators.has(account)) return alreadyAnAdministrator;
    const appointed: AdministratorAppointed = { type: 'AdministratorAppointed', data: { account, at, by: permit.account } };
    return [appointed];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'AdministratorAppointed', { account }),
};

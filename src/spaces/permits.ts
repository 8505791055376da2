import { basisOf, permitActive, reachable } from '../accounts/permits.ts';
import type { SpaceStanding, World } from '../accounts/standing.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { Acting, Permit } from '../kernel/use-case.ts';
import { notAnAdministrator, notInSpace } from './refusals.ts';

// Nobody outside this file can name these keys, so nobody else can make such a value.
declare const belonging: unique symbol;
declare const administering: unique symbol;

/** An active member of a space. `joined`: the revision of the join in the space's stream. */
export type SpaceMemberPermit = Permit & { readonly account: string; readonly space: string; readonly joined: number; readonly [belonging]: true };
/** An active member of a space who is one of its administrators. */
export type SpaceAdministratorPermit = SpaceMemberPermit & { readonly [administering]: true };

/** `space`: from the stream's own state when a command touches the space, else from the standing. Undefined where there is none. */
export const permitSpaceMember = (world: World, acting: Acting, space: SpaceStanding | undefined): SpaceMemberPermit | Refusal => {
  const person = permitActive(world, acting);
  if (isRefusal(person)) return person;
  const joined = space?.members.get(person.account);
  if (!space || joined === undefined) return notInSpace;
  return { account: person.account, basis: [...person.basis, [streams.space(space.space), space.revision]], space: space.space, joined } as unknown as SpaceMemberPermit;
};

export const permitSpaceAdministrator = (world: World, acting: Acting, space: SpaceStanding | undefined): SpaceAdministratorPermit | Refusal => {
  const member = permitSpaceMember(world, acting, space);
  if (isRefusal(member)) return member;
  return space?.administrators.has(member.account) ? (member as SpaceAdministratorPermit) : notAnAdministrator;
};

/** An administrator who brings in somebody reachable. */
export const permitToInviteToSpace = (world: World, acting: Acting, space: SpaceStanding | undefined, invited: string): SpaceAdministratorPermit | Refusal => {
  const permit = permitSpaceAdministrator(world, acting, space);
  if (isRefusal(permit)) return permit;
  const person = reachable(world, invited);
  return isRefusal(person) ? person : { ...permit, basis: [...permit.basis, ...basisOf(person)] };
};

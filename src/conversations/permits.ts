import { basisOf, permitActive, reachable, type ActivePermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { Basis } from '../kernel/event.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { Acting, Permit } from '../kernel/use-case.ts';
import { permitSpaceAdministrator, type SpaceAdministratorPermit } from '../spaces/permits.ts';
import type { ConversationState } from './conversation.ts';
import type { ConversationKind } from './events.ts';
import { notAMember } from './refusals.ts';

// Nobody outside this file can name these keys, so nobody else can make such a value.
declare const participating: unique symbol;
declare const gathering: unique symbol;
declare const inviting: unique symbol;

/** What is known of one account in one conversation: from the conversation's state, or from a row of a view. */
export type Membership = {
  readonly conversation: string; readonly kind: ConversationKind; readonly space: string | null;
  /** Revision of the latest join. `under`: of the join in the space's stream, in a channel. */
  readonly joined: number; readonly under: number | null;
  readonly memberCount: number; readonly head: number;
};

/** An active member; in a channel also a member of the space under that same join. */
export type MemberPermit = Permit & Membership & { readonly account: string; readonly [participating]: true };

/** May bring people together: everybody named in it can be reached. */
export type GatheringPermit = Permit & { readonly account: string; readonly groupMembersMax: number; readonly [gathering]: true };

/** A member who brings somebody reachable into a group. */
export type InvitingPermit = Permit & { readonly account: string; readonly groupMembersMax: number; readonly [inviting]: true };

/** Keeps a conversation in order: an administrator of the space for its channels, any member elsewhere. */
export type KeepingPermit = SpaceAdministratorPermit | MemberPermit;

/** `membership` is undefined for who is no member. Mints the permit that posting, reacting, reading and leaving rest on. */
export const permitMembership = (world: World, acting: Acting, membership: Membership | undefined): MemberPermit | Refusal => {
  const person = permitActive(world, acting);
  if (isRefusal(person)) return person;
  if (!membership) return notAMember;
  const basis = standsUnder(world, person, membership);
  return basis ? ({ ...membership, account: person.account, basis } as MemberPermit) : notAMember;
};

export const permitMember = (world: World, acting: Acting, state: ConversationState): MemberPermit | Refusal =>
  permitMembership(world, acting, membershipOf(state, acting.actor.id));

export const membershipOf = (state: ConversationState, account: string): Membership | undefined => {
  const member = state.members.get(account);
  if (!member) return undefined;
  const { conversation, kind, space, revision } = state;
  return { conversation, kind, space, joined: member.joined, under: member.under, memberCount: state.members.size, head: revision };
};

/** Whether a membership holds: leaving and coming back to a space makes an old channel membership powerless, even while its own leaving is still to be recorded. */
export const holdsStill = ({ standing }: World, account: string, { kind, space, under }: Pick<Membership, 'kind' | 'space' | 'under'>): boolean =>
  kind !== 'channel' || (space !== null && under !== null && standing.space(space)?.members.get(account) === under);

const standsUnder = (world: World, person: ActivePermit, membership: Membership): Basis | undefined => {
  const { kind, space } = membership;
  if (kind !== 'channel') return person.basis;
  const standing = space === null ? undefined : world.standing.space(space);
  if (!standing || !holdsStill(world, person.account, membership)) return undefined;
  return [...person.basis, [streams.space(standing.space), standing.revision]];
};

/** For those who open or widen a conversation. `people`: everybody they name, who must be reachable. */
export const permitToGather = (world: World, acting: Acting, people: readonly string[]): GatheringPermit | Refusal => {
  const person = permitActive(world, acting);
  if (isRefusal(person)) return person;
  if (acting.actor.kind === 'guest') return notAMember;
  const basis = [...person.basis];
  for (const account of new Set(people)) {
    if (account === person.account) continue;
    const standing = reachable(world, account);
    if (isRefusal(standing)) return standing;
    basis.push(...basisOf(standing));
  }
  return { account: person.account, basis, groupMembersMax: world.standing.setting<number>('groupMembersMax') } as unknown as GatheringPermit;
};

/** A member first: who is none learns nothing, not even whether the invited person exists. */
export const permitToInvite = (world: World, acting: Acting, state: ConversationState, invited: string): InvitingPermit | Refusal => {
  const member = permitMember(world, acting, state);
  if (isRefusal(member)) return member;
  const gathering = permitToGather(world, acting, [invited]);
  return isRefusal(gathering) ? gathering : ({ account: member.account, basis: gathering.basis, groupMembersMax: gathering.groupMembersMax } as unknown as InvitingPermit);
};

/** An administrator of the space keeps its channels without being in them. */
export const permitToKeep = (world: World, acting: Acting, state: ConversationState): KeepingPermit | Refusal =>
  state.kind === 'channel' && state.space !== null ? permitSpaceAdministrator(world, acting, world.standing.space(state.space)) : permitMember(world, acting, state);

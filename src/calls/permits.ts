import type { World } from '../accounts/standing.ts';
import type { ConversationState } from '../conversations/conversation.ts';
import { holdsStill, permitMember, type MemberPermit } from '../conversations/permits.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import type { Acting } from '../kernel/use-case.ts';

// Nobody outside this file can name this key, so nobody else can make such a value.
declare const calling: unique symbol;

/** A member who may ring. `callsOn`: calls are not switched off. `reachable`: those asked for whose devices may ring, themselves never among them. */
export type CallingPermit = MemberPermit & { readonly callsOn: boolean; readonly reachable: readonly string[]; readonly [calling]: true };

/** `ring`: whom they would ring; in a direct chat it is the other one. */
export const permitToRing = (world: World, acting: Acting, state: ConversationState, ring: readonly string[]): CallingPermit | Refusal => {
  const member = permitMember(world, acting, state);
  if (isRefusal(member)) return member;
  const asked = state.kind === 'direct' ? [...state.members.keys()] : [...new Set(ring)];
  const reachable = asked.filter((account) => account !== member.account && mayBeRung(world, state, account));
  return { ...member, callsOn: world.standing.setting<boolean>('callsEnabled'), reachable } as unknown as CallingPermit;
};

const mayBeRung = (world: World, state: ConversationState, account: string): boolean => {
  const member = state.members.get(account);
  const standing = world.standing.account(account);
  return member !== undefined && standing !== undefined && standing.kind !== 'nickname' && !standing.suspended && holdsStill(world, account, { kind: state.kind, space: state.space, under: member.under });
};

import { permitActive, type ActivePermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { permitMembership, type MemberPermit, type Membership } from '../conversations/permits.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import type { Acting, Permit } from '../kernel/use-case.ts';

// Nobody outside this file can name this key, so nobody else can make such a value.
declare const witnessing: unique symbol;

/** May say what they have viewed. `heads`: the conversations where that is kept, to the latest revision there is. */
export type WitnessPermit = Permit & { readonly account: string; readonly heads: ReadonlyMap<string, number>; readonly [witnessing]: true };

/** Conversations that the person is not in, or that have too many members for receipts, are left out without a word. */
export const permitToWitness = (world: World, acting: Acting, memberships: readonly Membership[]): WitnessPermit | Refusal => {
  const person: ActivePermit | Refusal = permitActive(world, acting);
  if (isRefusal(person)) return person;
  const membersMax = world.standing.setting<number>('receiptsMembersMax');
  const heads = new Map<string, number>();
  const basis = new Map(person.basis);
  for (const membership of memberships) {
    const permit: MemberPermit | Refusal = permitMembership(world, acting, membership);
    if (isRefusal(permit) || permit.memberCount > membersMax) continue;
    heads.set(permit.conversation, permit.head);
    for (const [stream, revision] of permit.basis) basis.set(stream, revision);
  }
  return { account: person.account, basis: [...basis], heads } as unknown as WitnessPermit;
};

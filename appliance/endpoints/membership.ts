import type { House } from '#appliance/house/house.ts';
import { permitMembership, type MemberPermit } from '#src/conversations/permits.ts';
import type { Call, Caller } from '#src/doors/door.ts';
import type { Refusal } from '#src/kernel/refusal.ts';

/** Reading rests on the same permit as posting: member, in a channel under the space's join, account active. As of everything this node has followed. */
export const permitToRead = async (house: House, call: Call & { readonly caller: Caller }, conversationId: string): Promise<MemberPermit | Refusal> => {
  const { value } = await house.views.ask('desk.membership', { account: call.caller.account, conversationId }, house.hub.position);
  return permitMembership(house.world, house.acting(call), value ?? undefined);
};

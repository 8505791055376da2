import type { House } from '#appliance/house/house.ts';
import { markReadUpTo, markUnread, muteConversation, reportViewed, unmuteConversation } from '#src/contract/reading.ts';
import type { Membership } from '#src/conversations/permits.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import { markReadUpTo as raising } from '#src/reading/mark-read-up-to.ts';
import { markUnread as marking } from '#src/reading/mark-unread.ts';
import { muteConversation as muting } from '#src/reading/mute-conversation.ts';
import { reportViewed as reporting } from '#src/reading/report-viewed.ts';
import { unmuteConversation as unmuting } from '#src/reading/unmute-conversation.ts';
import { recordedOf } from './recorded.ts';

type Signed = Call & { readonly caller: Caller };

/** What somebody has viewed, and up to where they have read. */
export const readingEndpoints = (house: House): readonly Served[] => {
  const membershipOf = async (call: Signed, conversationId: string): Promise<Membership | undefined> =>
    (await house.views.ask('desk.membership', { account: call.caller.account, conversationId }, house.hub.position)).value ?? undefined;
  /** Last counting line at or before a revision. */
  const ordinalAt = async (conversationId: string, revision: number): Promise<number> => (await house.views.ask('timeline.ordinalAt', { conversationId, revision }, house.hub.position)).value?.ordinal ?? 0;
  return [
    serve(reportViewed, async ({ ranges, rule }, call) => {
      const conversations = [...new Set(ranges.map(({ conversationId }) => conversationId))];
      const memberships = (await Promise.all(conversations.map((id) => membershipOf(call, id)))).filter((membership) => membership !== undefined);
      return recordedOf(await house.command(reporting, { rule, memberships, ranges: ranges.filter(({ from, to }) => from <= to).map((range) => ({ ...range, at: call.at })) }, call));
    }),
    serve(markReadUpTo, async (input, call) => {
      const [membership, ordinal] = await Promise.all([membershipOf(call, input.conversationId), ordinalAt(input.conversationId, input.revision)]);
      return recordedOf(await house.command(raising, { ...input, membership, ordinal }, call));
    }),
    serve(markUnread, async (input, call) => {
      const [membership, ordinal] = await Promise.all([membershipOf(call, input.conversationId), ordinalAt(input.conversationId, input.revision - 1)]);
      return recordedOf(await house.command(marking, { ...input, membership, ordinal }, call));
    }),
    serve(muteConversation, async (input, call) => recordedOf(await house.command(muting, { ...input, membership: await membershipOf(call, input.conversationId) }, call))),
    serve(unmuteConversation, async (input, call) => recordedOf(await house.command(unmuting, { ...input, membership: await membershipOf(call, input.conversationId) }, call))),
  ];
};

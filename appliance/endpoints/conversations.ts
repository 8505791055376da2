import type { House } from '#appliance/house/house.ts';
import { closeChannel, inviteToGroup, joinChannel, leaveConversation, listConversations, openChannel, openDirect, openGroup, readConversation, titleConversation } from '#src/contract/conversations.ts';
import { holdsStill } from '#src/conversations/permits.ts';
import { closeChannel as closing } from '#src/conversations/close-channel.ts';
import { inviteToGroup as inviting } from '#src/conversations/invite-to-group.ts';
import { joinChannel as joining } from '#src/conversations/join-channel.ts';
import { leaveConversation as leaving } from '#src/conversations/leave-conversation.ts';
import { openChannel as openingChannel } from '#src/conversations/open-channel.ts';
import { openDirect as openingDirect } from '#src/conversations/open-direct.ts';
import { openGroup as openingGroup } from '#src/conversations/open-group.ts';
import { notAMember } from '#src/conversations/refusals.ts';
import { titleConversation as titling } from '#src/conversations/title-conversation.ts';
import { serve, type Served } from '#src/doors/door.ts';
import { directConversationId } from '#src/kernel/ids.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { permitSpaceMember } from '#src/spaces/permits.ts';
import { permitToRead } from './membership.ts';
import { recordedOf } from './recorded.ts';

/** Life and membership of direct chats, groups and channels. */
export const conversationEndpoints = (house: House): readonly Served[] => [
  serve(listConversations, async (_input, { caller }) => {
    const { position, value } = await house.views.ask('conversations.mine', { account: caller.account }, house.hub.position);
    const { value: readable } = await house.views.ask('desk.readableBy', { account: caller.account }, position);
    // A channel under a join of the space that ended is no longer theirs, even while its own leaving is still to be recorded.
    const theirs = new Set(readable.filter((row) => holdsStill(house.world, caller.account, row)).map((row) => row.conversation));
    const conversations = value.conversations.filter(({ conversationId }) => theirs.has(conversationId));
    return { position, conversations: conversations.map((row) => ({ ...row, countedTo: position })), spaces: [...value.spaces] };
  }),
  serve(readConversation, async ({ conversationId }, call) => {
    const { position, value } = await house.views.ask('conversations.one', { conversationId, account: call.caller.account, receiptsMembersMax: house.standing.setting<number>('receiptsMembersMax') }, house.hub.position);
    if (!value) return notAMember;
    const { space, kind } = value.conversation;
    const permit = kind === 'channel' && space !== null ? permitSpaceMember(house.world, house.acting(call), house.standing.space(space)) : await permitToRead(house, call, conversationId);
    if (isRefusal(permit)) return notAMember;
    // Who has not joined a channel reads about it, not what is said in it.
    return { position, ...value, conversation: value.joined ? value.conversation : { ...value.conversation, last: null }, members: [...value.members] };
  }),
  serve(openDirect, async (input, call) => {
    const conversationId = directConversationId(house.keyring.logSecret, call.caller.account, input.with);
    const result = recordedOf(await house.command(openingDirect, { ...input, conversationId }, call));
    return isRefusal(result) ? result : { ...result, conversationId };
  }),
  serve(openGroup, async (input, call) => recordedOf(await house.command(openingGroup, input, call))),
  serve(inviteToGroup, async (input, call) => recordedOf(await house.command(inviting, input, call))),
  serve(titleConversation, async (input, call) => recordedOf(await house.command(titling, input, call))),
  serve(leaveConversation, async (input, call) => recordedOf(await house.command(leaving, input, call))),
  serve(openChannel, async (input, call) => recordedOf(await house.command(openingChannel, input, call))),
  serve(joinChannel, async (input, call) => recordedOf(await house.command(joining, input, call))),
  serve(closeChannel, async (input, call) => recordedOf(await house.command(closing, input, call))),
];

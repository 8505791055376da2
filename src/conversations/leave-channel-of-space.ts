import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { leavingWithConversation } from '../calls/facts.ts';
import type { Opened } from '../every-event.ts';
import { causedId } from '../kernel/ids.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, type ConversationState } from './conversation.ts';
import type { MemberLeft } from './events.ts';

/** `joined`: the revision of the join of the space that has ended. */
export type LeaveChannelOfSpace = { readonly conversationId: string; readonly account: string; readonly by: string; readonly cause: 'removed' | 'left-space'; readonly joined: number };

/** Ends a channel membership that stands under a join of the space that has ended. One under a later join stays. */
export const leaveChannelOfSpace: UseCase<LeaveChannelOfSpace, ConversationState, SystemPermit, World> = {
  name: 'leaveChannelOfSpace',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account, by, cause, joined }, state, { at }) => {
    const member = state.members.get(account);
    if (!member || state.kind !== 'channel' || (member.under ?? -1) > joined) return nothingToRecord;
    const left: MemberLeft = { type: 'MemberLeft', data: { account, at, by, cause } };
    return [...leavingWithConversation(state, account, at), left];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'MemberLeft', { account }),
};

/**
 * The reactions to leaving a space, one a channel. `channels`: every channel of that space with this member in it, at least;
 * any others decide nothing. One commandId serves all, because a command is known by its stream too: no runner's order of channels matters.
 */
export const afterSpaceLeft = ({ id, data }: Opened<'SpaceLeft'>, channels: readonly string[]): readonly { readonly commandId: string; readonly input: LeaveChannelOfSpace }[] =>
  channels.map((conversationId) => ({
    commandId: causedId(id, 0),
    input: { conversationId, account: data.account, by: data.by, cause: data.cause === 'removed' ? 'removed' : 'left-space', joined: data.joined },
  }));

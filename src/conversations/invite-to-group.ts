import type { World } from '../accounts/standing.ts';
import type { inviteToGroup as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, type ConversationState } from './conversation.ts';
import type { MemberJoined } from './events.ts';
import { permitToInvite, type InvitingPermit } from './permits.ts';
import { alreadyAMember, conversationClosed, groupFull } from './refusals.ts';

export type InviteToGroup = ParsedInputOf<typeof endpoint>;

const notAGroup = refuse('not-a-group', 'People are invited to groups. A direct chat stays between two; a channel is joined by its space\'s members themselves.');

/** Any member invites. */
export const inviteToGroup: UseCase<InviteToGroup, ConversationState, InvitingPermit, World> = {
  name: 'inviteToGroup',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, { account }, state) => permitToInvite(world, acting, state, account),
  decide: (permit, { account }, state, { at }) => {
    if (state.kind !== 'group') return notAGroup;
    if (state.closed) return conversationClosed;
    if (state.members.has(account)) return alreadyAMember;
    if (state.members.size >= permit.groupMembersMax) return groupFull(permit.groupMembersMax);
    const joined: MemberJoined = { type: 'MemberJoined', data: { account, at, by: permit.account } };
    return [joined];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'MemberJoined', { account }),
};

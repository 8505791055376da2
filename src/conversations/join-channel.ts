import type { World } from '../accounts/standing.ts';
import type { joinChannel as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitSpaceMember, type SpaceMemberPermit } from '../spaces/permits.ts';
import { conversationFold, type ConversationState } from './conversation.ts';
import type { MemberJoined } from './events.ts';
import { permitMember, type MemberPermit } from './permits.ts';
import { alreadyAMember, conversationClosed, notAChannel } from './refusals.ts';

export type JoinChannel = ParsedInputOf<typeof endpoint>;

/**
 * A member of the space joins. Who is in under an earlier join of the space, whose leaving is still to be recorded, joins
 * anew. In a group or direct chat only its members hear that it is no channel; to others it does not exist.
 */
export const joinChannel: UseCase<JoinChannel, ConversationState, SpaceMemberPermit | MemberPermit, World> = {
  name: 'joinChannel',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => {
    if (state.kind !== 'channel' || state.space === null) return permitMember(world, acting, state);
    return permitSpaceMember(world, acting, world.standing.space(state.space));
  },
  decide: (permit, _input, state, { at }) => {
    if (state.kind !== 'channel') return notAChannel;
    if (state.closed) return conversationClosed;
    const { account, joined: under } = permit;
    if (state.members.get(account)?.under === under) return alreadyAMember;
    const joined: MemberJoined = { type: 'MemberJoined', data: { account, at, by: account, under } };
    return [joined];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'MemberJoined', {}),
};

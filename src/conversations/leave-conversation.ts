import type { World } from '../accounts/standing.ts';
import { leavingWithConversation } from '../calls/facts.ts';
import type { leaveConversation as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, type ConversationState } from './conversation.ts';
import type { ConversationClosed, MemberLeft } from './events.ts';
import { permitMember, type MemberPermit } from './permits.ts';
import { conversationClosed } from './refusals.ts';

export type LeaveConversation = ParsedInputOf<typeof endpoint>;

const directCannotBeLeft = refuse('direct-cannot-be-left', 'A direct chat stays with both of you. It can be muted.');

/** The last member who leaves a group closes it, in the same breath. A channel stays open without members. */
export const leaveConversation: UseCase<LeaveConversation, ConversationState, MemberPermit, World> = {
  name: 'leaveConversation',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: ({ account }, _input, state, { at }) => {
    if (state.kind === 'direct') return directCannotBeLeft;
    if (state.closed) return conversationClosed;
    const left: MemberLeft = { type: 'MemberLeft', data: { account, at, by: account, cause: 'self' } };
    const hungUp = leavingWithConversation(state, account, at);
    if (state.kind !== 'group' || state.members.size > 1) return [...hungUp, left];
    const closed: ConversationClosed = { type: 'ConversationClosed', data: { at, by: account, cause: 'last-member-left' } };
    return [...hungUp, left, closed];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'MemberLeft', { cause: 'self' }),
};

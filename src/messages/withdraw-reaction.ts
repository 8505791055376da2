import type { withdrawReaction as endpoint } from '../contract/timeline.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { ReactionWithdrawn } from './events.ts';
import { reactionNotFound } from './refusals.ts';

export type WithdrawReaction = ParsedInputOf<typeof endpoint>;

export const withdrawReaction: UseCase<WithdrawReaction, ConversationState, MemberPermit, World> = {
  name: 'withdrawReaction',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ reactionId }) => ({ reactions: [reactionId] }),
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { messageId, reactionId }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    const reaction = known.reaction(reactionId);
    if (!reaction || reaction.withdrawn || reaction.messageId !== messageId || reaction.author !== permit.account) return reactionNotFound;
    const withdrawn: ReactionWithdrawn = { type: 'ReactionWithdrawn', data: { at, author: permit.account, messageId, reactionId } };
    return [withdrawn];
  },
  isSameIntent: ({ messageId, reactionId }, recorded) => recordsIntent(recorded, 'ReactionWithdrawn', { messageId, reactionId }),
};

import type { addReaction as endpoint } from '../contract/timeline.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { ReactionAdded } from './events.ts';
import { messageNotFound, messageRetracted } from './refusals.ts';

export type AddReaction = ParsedInputOf<typeof endpoint>;

/** So that the row under a message stays a row. Withdrawn ones make room again. */
export const distinctEmojisMax = 50;

const reactionIdTaken = refuse('reaction-id-taken', 'There is a reaction under this id already. Nothing was recorded.');
const alreadyThere = refuse('reaction-already-there', 'You have reacted to this message with this emoji already. Nothing was recorded.');
const tooMany = refuse('too-many-reactions', `A message carries at most ${distinctEmojisMax} different emoji. One that is there already can still be joined.`, distinctEmojisMax);

export const addReaction: UseCase<AddReaction, ConversationState, MemberPermit, World> = {
  name: 'addReaction',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ messageId, reactionId }) => ({ messages: [messageId], reactions: [reactionId], reactionsOf: [messageId] }),
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { messageId, reactionId, emoji }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    const message = known.message(messageId);
    if (!message) return messageNotFound;
    if (message.retracted) return messageRetracted;
    if (known.reaction(reactionId)) return reactionIdTaken;
    const there = known.reactionsOf(messageId).filter((reaction) => !reaction.withdrawn);
    if (there.some((reaction) => reaction.author === permit.account && reaction.emoji === emoji)) return alreadyThere;
    const emojis = new Set(there.map((reaction) => reaction.emoji));
    if (!emojis.has(emoji) && emojis.size >= distinctEmojisMax) return tooMany;
    const added: ReactionAdded = { type: 'ReactionAdded', data: { at, author: permit.account, messageId, reactionId }, content: { reaction: { emoji } } };
    return [added];
  },
  isSameIntent: ({ messageId, reactionId, emoji }, recorded) => recordsIntent(recorded, 'ReactionAdded', { messageId, reactionId }, { reaction: { emoji } }),
};

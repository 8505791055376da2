import type { retractMessage as endpoint } from '../contract/timeline.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MessageRetracted } from './events.ts';
import { messageNotFound, messageRetracted, notTheAuthor } from './refusals.ts';

export type RetractMessage = ParsedInputOf<typeof endpoint>;

export const retractMessage: UseCase<RetractMessage, ConversationState, MemberPermit, World> = {
  name: 'retractMessage',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ messageId }) => ({ messages: [messageId] }),
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { messageId }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    const message = known.message(messageId);
    if (!message) return messageNotFound;
    if (message.author !== permit.account) return notTheAuthor;
    if (message.retracted) return messageRetracted;
    const retracted: MessageRetracted = { type: 'MessageRetracted', data: { at, author: message.author, by: permit.account, messageId, ordinal: message.ordinal } };
    return [retracted];
  },
  isSameIntent: ({ messageId }, recorded) => recordsIntent(recorded, 'MessageRetracted', { messageId }),
};

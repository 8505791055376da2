import type { editMessage as endpoint } from '../contract/timeline.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { isRefusal } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MessageEdited } from './events.ts';
import { mentioned, placesOf } from './mentions.ts';
import { messageNotFound, messageRetracted, notTheAuthor } from './refusals.ts';

export type EditMessage = ParsedInputOf<typeof endpoint>;

export const editMessage: UseCase<EditMessage, ConversationState, MemberPermit, World> = {
  name: 'editMessage',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ messageId }) => ({ messages: [messageId] }),
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { messageId, text, mentions }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    const message = known.message(messageId);
    if (!message) return messageNotFound;
    if (message.author !== permit.account) return notTheAuthor;
    if (message.retracted) return messageRetracted;
    const accounts = mentioned(text, mentions, (account) => state.members.has(account));
    if (isRefusal(accounts)) return accounts;
    const edited: MessageEdited = {
      type: 'MessageEdited',
      data: { at, author: permit.account, mentions: accounts, messageId },
      content: { text: { mentions: placesOf(mentions), text } },
    };
    return [edited];
  },
  isSameIntent: ({ messageId, text, mentions }, recorded) => recordsIntent(recorded, 'MessageEdited', { messageId }, { text: { mentions: placesOf(mentions), text } }),
};

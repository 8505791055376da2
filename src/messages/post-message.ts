import type { postMessage as endpoint } from '../contract/timeline.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { isRefusal, refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { MessagePosted } from './events.ts';
import { mentioned, placesOf } from './mentions.ts';

export type PostMessage = ParsedInputOf<typeof endpoint>;

const messageIdTaken = refuse('message-id-taken', 'There is a message under this id already. Nothing was recorded.');
const replyNotFound = refuse('reply-not-found', 'The message that this replies to is not in this conversation. Nothing was recorded.');

export const postMessage: UseCase<PostMessage, ConversationState, MemberPermit, World> = {
  name: 'postMessage',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ messageId, replyTo }) => ({ messages: replyTo === undefined ? [messageId] : [messageId, replyTo] }),
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { messageId, text, mentions, form, replyTo }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    if (known.message(messageId)) return messageIdTaken;
    if (replyTo !== undefined && !known.message(replyTo)) return replyNotFound;
    const accounts = mentioned(text, mentions, (account) => state.members.has(account));
    if (isRefusal(accounts)) return accounts;
    const ordinal = state.lastOrdinal + 1;
    const posted: MessagePosted = {
      type: 'MessagePosted',
      data: { at, author: permit.account, form, mentions: accounts, messageId, ordinal, ...(replyTo === undefined ? {} : { replyTo }) },
      content: { text: { mentions: placesOf(mentions), text } },
    };
    return [posted];
  },
  isSameIntent: ({ messageId, text, mentions, form, replyTo }, recorded) =>
    recordsIntent(recorded, 'MessagePosted', { form, messageId, replyTo }, { text: { mentions: placesOf(mentions), text } }),
};

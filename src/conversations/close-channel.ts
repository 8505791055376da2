import type { World } from '../accounts/standing.ts';
import { endingWithConversation } from '../calls/facts.ts';
import type { closeChannel as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, type ConversationState } from './conversation.ts';
import type { ConversationClosed } from './events.ts';
import { permitToKeep, type KeepingPermit } from './permits.ts';
import { conversationClosed, notAChannel } from './refusals.ts';

export type CloseChannel = ParsedInputOf<typeof endpoint>;

const generalStays = refuse('general-stays', 'General comes with the space and stays as long as it does. Nothing was closed.');

/** An administrator of the space closes a channel, member of it or not. The record keeps it. */
export const closeChannel: UseCase<CloseChannel, ConversationState, KeepingPermit, World> = {
  name: 'closeChannel',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitToKeep(world, acting, state),
  decide: (permit, _input, state, { at }) => {
    if (state.kind !== 'channel') return notAChannel;
    if (state.general) return generalStays;
    if (state.closed) return conversationClosed;
    const closed: ConversationClosed = { type: 'ConversationClosed', data: { at, by: permit.account, cause: 'deleted' } };
    return [...endingWithConversation(state, at, permit.account), closed];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'ConversationClosed', { cause: 'deleted' }),
};

import { personNotFound } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { openDirect as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, isOpened, type ConversationState } from './conversation.ts';
import type { ConversationOpened } from './events.ts';
import { permitToGather, type GatheringPermit } from './permits.ts';

/** `conversationId` comes from `directConversationId`: two people who open their chat at once meet at one desk. */
export type OpenDirect = ParsedInputOf<typeof endpoint> & { readonly conversationId: string };

/** Refuses with `nothing-to-record` where the chat exists: it is found, not opened, even when the other person is suspended by now. */
export const openDirect: UseCase<OpenDirect, ConversationState, GatheringPermit, World> = {
  name: 'openDirect',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, input, state) => {
    if (state.members.has(acting.actor.id)) return permitToGather(world, acting, []);
    return input.with === acting.actor.id ? personNotFound : permitToGather(world, acting, [input.with]);
  },
  decide: (permit, { with: other, conversationId }, state, { at }) => {
    if (isOpened(state)) return nothingToRecord;
    const opened: ConversationOpened = {
      type: 'ConversationOpened',
      data: { at, by: permit.account, conversation: conversationId, founders: [permit.account, other], historyVisibility: 'all', kind: 'direct', space: null },
      content: { title: { title: '', topic: '' } },
    };
    return [opened];
  },
  isSameIntent: ({ conversationId }, recorded) => recordsIntent(recorded, 'ConversationOpened', { conversation: conversationId, kind: 'direct' }),
};

import type { World } from '../accounts/standing.ts';
import type { openGroup as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { canonical } from '../kernel/canonical.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, isOpened, type ConversationState } from './conversation.ts';
import type { ConversationOpened } from './events.ts';
import { permitToGather, type GatheringPermit } from './permits.ts';
import { conversationIdTaken, groupFull } from './refusals.ts';

export type OpenGroup = ParsedInputOf<typeof endpoint>;

export const openGroup: UseCase<OpenGroup, ConversationState, GatheringPermit, World> = {
  name: 'openGroup',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, { members }) => permitToGather(world, acting, members),
  decide: (permit, { conversationId, title, members }, state, { at }) => {
    if (isOpened(state)) return conversationIdTaken;
    const founders = foundersOf(permit.account, members);
    if (founders.length > permit.groupMembersMax) return groupFull(permit.groupMembersMax);
    const opened: ConversationOpened = {
      type: 'ConversationOpened',
      data: { at, by: permit.account, conversation: conversationId, founders, historyVisibility: 'all', kind: 'group', space: null },
      content: { title: { title, topic: '' } },
    };
    return [opened];
  },
  isSameIntent: ({ conversationId, title, members }, recorded) =>
    recordsIntent(recorded, 'ConversationOpened', { conversation: conversationId, kind: 'group' }, { title: { title, topic: '' } }) &&
    recorded.some(({ data }) => canonical(data['founders'] ?? null) === canonical(foundersOf(data['by'] as string, members))),
};

/** The opener first, everybody once. */
const foundersOf = (opener: string, members: readonly string[]): readonly string[] => [...new Set([opener, ...members])];

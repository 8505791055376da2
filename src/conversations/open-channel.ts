import type { World } from '../accounts/standing.ts';
import type { openChannel as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitSpaceAdministrator, type SpaceAdministratorPermit } from '../spaces/permits.ts';
import { conversationFold, isOpened, type ConversationState } from './conversation.ts';
import type { ConversationOpened } from './events.ts';
import { conversationIdTaken } from './refusals.ts';

export type OpenChannel = ParsedInputOf<typeof endpoint>;

export const openChannel: UseCase<OpenChannel, ConversationState, SpaceAdministratorPermit, World> = {
  name: 'openChannel',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, { spaceId }) => permitSpaceAdministrator(world, acting, world.standing.space(spaceId)),
  decide: (permit, { spaceId, conversationId, name, topic }, state, { at }) => {
    if (isOpened(state)) return conversationIdTaken;
    const opened: ConversationOpened = {
      type: 'ConversationOpened',
      data: { at, by: permit.account, conversation: conversationId, founders: [permit.account], historyVisibility: 'all', kind: 'channel', space: spaceId, under: permit.joined },
      content: { title: { title: name, topic } },
    };
    return [opened];
  },
  isSameIntent: ({ spaceId, conversationId, name, topic }, recorded) =>
    recordsIntent(recorded, 'ConversationOpened', { conversation: conversationId, kind: 'channel', space: spaceId }, { title: { title: name, topic } }),
};

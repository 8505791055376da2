import type { World } from '../accounts/standing.ts';
import type { titleConversation as endpoint } from '../contract/conversations.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { conversationFold, type ConversationState } from './conversation.ts';
import type { ConversationTitled } from './events.ts';
import { permitToKeep, type KeepingPermit } from './permits.ts';
import { conversationClosed } from './refusals.ts';

export type TitleConversation = ParsedInputOf<typeof endpoint>;

const titleIsTheSpaces = refuse('title-is-the-spaces', 'General carries the name and topic of its space. Give the space another name instead.');
const directHasNoTitle = refuse('direct-has-no-title', 'A direct chat has no title: it is called by the other person\'s name.');

/** Any member titles a group; an administrator of the space titles a channel. */
export const titleConversation: UseCase<TitleConversation, ConversationState, KeepingPermit, World> = {
  name: 'titleConversation',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitToKeep(world, acting, state),
  decide: (permit, { title, topic }, state, { at }) => {
    if (state.kind === 'direct') return directHasNoTitle;
    if (state.general) return titleIsTheSpaces;
    if (state.closed) return conversationClosed;
    const titled: ConversationTitled = { type: 'ConversationTitled', data: { at, by: permit.account }, content: { title: { title, topic } } };
    return [titled];
  },
  isSameIntent: ({ title, topic }, recorded) => recordsIntent(recorded, 'ConversationTitled', {}, { title: { title, topic } }),
};

import type { World } from '../accounts/standing.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { unmuteConversation as endpoint } from '../contract/reading.ts';
import { permitMembership, type MemberPermit, type Membership } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { ConversationUnmuted } from './events.ts';
import { readingFold, type ReadingState } from './reading.ts';

/** `membership`: the reader's own, undefined for none. */
export type UnmuteConversation = ParsedInputOf<typeof endpoint> & { readonly membership: Membership | undefined };

/** The badge is back. */
export const unmuteConversation: UseCase<UnmuteConversation, ReadingState, MemberPermit, World> = {
  name: 'unmuteConversation',
  stream: (_input, { actor }) => streams.reading(actor.id),
  fold: readingFold,
  permit: (world, acting, { membership }) => permitMembership(world, acting, membership),
  decide: ({ account, conversation }, _input, state, { at }) => {
    if (!state.muted.has(conversation)) return nothingToRecord;
    const unmuted: ConversationUnmuted = { type: 'ConversationUnmuted', data: { account, at, conversation } };
    return [unmuted];
  },
  isSameIntent: ({ conversationId }, recorded) => recordsIntent(recorded, 'ConversationUnmuted', { conversation: conversationId }),
};

import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { withdrawLinkPreview as endpoint } from '../contract/links.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { LinkPreviewWithdrawn } from './events.ts';
import { linkPreviewNotFound } from './refusals.ts';

export type WithdrawLinkPreview = ParsedInputOf<typeof endpoint>;

export const withdrawLinkPreview: UseCase<WithdrawLinkPreview, ConversationState, MemberPermit, World> = {
  name: 'withdrawLinkPreview',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  wanted: ({ messageId }) => ({ previewsOf: [messageId] }),
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { messageId, link }, state, { at }, known) => {
    if (state.closed) return conversationClosed;
    const preview = known.previewsOf(messageId).find((one) => one.link === link);
    if (!preview || preview.withdrawn || preview.author !== permit.account) return linkPreviewNotFound;
    const withdrawn: LinkPreviewWithdrawn = { type: 'LinkPreviewWithdrawn', data: { at, author: preview.author, by: permit.account, link, messageId } };
    return [withdrawn];
  },
  isSameIntent: ({ messageId, link }, recorded) => recordsIntent(recorded, 'LinkPreviewWithdrawn', { link, messageId }),
};

import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { InvitationFailed, InvitationFailure, InvitationSent } from './events.ts';

/** `failure` is null where the mail server took it. */
export type SettleInvitation = { readonly conversationId: string; readonly invitation: string; readonly failure: InvitationFailure | null };

/** What became of an invitation, recorded once. */
export const settleInvitation: UseCase<SettleInvitation, ConversationState, SystemPermit, World> = {
  name: 'settleInvitation',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { invitation, failure }, { meeting }, { at }) => {
    if (!meeting?.unsent.includes(invitation)) return nothingToRecord;
    const outcome: InvitationSent | InvitationFailed = failure === null ? { type: 'InvitationSent', data: { at, invitation } } : { type: 'InvitationFailed', data: { at, invitation, reason: failure } };
    return [outcome];
  },
  isSameIntent: ({ invitation }, recorded) => recorded.some(({ data }) => data['invitation'] === invitation),
};

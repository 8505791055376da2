import type { World } from '../accounts/standing.ts';
import { leavingWithConversation } from '../calls/facts.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { MemberLeft } from '../conversations/events.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { guestOf, isHere } from './meeting.ts';
import { permitToKnock, type VisitingPermit } from './permits.ts';

export type LeaveMeeting = { readonly conversationId: string };

/** A guest goes for good, from the door too. */
export const leaveMeeting: UseCase<LeaveMeeting, ConversationState, VisitingPermit, World> = {
  name: 'leaveMeeting',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitToKnock(world, acting, state),
  decide: ({ account }, _input, state, { at }) => {
    const guest = state.meeting && guestOf(state.meeting, account);
    if (!guest || !isHere(guest)) return nothingToRecord;
    const left: MemberLeft = { type: 'MemberLeft', data: { account, at, by: account, cause: 'self' } };
    return [...leavingWithConversation(state, account, at), left];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'MemberLeft', { cause: 'self' }),
};

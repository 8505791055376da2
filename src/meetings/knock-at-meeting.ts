import type { World } from '../accounts/standing.ts';
import type { GuestKnocked } from '../calls/events.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { MemberJoined } from '../conversations/events.ts';
import { isRefusal, nothingToRecord } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { guestOf, isSomebodySignedInThere } from './meeting.ts';
import { permitToKnock, type VisitingPermit } from './permits.ts';
import { meetingNotFound, meetingOver, notBegun } from './refusals.ts';

export type KnockAtMeeting = { readonly conversationId: string };
type KnockingPermit = VisitingPermit & { readonly onlyAfterMember: boolean };

/** A guest at the door goes in, or asks to be let in where that is how it is arranged. */
export const knockAtMeeting: UseCase<KnockAtMeeting, ConversationState, KnockingPermit, World> = {
  name: 'knockAtMeeting',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => {
    const permit = permitToKnock(world, acting, state);
    return isRefusal(permit) ? permit : ({ ...permit, onlyAfterMember: world.standing.setting<boolean>('guestsOnlyAfterMember') } as KnockingPermit);
  },
  decide: ({ account, onlyAfterMember }, _input, { meeting, call }, { at }) => {
    const place = meeting && guestOf(meeting, account)?.place;
    if (place === 'in') return nothingToRecord;
    if (!meeting || place !== 'waiting') return meetingNotFound;
    if (meeting.over || meeting.expired) return meetingOver;
    if (!meeting.admit) {
      if (meeting.room !== null && onlyAfterMember && !isSomebodySignedInThere(meeting, call)) return notBegun;
      const joined: MemberJoined = { type: 'MemberJoined', data: { account, at, by: account } };
      return [joined];
    }
    if (!isSomebodySignedInThere(meeting, call)) return notBegun;
    if (call!.knocking.includes(account)) return nothingToRecord;
    const knocked: GuestKnocked = { type: 'GuestKnocked', data: { account, at, callId: call!.callId } };
    return [knocked];
  },
  isSameIntent: (_input, recorded) => recorded.some(({ type }) => type === 'MemberJoined' || type === 'GuestKnocked'),
};

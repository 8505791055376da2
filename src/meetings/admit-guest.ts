import type { World } from '../accounts/standing.ts';
import { partyOf } from '../calls/call.ts';
import type { GuestAdmitted } from '../calls/events.ts';
import { notInCall } from '../calls/refusals.ts';
import type { admitGuest as endpoint } from '../contract/meetings.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { MemberJoined } from '../conversations/events.ts';
import type { MemberPermit } from '../conversations/permits.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { guestOf } from './meeting.ts';
import { permitSignedInMember } from './permits.ts';
import { notKnocking } from './refusals.ts';

export type AdmitGuest = ParsedInputOf<typeof endpoint>;

/** Whoever is signed in and takes part lets a guest in who knocked. */
export const admitGuest: UseCase<AdmitGuest, ConversationState, MemberPermit, World> = {
  name: 'admitGuest',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitSignedInMember(world, acting, state),
  decide: ({ account: by }, { account: guest }, { call, meeting }, { at }) => {
    if (call === null || call.over || !call.knocking.includes(guest) || !meeting || guestOf(meeting, guest)?.place !== 'waiting') return notKnocking;
    if (!partyOf(call, by)) return notInCall;
    const admitted: GuestAdmitted = { type: 'GuestAdmitted', data: { account: guest, at, by, callId: call.callId } };
    const joined: MemberJoined = { type: 'MemberJoined', data: { account: guest, at, by } };
    // Whoever was let in is told of it: they have joined by then.
    return [joined, admitted];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'GuestAdmitted', { account }),
};

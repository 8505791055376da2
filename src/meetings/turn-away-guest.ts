import type { World } from '../accounts/standing.ts';
import { partyOf } from '../calls/call.ts';
import type { GuestTurnedAway } from '../calls/events.ts';
import { notInCall } from '../calls/refusals.ts';
import type { turnAwayGuest as endpoint } from '../contract/meetings.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { MemberPermit } from '../conversations/permits.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitSignedInMember } from './permits.ts';
import { notKnocking } from './refusals.ts';

export type TurnAwayGuest = ParsedInputOf<typeof endpoint>;

/** The guest is told, and their session ends. */
export const turnAwayGuest: UseCase<TurnAwayGuest, ConversationState, MemberPermit, World> = {
  name: 'turnAwayGuest',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitSignedInMember(world, acting, state),
  decide: ({ account: by }, { account: guest }, { call }, { at }) => {
    if (call === null || call.over || !call.knocking.includes(guest)) return notKnocking;
    if (!partyOf(call, by)) return notInCall;
    const turnedAway: GuestTurnedAway = { type: 'GuestTurnedAway', data: { account: guest, at, by, callId: call.callId } };
    return [turnedAway];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'GuestTurnedAway', { account }),
};

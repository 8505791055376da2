import type { World } from '../accounts/standing.ts';
import type { leaveCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { partyOf } from './call.ts';
import { leaving, standingCall } from './facts.ts';

export type LeaveCall = ParsedInputOf<typeof endpoint>;

/** A device that is not in the call (any more) has nothing to leave: the one it moved to stays. */
export const leaveCall: UseCase<LeaveCall, ConversationState, MemberPermit, World> = {
  name: 'leaveCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: ({ account }, { callId, device }, state, { at }) => {
    const call = standingCall(state, callId);
    const party = call && partyOf(call, account);
    return call && party?.device === device ? leaving(call, party, { at, cause: 'self' }) : nothingToRecord;
  },
  isSameIntent: ({ callId, device }, recorded) => recordsIntent(recorded, 'CallLeft', { callId, cause: 'self', device }),
};

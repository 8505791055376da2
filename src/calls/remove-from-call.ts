import type { World } from '../accounts/standing.ts';
import type { removeFromCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import type { MemberLeft } from '../conversations/events.ts';
import { guestOf } from '../meetings/meeting.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { hostOf, partyOf } from './call.ts';
import { leaving, standingCall } from './facts.ts';
import { callOver, notInCall, notTheHost } from './refusals.ts';

export type RemoveFromCall = ParsedInputOf<typeof endpoint>;

export const removeFromCall: UseCase<RemoveFromCall, ConversationState, MemberPermit, World> = {
  name: 'removeFromCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { callId, account }, state, { at }) => {
    const call = standingCall(state, callId);
    if (!call) return callOver;
    if (!partyOf(call, permit.account)) return notInCall;
    if (hostOf(call) !== permit.account) return notTheHost;
    const party = partyOf(call, account);
    if (!party) return notInCall;
    const removed = leaving(call, party, { at, by: permit.account, cause: 'removed' });
    // A guest is there for the call alone.
    const left: MemberLeft = { type: 'MemberLeft', data: { account, at, by: permit.account, cause: 'removed' } };
    return state.meeting && guestOf(state.meeting, account) ? [...removed, left] : removed;
  },
  isSameIntent: ({ callId, account }, recorded) => recordsIntent(recorded, 'CallLeft', { account, callId, cause: 'removed' }),
};

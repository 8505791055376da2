import type { World } from '../accounts/standing.ts';
import { personNotFound } from '../accounts/permits.ts';
import type { ringInCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { limits } from '../contract/limits.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { partyOf } from './call.ts';
import type { CallRang } from './events.ts';
import { rangThose, standingCall } from './facts.ts';
import { permitToRing, type CallingPermit } from './permits.ts';
import { callFullToRing, callOver, notInCall } from './refusals.ts';

export type RingInCall = ParsedInputOf<typeof endpoint>;

/** Whoever is in it already, or rings already, is passed by. */
export const ringInCall: UseCase<RingInCall, ConversationState, CallingPermit, World> = {
  name: 'ringInCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, { accounts }, state) => permitToRing(world, acting, state, accounts),
  decide: ({ account, reachable }, { callId }, state, { at }) => {
    const call = standingCall(state, callId);
    if (!call) return callOver;
    if (!partyOf(call, account)) return notInCall;
    if (reachable.length === 0) return personNotFound;
    const accounts = reachable.filter((other) => !partyOf(call, other) && !call.ringing.some((ring) => ring.account === other));
    if (accounts.length === 0) return nothingToRecord;
    if (call.parties.length + call.ringing.length + accounts.length > limits.callPeopleMax) return callFullToRing;
    const rang: CallRang = { type: 'CallRang', data: { accounts, at, by: account, callId } };
    return [rang];
  },
  isSameIntent: ({ callId, accounts }, recorded) => recordsIntent(recorded, 'CallRang', { callId }) && rangThose(recorded, accounts),
};

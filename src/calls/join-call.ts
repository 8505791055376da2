import type { World } from '../accounts/standing.ts';
import type { joinCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { limits } from '../contract/limits.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { partyOf } from './call.ts';
import type { CallJoined } from './events.ts';
import { standingCall } from './facts.ts';
import { callFull, callOver, deviceTaken, notAdmitted } from './refusals.ts';

export type JoinCall = ParsedInputOf<typeof endpoint>;

/** Joins, or accepts a ring. An account takes part once: from another device of theirs the call moves here. A device is one account's alone: signals come from it. */
export const joinCall: UseCase<JoinCall, ConversationState, MemberPermit, World> = {
  name: 'joinCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: ({ account }, { callId, device }, state, { at }) => {
    const call = standingCall(state, callId);
    if (!call) return callOver;
    if (call.removed.includes(account)) return notAdmitted;
    const party = partyOf(call, account);
    if (party?.device === device) return nothingToRecord;
    if (!party && call.parties.length >= limits.callPeopleMax) return callFull;
    if (call.parties.some((one) => one.device === device && one.account !== account)) return deviceTaken;
    const joined: CallJoined = { type: 'CallJoined', data: { account, at, callId, device } };
    return [joined];
  },
  isSameIntent: ({ callId, device }, recorded) => recordsIntent(recorded, 'CallJoined', { callId, device }),
};

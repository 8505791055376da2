import type { World } from '../accounts/standing.ts';
import type { endCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { hostOf, partyOf } from './call.ts';
import { ending, standingCall } from './facts.ts';
import { notTheHost } from './refusals.ts';

export type EndCall = ParsedInputOf<typeof endpoint>;

/** For everybody. Nobody leaves one by one: the end says who took part. */
export const endCall: UseCase<EndCall, ConversationState, MemberPermit, World> = {
  name: 'endCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: ({ account }, { callId }, state, { at }) => {
    const call = standingCall(state, callId);
    if (!call) return nothingToRecord;
    return partyOf(call, account) && hostOf(call) === account ? ending(call, at, 'host-ended', account) : notTheHost;
  },
  isSameIntent: ({ callId }, recorded) => recordsIntent(recorded, 'CallEnded', { callId, cause: 'host-ended' }),
};

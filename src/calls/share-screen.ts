import type { World } from '../accounts/standing.ts';
import type { shareScreen as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { partyOf } from './call.ts';
import type { ScreenShared, ScreenShareEnded } from './events.ts';
import { standingCall } from './facts.ts';
import { callOver, notInCall } from './refusals.ts';

export type ShareScreen = ParsedInputOf<typeof endpoint>;

export const shareScreen: UseCase<ShareScreen, ConversationState, MemberPermit, World> = {
  name: 'shareScreen',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: ({ account }, { callId, sharing }, state, { at }) => {
    const call = standingCall(state, callId);
    if (!call) return callOver;
    const party = partyOf(call, account);
    if (!party) return notInCall;
    if (party.sharing === sharing) return nothingToRecord;
    const fact: ScreenShared | ScreenShareEnded = { type: sharing ? 'ScreenShared' : 'ScreenShareEnded', data: { account, at, callId } };
    return [fact];
  },
  isSameIntent: ({ callId, sharing }, recorded) => recordsIntent(recorded, sharing ? 'ScreenShared' : 'ScreenShareEnded', { callId }),
};

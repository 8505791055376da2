import type { World } from '../accounts/standing.ts';
import type { muteInCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { hostOf, partyOf } from './call.ts';
import type { CallMuted, ScreenShareEnded } from './events.ts';
import { standingCall } from './facts.ts';
import { callOver, notInCall, notTheHost } from './refusals.ts';

export type MuteInCall = ParsedInputOf<typeof endpoint>;

/** Their own browser does it: at once, or when it reaches the appliance again. They can switch sound and picture on again themselves. */
export const muteInCall: UseCase<MuteInCall, ConversationState, MemberPermit, World> = {
  name: 'muteInCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: (permit, { callId, account, what }, state, { at }) => {
    const call = standingCall(state, callId);
    if (!call) return callOver;
    if (!partyOf(call, permit.account)) return notInCall;
    if (hostOf(call) !== permit.account) return notTheHost;
    const party = partyOf(call, account);
    if (!party) return notInCall;
    const muted: CallMuted = { type: 'CallMuted', data: { account, at, by: permit.account, callId, what } };
    const ended: ScreenShareEnded = { type: 'ScreenShareEnded', data: { account, at, callId } };
    return what === 'screen' && party.sharing ? [muted, ended] : [muted];
  },
  isSameIntent: ({ callId, account, what }, recorded) => recordsIntent(recorded, 'CallMuted', { account, callId, what }),
};

import type { World } from '../accounts/standing.ts';
import type { declineCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { permitMember, type MemberPermit } from '../conversations/permits.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { CallDeclined } from './events.ts';
import { ending, standingCall } from './facts.ts';
import { callOver, notRung } from './refusals.ts';

export type DeclineCall = ParsedInputOf<typeof endpoint>;

/** The last ring to be declined ends a call that nobody has answered. */
export const declineCall: UseCase<DeclineCall, ConversationState, MemberPermit, World> = {
  name: 'declineCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, _input, state) => permitMember(world, acting, state),
  decide: ({ account }, { callId }, state, { at }) => {
    const call = standingCall(state, callId);
    if (!call) return callOver;
    const others = call.ringing.filter((ring) => ring.account !== account);
    if (others.length === call.ringing.length) return notRung;
    const { audioOnly, startedBy } = call;
    const declined: CallDeclined = { type: 'CallDeclined', data: { account, at, audioOnly, callId, startedBy } };
    return others.length > 0 || call.answered ? [declined] : [declined, ...ending({ ...call, ringing: [] }, at, 'declined')];
  },
  isSameIntent: ({ callId }, recorded) => recordsIntent(recorded, 'CallDeclined', { callId }),
};

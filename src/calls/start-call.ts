import type { World } from '../accounts/standing.ts';
import type { startCall as endpoint } from '../contract/calls.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { conversationClosed } from '../conversations/refusals.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { CallRang, CallStarted } from './events.ts';
import { rangThose } from './facts.ts';
import { permitToRing, type CallingPermit } from './permits.ts';
import { callIdTaken, callInProgress, callsOff } from './refusals.ts';

export type StartCall = ParsedInputOf<typeof endpoint>;

/** One call at a time in a conversation: of two who start at once, the second is told and joins. */
export const startCall: UseCase<StartCall, ConversationState, CallingPermit, World> = {
  name: 'startCall',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting, { ring }, state) => permitToRing(world, acting, state, ring),
  decide: ({ account, callsOn, reachable }, { callId, device, audioOnly }, { call, closed }, { at }) => {
    if (!callsOn) return callsOff;
    if (closed) return conversationClosed;
    if (call?.callId === callId) return callIdTaken;
    if (call !== null && !call.over) return callInProgress;
    const started: CallStarted = { type: 'CallStarted', data: { account, at, audioOnly, callId, device } };
    const rang: CallRang = { type: 'CallRang', data: { accounts: reachable, at, by: account, callId } };
    return reachable.length === 0 ? [started] : [started, rang];
  },
  isSameIntent: ({ callId, device, audioOnly, ring }, recorded) => recordsIntent(recorded, 'CallStarted', { audioOnly, callId, device }) && rangThose(recorded, ring),
};

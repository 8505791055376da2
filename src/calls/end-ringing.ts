import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { causedId } from '../kernel/ids.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { ending, standingCall, unanswered } from './facts.ts';

/** `since`: revision of the event that rang. */
export type EndRinging = { readonly conversationId: string; readonly callId: string; readonly since: number };

/** The time to answer is over. Where nobody is left who could, and nobody ever did, the call ends. */
export const endRinging: UseCase<EndRinging, ConversationState, SystemPermit, World> = {
  name: 'endRinging',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { callId, since }, state, { at }) => {
    const call = standingCall(state, callId);
    const missed = call?.ringing.filter((ring) => ring.since === since) ?? [];
    if (!call || missed.length === 0) return nothingToRecord;
    if (missed.length === call.ringing.length && !call.answered) return ending(call, at, 'no-answer');
    return missed.map(({ account }) => unanswered(call, account, at));
  },
  isSameIntent: ({ callId }, recorded) => recordsIntent(recorded, 'CallUnanswered', { callId }),
};

/** The same from every node that finds a ring too old. */
export const endRingingId = ({ conversationId, since }: EndRinging): string => causedId(`${streams.conversation(conversationId)}/${since}/ring`, 0);

import type { CallEndCause, CallLeaveCause } from '../contract/calls.ts';
import type { ConversationState } from '../conversations/conversation.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Opened } from '../every-event.ts';
import { partyOf, type Call, type CallParty } from './call.ts';
import type { CallEnded, CallLeft, CallUnanswered } from './events.ts';

type Parting = { readonly at: number; readonly cause: CallLeaveCause; readonly by?: string };

/** The call of this id, while it is in progress. */
export const standingCall = ({ call }: ConversationState, callId: string): Call | undefined => (call !== null && !call.over && call.callId === callId ? call : undefined);

/** One leaves; with the last one the call ends in the same breath, so that none stays in progress without anybody. */
export const leaving = (call: Call, { account, device }: CallParty, { at, cause, by }: Parting): (CallLeft | CallUnanswered | CallEnded)[] => {
  const left: CallLeft = { type: 'CallLeft', data: { account, at, ...(by === undefined ? {} : { by }), callId: call.callId, cause, device } };
  return call.parties.length > 1 ? [left] : [left, ...ending(call, at, call.answered ? 'everybody-left' : 'given-up')];
};

/** Whoever still rings has missed it. */
export const ending = (call: Call, at: number, cause: CallEndCause, by?: string): (CallUnanswered | CallEnded)[] => [
  ...call.ringing.map(({ account }) => unanswered(call, account, at)),
  { type: 'CallEnded', data: { at, audioOnly: call.audioOnly, ...(by === undefined ? {} : { by }), callId: call.callId, cause, people: call.people, startedAt: call.startedAt, startedBy: call.startedBy } },
];

/** One fact for each, so that each has a line of their own. */
export const unanswered = ({ audioOnly, callId, startedBy }: Call, account: string, at: number): CallUnanswered => ({ type: 'CallUnanswered', data: { accounts: [account], at, audioOnly, callId, startedBy } });

/**
 * Whether everybody who rang under a commandId is among those whom a command asks for. Who could not be rung is not on record. Where
 * nobody is named, it is the one other person of a direct chat.
 */
export const rangThose = (recorded: readonly OpenedEvent[], asked: readonly string[]): boolean => {
  const rang = (recorded as readonly Opened[]).flatMap((event) => (event.type === 'CallRang' ? event.data.accounts : []));
  return asked.length === 0 ? rang.length <= 1 : rang.every((account) => asked.includes(account));
};

/** Before somebody leaves the conversation: they leave its call. */
export const leavingWithConversation = ({ call }: ConversationState, account: string, at: number): (CallLeft | CallUnanswered | CallEnded)[] => {
  const party = call === null ? undefined : partyOf(call, account);
  return call === null || party === undefined ? [] : leaving(call, party, { at, cause: 'not-a-member' });
};

/** Before a conversation closes: its call ends. */
export const endingWithConversation = ({ call }: ConversationState, at: number, by: string): (CallUnanswered | CallEnded)[] => (call === null || call.over ? [] : ending(call, at, 'conversation-closed', by));

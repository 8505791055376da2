import type { World } from '../accounts/standing.ts';
import { partyOf } from '../calls/call.ts';
import { leavingWithConversation } from '../calls/facts.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import type { MemberLeft } from '../conversations/events.ts';
import { causedId } from '../kernel/ids.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitToKeep, type KeepingPermit } from './keep-meeting.ts';
import { guestOf, guestsLeftAlone, isHere } from './meeting.ts';

/** `why`: as it is recorded. */
export type DismissGuest = { readonly conversationId: string; readonly account: string; readonly why: 'left-alone' | 'absent' };

/** The appliance ends the place of a guest who does not go by themselves. */
export const dismissGuest: UseCase<DismissGuest, ConversationState, KeepingPermit, World> = {
  name: 'dismissGuest',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: (world, acting) => permitToKeep(world, acting),
  decide: ({ patience }, { account, why }, state, { at }) => {
    const { meeting, call } = state;
    const guest = meeting && guestOf(meeting, account);
    if (!meeting || !guest || !isHere(guest)) return nothingToRecord;
    const left: MemberLeft = { type: 'MemberLeft', data: { account, at, cause: why } };
    if (why === 'absent') return call !== null && partyOf(call, account) ? nothingToRecord : [left];
    return guestsLeftAlone(meeting, at, patience).includes(guest) ? [...leavingWithConversation(state, account, at), left] : nothingToRecord;
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'MemberLeft', { account }),
};

/** The same from every node that finds it due. Nobody comes back under the account they had as a guest. */
export const dismissGuestId = ({ conversationId, account, why }: DismissGuest): string => causedId(`${conversationId}/${account}/${why}`, 0);

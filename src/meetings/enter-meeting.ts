import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { limits } from '../contract/limits.ts';
import { conversationFold, type ConversationState } from '../conversations/conversation.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { GuestEntered } from './events.ts';
import { guestsHere, type Meeting } from './meeting.ts';
import { guestsOff, meetingFull, meetingNotFound, meetingOver } from './refusals.ts';

/** `keyHash`: of the key in the link; null at the door of a room. */
export type EnterMeeting = { readonly conversationId: string; readonly account: string; readonly keyHash: string | null };
type EnteringPermit = SystemPermit & { readonly guestsOn: boolean };

/** Why this guest may not come to the door; undefined where they may. A wrong key is told nothing at all. */
export const whyNoGuest = (meeting: Meeting | null, keyHash: string | null, guestsOn: boolean): Refusal | undefined => {
  const isTheDoor = meeting !== null && (keyHash === null ? meeting.room === 'public' : meeting.room === null && meeting.link?.keyHash === keyHash);
  if (!isTheDoor) return meetingNotFound;
  if (meeting.expired || meeting.over) return meetingOver;
  if (!meeting.guestsAllowed || !guestsOn) return guestsOff;
  return guestsHere(meeting) >= limits.meetingGuestsMax ? meetingFull : undefined;
};

/** A guest comes to the door. The appliance acts, because a guest has no session yet. */
export const enterMeeting: UseCase<EnterMeeting, ConversationState, EnteringPermit, World> = {
  name: 'enterMeeting',
  stream: ({ conversationId }) => streams.conversation(conversationId),
  fold: conversationFold,
  permit: ({ standing }, acting) => {
    const permit = permitSystem(acting);
    return isRefusal(permit) ? permit : ({ ...permit, guestsOn: standing.setting<boolean>('meetingGuests') } as EnteringPermit);
  },
  decide: ({ guestsOn }, { account, keyHash }, { meeting }, { at }) => {
    const refusal = whyNoGuest(meeting, keyHash, guestsOn);
    if (refusal) return refusal;
    const entered: GuestEntered = { type: 'GuestEntered', data: { account, at, link: meeting?.link?.link ?? null } };
    return [entered];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'GuestEntered', { account }),
};

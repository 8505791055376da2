import { partyOf, type Call } from '../calls/call.ts';
import type { LeaveCause } from '../conversations/events.ts';
import type { Opened } from '../every-event.ts';

/** `waiting`: at the door. `at`: since when, ms UTC. `left`: of who is gone, why. */
export type GuestPlace = 'waiting' | 'in' | 'turned-away' | 'gone';
export type MeetingGuest = { readonly account: string; readonly place: GuestPlace; readonly at: number; readonly left?: LeaveCause };

/**
 * What a meeting is beside a conversation and its call, as of the conversation's head. Plain data, so that a view keeps it as it is.
 * `awaySince`: since when the host (in a room: everybody who is signed in) is not in the call, null while they are; before they first
 * came (`begun` is false) since the opening.
 */
export type Meeting = {
  readonly host: string; readonly admit: boolean; readonly guestsAllowed: boolean; readonly room: 'public' | 'private' | null;
  readonly link: { readonly link: string; readonly keyHash: string } | null;
  readonly begun: boolean; readonly awaySince: number | null; readonly expired: boolean; readonly over: boolean;
  readonly guests: readonly MeetingGuest[];
  /** Invitations that were neither sent nor given up. `invitations`: how many there were ever. */
  readonly unsent: readonly string[]; readonly invitations: number;
};

type MeetingTypes =
  | 'MeetingArranged' | 'MeetingLinkMade' | 'MeetingLinkRevoked' | 'MeetingExpired' | 'GuestEntered' | 'InvitationMade' | 'InvitationSent' | 'InvitationFailed';
const types: ReadonlySet<string> = new Set<MeetingTypes>([
  'MeetingArranged', 'MeetingLinkMade', 'MeetingLinkRevoked', 'MeetingExpired', 'GuestEntered', 'InvitationMade', 'InvitationSent', 'InvitationFailed',
]);
/** Whether an event is a fact of a meeting. */
export const isMeetingEvent = (event: Opened): event is Opened<MeetingTypes> => types.has(event.type);

/** The meeting after one more event of its conversation. `call`: the call after that event. */
export const evolveMeeting = (meeting: Meeting | null, event: Opened, call: Call | null): Meeting | null => {
  if (event.type === 'MeetingArranged') return arranged(event);
  if (meeting === null) return null;
  const changed = change(meeting, event);
  const at = (event.data as { readonly at?: number }).at ?? 0;
  const isPresent = isHostIn(changed, call);
  if (isPresent) return changed.awaySince === null && changed.begun ? changed : { ...changed, awaySince: null, begun: true };
  return changed.awaySince === null ? { ...changed, awaySince: at } : changed;
};

const arranged = ({ data }: Opened<'MeetingArranged'>): Meeting => ({
  host: data.by, admit: data.admit, guestsAllowed: data.guests, room: data.room, link: null, begun: false, awaySince: data.at, expired: false, over: false, guests: [], unsent: [], invitations: 0,
});

const change = (meeting: Meeting, event: Opened): Meeting => {
  switch (event.type) {
    case 'MeetingLinkMade':
      return { ...meeting, link: { link: event.data.link, keyHash: event.data.keyHash } };
    case 'MeetingLinkRevoked':
      return { ...meeting, link: null };
    case 'MeetingExpired':
      return { ...meeting, expired: true };
    case 'GuestEntered':
      return { ...meeting, guests: [...withoutOldest(meeting.guests), { account: event.data.account, place: 'waiting', at: event.data.at }] };
    case 'MemberJoined':
      return withGuest(meeting, event.data.account, 'in', event.data.at);
    case 'GuestTurnedAway':
      return withGuest(meeting, event.data.account, 'turned-away', event.data.at);
    case 'MemberLeft':
      return withGuest(meeting, event.data.account, 'gone', event.data.at, event.data.cause);
    case 'ConversationClosed':
      return { ...meeting, over: true, guests: meeting.guests.map((guest) => (isHere(guest) ? { ...guest, place: 'gone', at: event.data.at, left: 'meeting-over' } : guest)) };
    case 'InvitationMade':
      return { ...meeting, unsent: [...meeting.unsent, event.data.invitation], invitations: meeting.invitations + 1 };
    case 'InvitationSent':
    case 'InvitationFailed':
      return { ...meeting, unsent: meeting.unsent.filter((invitation) => invitation !== event.data.invitation) };
    default:
      return meeting;
  }
};

const partedMax = 50;
/** A room stays for years: of those who have gone, only the latest are kept. */
const withoutOldest = (guests: readonly MeetingGuest[]): readonly MeetingGuest[] => {
  const parted = guests.filter((guest) => !isHere(guest));
  const forgotten = new Set(parted.slice(0, Math.max(0, parted.length - partedMax)));
  return forgotten.size === 0 ? guests : guests.filter((guest) => !forgotten.has(guest));
};

const withGuest = (meeting: Meeting, account: string, place: GuestPlace, at: number, left?: LeaveCause): Meeting =>
  guestOf(meeting, account) ? { ...meeting, guests: meeting.guests.map((guest) => (guest.account === account ? { account, place, at, ...(left && { left }) } : guest)) } : meeting;

/** At the door or in it. */
export const isHere = ({ place }: MeetingGuest): boolean => place === 'waiting' || place === 'in';
export const guestOf = (meeting: Meeting, account: string): MeetingGuest | undefined => meeting.guests.find((guest) => guest.account === account);
export const guestsHere = (meeting: Meeting): number => meeting.guests.filter(isHere).length;

/** In a room whoever is signed in is as good as a host. */
const isHostIn = (meeting: Meeting, call: Call | null): boolean =>
  meeting.room === null ? call !== null && !call.over && partyOf(call, meeting.host) !== undefined : isSomebodySignedInThere(meeting, call);

/** Whether somebody who is no guest takes part in the call. */
export const isSomebodySignedInThere = (meeting: Meeting, call: Call | null): boolean =>
  call !== null && !call.over && call.parties.some(({ account }) => guestOf(meeting, account) === undefined);

const minuteMs = 60_000;
/** `minutesAfterHost`: how long a link outlives its host. `minutesUnbegun`: how long a host may take to come. */
export type Patience = { readonly minutesAfterHost: number; readonly minutesUnbegun: number };

const patienceMs = ({ begun }: Pick<Meeting, 'begun'>, { minutesAfterHost, minutesUnbegun }: Patience): number => (begun ? minutesAfterHost : minutesUnbegun) * minuteMs;

/** What the clock asks for. `expire`: the link is to die. `close`: nobody is left, and it is over. A room stays. Pure; `now` in ms UTC. */
export const dueOf = (meeting: Meeting, call: Call | null, now: number, patience: Patience): 'expire' | 'close' | null => {
  if (meeting.over || meeting.room !== null) return null;
  if (meeting.expired) return call === null || call.over ? 'close' : null;
  return meeting.awaySince !== null && now - meeting.awaySince >= patienceMs(meeting, patience) ? 'expire' : null;
};

/**
 * Of a guest of a room who is among guests alone: since when (everybody else has left, or they came where that was later), and for how long
 * they may be. Who waits at its door is not in it, and may come as early for a room as for a meeting that has not begun. Pure; in ms, UTC.
 */
export const aloneOf = ({ awaySince, begun, over, room }: Meeting, guest: MeetingGuest, patience: Patience): { readonly since: number; readonly mayMs: number } | undefined =>
  over || room === null || awaySince === null || !isHere(guest) ? undefined : { since: Math.max(awaySince, guest.at), mayMs: patienceMs({ begun: begun && guest.place === 'in' }, patience) };

/** Guests of a room who are among themselves for too long. Pure; `now` in ms UTC. */
export const guestsLeftAlone = (meeting: Meeting, now: number, patience: Patience): readonly MeetingGuest[] =>
  meeting.guests.filter((guest) => {
    const alone = aloneOf(meeting, guest, patience);
    return alone !== undefined && now - alone.since >= alone.mayMs;
  });

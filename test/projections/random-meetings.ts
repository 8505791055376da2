import { evolveCall, type Call } from '#src/calls/call.ts';
import type { CallEvent } from '#src/calls/events.ts';
import type { MemberLeft } from '#src/conversations/events.ts';
import type { Opened } from '#src/every-event.ts';
import type { MeetingEvent } from '#src/meetings/events.ts';
import { evolveMeeting, guestOf, type Meeting } from '#src/meetings/meeting.ts';
import type { Deed } from './random-history.ts';
import { idFor } from '../support/makers.ts';

const at = Date.UTC(2026, 10, 21, 10);

/** The meeting of a stream, as all its events left it: whoever keeps only some of them must come to the same. */
export const meetingOf = (events: readonly Opened[], stream: string): Meeting | null =>
  events.filter((event) => event.stream === stream).reduce<{ call: Call | null; meeting: Meeting | null }>(({ call, meeting }, event) => {
    const next = evolveCall(call, event);
    return { call: next, meeting: evolveMeeting(meeting, event, next) };
  }, { call: null, meeting: null }).meeting;

export const arranging = (host: string): MeetingEvent => ({ type: 'MeetingArranged', data: { admit: true, at, by: host, guests: true, invited: [], room: null } });

/** What somebody who is in does about a meeting beside its call: its link, and who is invited. */
export const meetingDeed = (meeting: Meeting, account: string, { one, other }: Deed, fresh: number): MeetingEvent | undefined => {
  const now = at + fresh * 1_000;
  const invitation = meeting.unsent[one % Math.max(1, meeting.unsent.length)];
  switch (other % 6) {
    case 0:
      return { type: 'MeetingLinkMade', data: { at: now, by: account, keyHash: `key-${fresh}`, link: idFor(0x60000 + fresh) } };
    case 1:
      return meeting.link ? { type: 'MeetingLinkRevoked', data: { at: now, by: account, link: meeting.link.link } } : undefined;
    case 2:
      return meeting.expired || meeting.awaySince === null ? undefined : { type: 'MeetingExpired', data: { at: now, since: meeting.awaySince } };
    case 3:
      return { type: 'InvitationMade', data: { account: null, at: now, by: account, invitation: idFor(0x70000 + fresh) }, content: { invitation: { address: `${fresh}@example.org` } } };
    case 4:
      return invitation === undefined ? undefined : { type: 'InvitationSent', data: { at: now, invitation } };
    default:
      return invitation === undefined ? undefined : { type: 'InvitationFailed', data: { at: now, invitation, reason: 'unreachable' } };
  }
};

/** What somebody does at the door: comes once, and asks to be let in, is turned away, or goes, while there is a call. */
export const guestDeed = (meeting: Meeting, call: Call | null, account: string, { one }: Deed, fresh: number): MeetingEvent | CallEvent | MemberLeft | undefined => {
  const now = at + fresh * 1_000;
  const guest = guestOf(meeting, account);
  if (!guest) return { type: 'GuestEntered', data: { account, at: now, link: meeting.link?.link ?? null } };
  if (guest.place !== 'waiting' || !call || call.over) return undefined;
  const { callId } = call;
  if (one % 3 === 0) return { type: 'GuestKnocked', data: { account, at: now, callId } };
  return one % 3 === 1 ? { type: 'GuestTurnedAway', data: { account, at: now, by: meeting.host, callId } } : { type: 'MemberLeft', data: { account, at: now, by: account, cause: 'self' } };
};

const [host, guest] = [0, 3];
/** A call is begun in the meeting; a guest comes, asks to be let in, and goes. As the first deeds of a history they are possible, and in every one of them. */
export const aKnockThatEnds: readonly Deed[] = [
  { what: 65, who: host, where: 1, one: 1, other: 0 }, { what: 30, who: guest, where: 1, one: 0, other: 0 }, { what: 30, who: guest, where: 1, one: 0, other: 0 }, { what: 30, who: guest, where: 1, one: 2, other: 0 },
];

import { z } from 'zod';
import { callRoster } from './calls.ts';
import { endpoint, nothing, recorded } from './endpoint.ts';
import { limits } from './limits.ts';
import { id, line } from './shapes.ts';

/** What stands after `/meet/` for a room: `public/standup` is open to guests, `standup` is not. Lower case, so that one name is one room. */
export const roomName = z.string().max(limits.roomNameMax).regex(/^(public\/)?[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, 'letters a-z, digits and hyphens, with public/ in front for a room that guests may enter');
/** 256 random bits, base64url. */
const key = z.string().regex(/^[A-Za-z0-9_-]{43}$/, 'the key of a link');
const guestName = line(limits.guestNameMax);
const link = z.string().nullable();
const mailAddress = z.email().max(254);

const meeting = { conversationId: id };

export const openMeeting = endpoint({
  name: 'openMeeting', kind: 'command', method: 'PUT', path: '/meetings/:conversationId', policy: 'member',
  says: 'Opens a meeting with a link for those who are not of the house. Whoever is `invited` from the directory is a member at once; `emails` are sent the link where a mail server is set up. Its link dies ten minutes after the host has left. Who may: the setting `meetingsBy`.',
  input: z.strictObject({
    ...meeting, title: line(limits.titleMax), invited: z.array(id).max(limits.meetingInvitesMax).default([]), emails: z.array(mailAddress).max(limits.meetingInvitesMax).default([]),
    guests: z.boolean().default(true), admit: z.boolean().default(false),
  }),
  output: z.strictObject({ revision: z.int(), link, mailed: z.boolean() }), refusals: ['meetings-off', 'person-not-found', 'person-suspended', 'conversation-id-taken', 'too-many-invitations'],
});
export const enterRoom = endpoint({
  name: 'enterRoom', kind: 'command', method: 'POST', path: '/rooms/enter', policy: 'member',
  says: 'Goes to the room of this exact name, and makes it where nobody has been before. Guests may come to rooms under `public/`.',
  input: z.strictObject({ room: roomName }), output: z.strictObject({ revision: z.int(), conversationId: id }), refusals: ['meetings-off'],
});
export const joinMeeting = endpoint({
  name: 'joinMeeting', kind: 'command', method: 'PUT', path: '/meetings/:conversationId/me', policy: 'member', says: 'Joins a meeting whose link one was handed, as somebody of the house.',
  input: z.strictObject({ ...meeting, key }), output: recorded, refusals: ['meeting-not-found', 'meeting-over', 'slow-down'],
});

const place = z.enum(['waiting', 'in', 'turned-away', 'gone']);
/** As a guest sees it. `begun`: somebody of the house is there. `knocking`: they are asked to let the guest in. `left`: why they are gone (see MemberLeft); null while they are not. */
export const visit = z.strictObject({
  conversationId: id, account: id, name: z.string(), title: z.string(), organisation: z.string(), notice: z.string(), place, left: z.enum(['self', 'removed', 'left-alone', 'absent', 'meeting-over']).nullable(), begun: z.boolean(), knocking: z.boolean(), over: z.boolean(),
  call: callRoster.nullable(), people: z.array(z.strictObject({ account: id, name: z.string(), guest: z.boolean() })),
});
export type Visit = z.infer<typeof visit>;

export const peekAtMeeting = endpoint({
  name: 'peekAtMeeting', kind: 'query', method: 'POST', path: '/meetings/peek', policy: 'public', httpOnly: true,
  says: 'What a guest is told before entering, by the key of the link or the exact name of a public room: a wrong one looks like none.',
  input: z.strictObject({ conversationId: id.optional(), key: key.optional(), room: roomName.optional() }), output: z.strictObject({ title: z.string(), organisation: z.string(), notice: z.string(), admit: z.boolean() }),
  refusals: ['meeting-not-found', 'meeting-over', 'meeting-full', 'guests-off', 'slow-down'],
});
export const enterMeeting = endpoint({
  name: 'enterMeeting', kind: 'command', method: 'POST', path: '/meetings/enter', policy: 'public', httpOnly: true,
  says: 'Enters as a guest, by the key of the link or the exact name of a public room, and begins a session that is good for this meeting alone.',
  input: z.strictObject({ conversationId: id.optional(), key: key.optional(), room: roomName.optional(), name: guestName }), output: visit,
  refusals: ['meeting-not-found', 'meeting-over', 'meeting-full', 'guests-off', 'slow-down'],
});
export const readVisit = endpoint({ name: 'readVisit', kind: 'query', method: 'GET', path: '/visit', policy: 'guest', says: 'Where a guest stands: at the door, in the meeting, turned away. Only for guests.', input: nothing, output: visit, refusals: ['not-found'] });
export const knockAtMeeting = endpoint({ name: 'knockAtMeeting', kind: 'command', method: 'POST', path: '/visit/knock', policy: 'guest', says: 'Goes in, or asks to be let in.', input: nothing, output: recorded, refusals: ['not-found', 'not-begun', 'meeting-not-found', 'meeting-over'] });
export const leaveMeeting = endpoint({ name: 'leaveMeeting', kind: 'command', method: 'DELETE', path: '/visit', policy: 'guest', httpOnly: true, says: 'Leaves as a guest, for good: the session ends.', input: nothing, output: recorded, refusals: ['not-found', 'meeting-not-found'] });

/** As those of the house see it. `link` is null where none is valid, and for a private room. */
export const meetingInfo = z.strictObject({
  conversationId: id, host: id, admit: z.boolean(), guests: z.boolean(), room: z.enum(['public', 'private']).nullable(), link, expired: z.boolean(), over: z.boolean(),
  present: z.array(z.strictObject({ account: id, name: z.string(), place })), invitations: z.int(), unsent: z.int(), mail: z.boolean(),
});
export type MeetingInfo = z.infer<typeof meetingInfo>;
export const readMeeting = endpoint({ name: 'readMeeting', kind: 'query', method: 'GET', path: '/meetings/:conversationId', policy: 'member', says: 'A meeting that one is in: its link, its guests with the names they gave, and what became of the invitations.', input: z.strictObject(meeting), output: meetingInfo, refusals: ['not-a-member'] });

export const admitGuest = endpoint({ name: 'admitGuest', kind: 'command', method: 'POST', path: '/meetings/:conversationId/admitted', policy: 'member', says: 'Lets in a guest who waits. Whoever of the house takes part in the call may.', input: z.strictObject({ ...meeting, account: id }), output: recorded, refusals: ['not-a-member', 'not-knocking', 'not-in-call', 'meeting-not-found'] });
export const turnAwayGuest = endpoint({ name: 'turnAwayGuest', kind: 'command', method: 'POST', path: '/meetings/:conversationId/turned-away', policy: 'member', says: 'Does not let in a guest who waits. Their session ends.', input: z.strictObject({ ...meeting, account: id }), output: recorded, refusals: ['not-a-member', 'not-knocking', 'not-in-call', 'meeting-not-found'] });
export const makeMeetingLink = endpoint({ name: 'makeMeetingLink', kind: 'command', method: 'POST', path: '/meetings/:conversationId/link', policy: 'member', says: 'Makes a new link; the one before is dead with it. The host may.', input: z.strictObject(meeting), output: z.strictObject({ revision: z.int(), link }), refusals: ['not-a-member', 'not-the-host', 'not-a-meeting', 'meeting-over', 'meeting-not-found'] });
export const revokeMeetingLink = endpoint({ name: 'revokeMeetingLink', kind: 'command', method: 'DELETE', path: '/meetings/:conversationId/link', policy: 'member', says: 'Nobody comes in by the link any more; whoever is in stays. The host may.', input: z.strictObject(meeting), output: recorded, refusals: ['not-a-member', 'not-the-host', 'not-a-meeting', 'meeting-not-found'] });
export const inviteToMeeting = endpoint({ name: 'inviteToMeeting', kind: 'command', method: 'POST', path: '/meetings/:conversationId/invitations', policy: 'member', says: 'Sends the link to more people by mail, where a mail server is set up.', input: z.strictObject({ ...meeting, emails: z.array(mailAddress).min(1).max(limits.meetingInvitesMax) }), output: recorded, refusals: ['not-a-member', 'not-a-meeting', 'meeting-over', 'too-many-invitations', 'no-mail', 'meeting-not-found'] });

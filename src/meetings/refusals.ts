import { limits } from '../contract/limits.ts';
import { refuse } from '../kernel/refusal.ts';

/** Also said of a wrong key, and of a link that was taken back: not there and not yours look the same. */
export const meetingNotFound = refuse('meeting-not-found', 'There is no such meeting, or this link is not valid any more. Ask whoever invited you for a new one.');
export const meetingOver = refuse('meeting-over', 'This meeting is over. Nothing was changed.');
export const meetingFull = refuse('meeting-full', `A meeting takes at most ${limits.meetingGuestsMax} guests. You can try again when somebody has left.`, limits.meetingGuestsMax);
export const guestsOff = refuse('guests-off', 'This meeting is for people of this organisation. Sign in to take part in it.');
export const notBegun = refuse('not-begun', 'The meeting has not begun yet. You come in as soon as somebody is there.');
export const meetingsOff = refuse('meetings-off', 'You may not open meetings here. Nothing was opened; an administrator can change that.');
export const meetingIdTaken = refuse('conversation-id-taken', 'There is a conversation under this id already. Nothing was opened.');
export const notAMeeting = refuse('not-a-meeting', 'This is no meeting. Nothing was changed.');
export const notKnocking = refuse('not-knocking', 'This guest does not wait to be let in any more. Nothing was changed.');
export const notTheHost = refuse('not-the-host', 'Only the host of the meeting may do this. Nothing was changed.');
export const tooManyInvitations = refuse('too-many-invitations', `At most ${limits.meetingInvitesMax} people are invited to a meeting by mail. The link can be handed on to more.`, limits.meetingInvitesMax);

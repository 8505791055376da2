import type { House } from '#appliance/house/house.ts';
import { linkKeyHash, linkOf, meetingPath, linkKey } from '#appliance/meetings/meeting-link.ts';
import { isPublicRoom, roomId } from '#appliance/meetings/room.ts';
import { tokenHash } from '#appliance/house/sessions.ts';
import { admitGuest, enterRoom, inviteToMeeting, joinMeeting, makeMeetingLink, openMeeting, readMeeting, revokeMeetingLink, turnAwayGuest } from '#src/contract/meetings.ts';
import { serve, type Served } from '#src/doors/door.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal, refuse } from '#src/kernel/refusal.ts';
import { admitGuest as admitting } from '#src/meetings/admit-guest.ts';
import { enterRoom as enteringRoom } from '#src/meetings/enter-room.ts';
import { inviteToMeeting as inviting } from '#src/meetings/invite-to-meeting.ts';
import { joinMeeting as joining } from '#src/meetings/join-meeting.ts';
import { makeMeetingLink as makingLink } from '#src/meetings/make-meeting-link.ts';
import { openMeeting as opening } from '#src/meetings/open-meeting.ts';
import { meetingNotFound, notAMeeting, tooManyInvitations } from '#src/meetings/refusals.ts';
import { revokeMeetingLink as revoking } from '#src/meetings/revoke-meeting-link.ts';
import { turnAwayGuest as turningAway } from '#src/meetings/turn-away-guest.ts';
import { limits } from '#src/contract/limits.ts';
import { permitToRead } from './membership.ts';
import { recordedOf } from './recorded.ts';
import { slowedDown, visitEndpoints } from './visits.ts';

const noMail = refuse('no-mail', 'This appliance sends no mail. Copy the link, or send it with your own mail program; nobody was invited.');

/** Meetings and rooms, for those of the house and for guests. */
export const meetingEndpoints = (house: House): readonly Served[] => [
  serve(openMeeting, async ({ emails, ...input }, call) => {
    const invitations = await invitationsTo(house, call.commandId, emails, input.invited);
    if (invitations.length > limits.meetingInvitesMax) return tooManyInvitations;
    const { keyring, config } = house;
    const link = call.commandId;
    const result = recordedOf(await house.command(opening, { ...input, emails, link, keyHash: linkKeyHash(keyring.logSecret, input.conversationId, link), invitations }, call));
    const key = linkKey(keyring.logSecret, input.conversationId, link);
    return isRefusal(result) ? result : { ...result, link: `${config.publicUrl ?? ''}${meetingPath(input.conversationId, input.guests, key)}`, mailed: invitations.length > 0 };
  }),
  serve(enterRoom, async ({ room }, call) => {
    const conversationId = roomId(house, room);
    const result = recordedOf(await house.command(enteringRoom, { conversationId, name: room, isPublic: isPublicRoom(room) }, call));
    return isRefusal(result) ? result : { ...result, conversationId };
  }),
  serve(joinMeeting, async ({ conversationId, key }, call) => {
    const slow = await slowedDown(house, call);
    if (slow) return slow;
    const result = await house.command(joining, { conversationId, keyHash: tokenHash(key) }, call);
    if (isRefusal(result) && result.code === meetingNotFound.code) house.throttle.failed('meeting-link', call.address, call.at);
    return recordedOf(result);
  }),
  serve(readMeeting, async ({ conversationId }, call) => {
    const permit = await permitToRead(house, call, conversationId);
    if (isRefusal(permit)) return permit;
    const { value } = await house.views.ask('desk.conversation', { conversationId }, house.hub.position);
    if (!value?.meeting) return notAMeeting;
    const { meeting } = value;
    const names = new Map((await house.views.ask('directory.names', { accounts: meeting.guests.map(({ account }) => account) }, house.hub.position)).value.map(([account, name]) => [account, name]));
    return {
      conversationId, host: meeting.host, admit: meeting.admit, guests: meeting.guestsAllowed, room: meeting.room, link: linkOf(house, conversationId, meeting), expired: meeting.expired, over: meeting.over,
      present: meeting.guests.map(({ account, place }) => ({ account, name: names.get(account) ?? 'A guest', place })), invitations: meeting.invitations, unsent: meeting.unsent.length, mail: sendsMail(house),
    };
  }),
  serve(admitGuest, async (input, call) => recordedOf(await house.command(admitting, input, call))),
  serve(turnAwayGuest, async (input, call) => recordedOf(await house.command(turningAway, input, call))),
  serve(makeMeetingLink, async ({ conversationId }, call) => {
    const { keyring, config } = house;
    const link = call.commandId;
    const result = recordedOf(await house.command(makingLink, { conversationId, link, keyHash: linkKeyHash(keyring.logSecret, conversationId, link) }, call));
    return isRefusal(result) ? result : { ...result, link: `${config.publicUrl ?? ''}${meetingPath(conversationId, true, linkKey(keyring.logSecret, conversationId, link))}` };
  }),
  serve(revokeMeetingLink, async (input, call) => recordedOf(await house.command(revoking, input, call))),
  serve(inviteToMeeting, async ({ conversationId, emails }, call) => {
    if (!sendsMail(house)) return noMail;
    return recordedOf(await house.command(inviting, { conversationId, invitations: await invitationsTo(house, call.commandId, emails, []) }, call));
  }),
  ...visitEndpoints(house),
];

const sendsMail = ({ config }: House): boolean => config.mail !== undefined;

/** One for each address, with ids that follow from the command, so that a retry makes no second one. Empty where no mail is sent. */
const invitationsTo = async (house: House, commandId: string, emails: readonly string[], invited: readonly string[]) => {
  if (!sendsMail(house)) return [];
  const known = await Promise.all([...new Set(invited)].map((account) => house.views.ask('directory.account', { account, now: 0 }, house.hub.position)));
  const addresses = new Map<string, string | null>(emails.map((address) => [address, null]));
  for (const { value } of known) if (value?.email && !value.suspended) addresses.set(value.email, value.account);
  return [...addresses].map(([address, account], index) => ({ invitation: causedId(commandId, index), account, address }));
};

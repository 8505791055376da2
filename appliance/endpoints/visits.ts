import type { House } from '#appliance/house/house.ts';
import { newToken, tokenHash } from '#appliance/house/sessions.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import { isPublicRoom, roomId } from '#appliance/meetings/room.ts';
import { rosterOf } from '#src/calls/call.ts';
import { enterMeeting, knockAtMeeting, leaveMeeting, peekAtMeeting, readVisit, type Visit } from '#src/contract/meetings.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import { causedId, derivedId } from '#src/kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { enterMeeting as entering, whyNoGuest } from '#src/meetings/enter-meeting.ts';
import { beginGuestSession, endGuestSessions, openGuest } from '#src/meetings/guest-sessions.ts';
import { knockAtMeeting as knocking } from '#src/meetings/knock-at-meeting.ts';
import { leaveMeeting as leaving } from '#src/meetings/leave-meeting.ts';
import { guestOf, isSomebodySignedInThere, type MeetingGuest } from '#src/meetings/meeting.ts';
import { meetingNotFound, notBegun } from '#src/meetings/refusals.ts';
import { recordedOf } from './recorded.ts';

const hourMs = 3_600_000;
/** Longer than any meeting; it ends with the meeting anyway. */
const guestSessionHours = 12;
const notAGuest = refuse('not-found', 'You are not a guest of a meeting.');

type Door = { readonly conversationId: string; readonly keyHash: string | null };
type Asked = { readonly conversationId?: string | undefined; readonly key?: string | undefined; readonly room?: string | undefined };

/** Wrong keys wait like wrong passwords, by address. Counts the try. */
export const slowedDown = async ({ throttle, refusedSignIns }: House, { address, agent, at }: Call): Promise<Refusal | undefined> => {
  const waitMs = await throttle.waitMs('meeting-link', address, at);
  if (waitMs === 0) return undefined;
  refusedSignIns.count({ account: null, address, agent, reason: 'throttled' });
  const seconds = Math.ceil(waitMs / 1_000);
  return refuse('slow-down', `Too many tries. Wait ${seconds} seconds, then try again.`, seconds);
};

/** Where a guest wants to go in. The door of a room is its name, that of a meeting its key. */
const doorOf = (house: House, { conversationId, key, room }: Asked): Door | undefined => {
  if (room !== undefined) return isPublicRoom(room) ? { conversationId: roomId(house, room), keyHash: null } : undefined;
  return conversationId === undefined || key === undefined ? undefined : { conversationId, keyHash: tokenHash(key) };
};

const meetingAt = async ({ views, hub }: House, conversationId: string) => (await views.ask('desk.conversation', { conversationId }, hub.position)).value;

/** What guests come by. */
export const visitEndpoints = (house: House): readonly Served[] => [
  serve(peekAtMeeting, async (asked, call) => {
    const door = await openDoorFor(house, asked, call);
    if (isRefusal(door)) return door;
    const [title, meeting] = await Promise.all([titleOf(house, door.conversationId), meetingAt(house, door.conversationId)]);
    return { title, organisation: house.standing.setting<string>('organisation'), notice: house.standing.setting<string>('archiveNotice'), admit: meeting?.meeting?.admit ?? false };
  }),
  serve(enterMeeting, async (input, call) => enter(house, input, call)),
  serve(readVisit, (_input, { caller }) => visitOf(house, caller.account)),
  serve(knockAtMeeting, async (_input, call) => {
    const conversationId = meetingOf(house, call.caller);
    return conversationId === undefined ? notAGuest : recordedOf(await house.command(knocking, { conversationId }, call));
  }),
  serve(leaveMeeting, async (_input, call) => {
    const conversationId = meetingOf(house, call.caller);
    if (conversationId === undefined) return notAGuest;
    const result = recordedOf(await house.command(leaving, { conversationId }, call));
    // Who is out already keeps the session for the moments in which they can ask why.
    if (isRefusal(result) || result.revision < 0) return result;
    await house.commandAs(theAppliance, endGuestSessions, { account: call.caller.account }, { commandId: causedId(call.commandId, 0), appendClass: 'essential' });
    call.setSession?.(null, 0);
    return result;
  }),
];

const meetingOf = ({ meetings }: House, { guest, account }: Caller): string | undefined => (guest ? meetings.meetingOfGuest(account) : undefined);

/** Asked before anything is recorded, so that wrong keys leave no accounts behind. */
const openDoorFor = async (house: House, asked: Asked, call: Call): Promise<Door | Refusal> => {
  const slow = await slowedDown(house, call);
  if (slow) return slow;
  const door = doorOf(house, asked);
  const refusal = door ? whyNoGuest((await meetingAt(house, door.conversationId))?.meeting ?? null, door.keyHash, house.standing.setting<boolean>('meetingGuests')) : meetingNotFound;
  if (!refusal) return door!;
  if (refusal.code === meetingNotFound.code) {
    house.throttle.failed('meeting-link', call.address, call.at);
    house.refusedSignIns.count({ account: null, address: call.address, agent: call.agent, reason: 'wrong-credentials' });
  }
  return refusal;
};

const enter = async (house: House, { name, ...asked }: Asked & { readonly name: string }, call: Call): Promise<Visit | Refusal> => {
  const door = await openDoorFor(house, asked, call);
  if (isRefusal(door)) return door;
  const { conversationId, keyHash } = door;
  // A retry of the same command is the same guest.
  const account = derivedId(house.keyring.logSecret, 'guest', conversationId, call.commandId);
  const steps = [
    () => house.commandAs(theAppliance, openGuest, { account, meeting: conversationId, displayName: name }, { commandId: causedId(call.commandId, 0) }),
    () => house.commandAs(theAppliance, entering, { conversationId, account, keyHash }, { commandId: causedId(call.commandId, 1) }),
  ];
  for (const step of steps) {
    const result = await step();
    if (isRefusal(result)) return result;
  }
  const token = newToken();
  const expiresAt = house.clock() + guestSessionHours * hourMs;
  const guest = { kind: 'guest', id: account } as const;
  const began = await house.commandAs(guest, beginGuestSession, { sessionHash: tokenHash(token), expiresAt, address: call.address, agent: call.agent }, { appendClass: 'essential' });
  if (isRefusal(began)) return began;
  const came = await house.commandAs(guest, knocking, { conversationId }, { commandId: causedId(call.commandId, 2) });
  if (isRefusal(came) && came.code !== notBegun.code && came.code !== 'nothing-to-record') return came;
  house.meetings.entered(account, conversationId);
  call.setSession?.(token, expiresAt);
  return visitIn(house, conversationId, account, name);
};

const visitOf = (house: House, account: string): Promise<Visit | Refusal> | Refusal => {
  const conversationId = house.standing.account(account)?.kind === 'guest' ? house.meetings.meetingOfGuest(account) : undefined;
  return conversationId === undefined ? notAGuest : visitIn(house, conversationId, account);
};

/** `name`: as it was just told, where the views may not have it yet. */
const visitIn = async (house: House, conversationId: string, account: string, name?: string): Promise<Visit | Refusal> => {
  const value = await meetingAt(house, conversationId);
  const meeting = value?.meeting;
  if (!value || !meeting) return notAGuest;
  const guest = guestOf(meeting, account);
  const place = guest?.place ?? 'waiting';
  const isIn = place === 'in';
  // Nobody at the door learns who is inside.
  const people = isIn ? [...new Set([...value.members.map(([member]) => member), ...meeting.guests.map((guest) => guest.account)])] : [account];
  const { value: named } = await house.views.ask('directory.names', { accounts: people }, house.hub.position);
  const names = new Map(named);
  return {
    conversationId, account, name: name ?? names.get(account) ?? '', title: await titleOf(house, conversationId), organisation: house.standing.setting<string>('organisation'), notice: house.standing.setting<string>('archiveNotice'),
    place, left: whyGone(guest), begun: isSomebodySignedInThere(meeting, value.call), knocking: value.call?.knocking.includes(account) ?? false, over: meeting.over,
    call: isIn ? rosterOf(conversationId, value.call) : null,
    people: people.map((one) => ({ account: one, name: names.get(one) ?? '', guest: guestOf(meeting, one) !== undefined })),
  };
};

/** Guests are in no space that they could leave. */
const whyGone = (guest: MeetingGuest | undefined): Visit['left'] => (guest?.place !== 'gone' || guest.left === 'left-space' ? null : (guest.left ?? null));

const titleOf = async ({ views, hub }: House, conversationId: string): Promise<string> => {
  const { value } = await views.ask('conversations.one', { conversationId, account: '', receiptsMembersMax: 0 }, hub.position);
  return value?.conversation.title ?? '';
};

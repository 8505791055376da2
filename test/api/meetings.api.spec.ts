import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { putSetting } from '#src/contract/administration.ts';
import { limits } from '#src/contract/limits.ts';
import { joinCall, leaveCall, listCalls, removeFromCall } from '#src/contract/calls.ts';
import { listConversations } from '#src/contract/conversations.ts';
import { admitGuest, enterMeeting, enterRoom, joinMeeting, knockAtMeeting, leaveMeeting, makeMeetingLink, openMeeting, peekAtMeeting, readMeeting, readVisit, revokeMeetingLink, turnAwayGuest } from '#src/contract/meetings.ts';
import { postMessage, readTimeline } from '#src/contract/timeline.ts';
import { systemClock } from '#src/kernel/clock.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { CallTab } from '#test/support/call-tab.ts';
import { aGuest, aMeeting, doorOfLink } from '#test/support/guests.ts';
import { nobody, people, type Person } from '#test/support/people.ts';
import { isRefused } from '#test/support/person-socket.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let bob: Person;
let aheadMs = 0;
const minuteMs = 60_000;
beforeAll(async () => {
  appliance = await anAppliance({ clock: () => systemClock() + aheadMs });
  ({ adam, alice, bob } = await people(appliance, 'alice', 'bob'));
});
afterAll(() => appliance?.close());

const textsSeen = async (person: Person, conversationId: string): Promise<readonly (string | null)[]> =>
  (await person.call(readTimeline, { conversationId, where: 'latest' })).lines.flatMap((line) => (line.kind === 'message' ? [line.text] : []));
const codeOf = async (answer: Promise<unknown>): Promise<string> => {
  const said = await answer;
  return isRefused(said) ? said.code : 'allowed';
};
/** There are two looks a second, whatever the clock says meanwhile. */
const looksFor = (minutes: number): void => { for (let look = 0; look < minutes * 120; look += 1) appliance.house.meetings.look(); };
const hasNoSession = (guest: Person) => eventually('the session is over', async () => (await codeOf(guest.answer(readVisit, {}))) === 'signed-out');

describe('a meeting', () => {
  it('is opened with a link of 256 bits, whose hash alone is on record, and is in the list of whoever is invited', async () => {
    const commandId = randomUUID();
    const door = await aMeeting(alice, { invited: [bob.account] }, { commandId });
    expect(Buffer.from(door.key, 'base64url')).toHaveLength(32);
    expect(await aMeeting(alice, { ...door, invited: [bob.account] } as never, { commandId }).catch(() => 'unlike')).toBe('unlike');
    const log = JSON.stringify(await appliance.recorded());
    expect(log).not.toContain(door.key);
    expect((await bob.call(listConversations, {})).conversations.find((row) => row.conversationId === door.conversationId)).toMatchObject({ kind: 'meeting', title: 'Talk about the weather' });
    expect((await alice.call(readMeeting, { conversationId: door.conversationId })).link).toContain(`/meet/${door.conversationId}#guest=1&key=${door.key}`);
  });

  it('gives a retry the same link', async () => {
    const commandId = randomUUID();
    const input = { conversationId: randomUUID(), title: 'Twice' };
    const [one, other] = [await alice.call(openMeeting, input, { commandId }), await alice.call(openMeeting, input, { commandId })];
    expect(other.link).toBe(one.link);
  });

  it('is opened by those alone whom the setting names', async () => {
    await adam.call(putSetting, { name: 'meetingsBy', value: 'adam, bob' });
    try {
      expect((await alice.refusal(openMeeting, { conversationId: randomUUID(), title: 'No' })).code).toBe('meetings-off');
      expect((await alice.refusal(enterRoom, { room: 'not-yet' })).code).toBe('meetings-off');
      await aMeeting(bob);
    } finally {
      await adam.call(putSetting, { name: 'meetingsBy', value: 'everybody' });
    }
  });

  it('is joined by somebody of the house who has the link, and by nobody without', async () => {
    const door = await aMeeting(alice);
    expect((await bob.refusal(joinMeeting, { ...door, key: 'A'.repeat(43) })).code).toBe('meeting-not-found');
    expect((await bob.refusal(readMeeting, { conversationId: door.conversationId })).code).toBe('not-a-member');
    await bob.call(joinMeeting, door);
    await bob.says('here I am', { in: door.conversationId });
  });
});

describe('a guest', () => {
  it('enters by the link, sees nothing from before, and talks and calls there', async () => {
    const door = await aMeeting(alice);
    const { conversationId } = door;
    await alice.says('before anybody came', { in: conversationId });
    const tab = await CallTab.open(alice);
    const call = await tab.starts(conversationId);
    const gita = await aGuest(appliance, door, 'Gita from outside');
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'in', begun: true, name: 'Gita from outside', title: 'Talk about the weather', people: expect.arrayContaining([{ account: alice.account, name: 'Alice Abara', guest: false }]) as unknown });
    await alice.says('welcome', { in: conversationId });
    await gita.says('thank you', { in: conversationId });
    expect(await textsSeen(gita, conversationId)).toEqual(['welcome', 'thank you']);
    expect(await textsSeen(alice, conversationId)).toEqual(['before anybody came', 'welcome', 'thank you']);
    expect((await gita.call(listCalls, {})).calls).toMatchObject([{ callId: call.callId }]);
    const herTab = await CallTab.open(gita);
    await herTab.joins(call);
    expect((await tab.hears('joined')).call?.participants).toHaveLength(2);
    const seen = (await alice.call(readMeeting, { conversationId })).present;
    expect(seen).toEqual([{ account: gita.account, name: 'Gita from outside', place: 'in' }]);
    expect(JSON.stringify(await appliance.recorded())).not.toContain('Gita from outside');
  });

  it('follows this timeline over the socket, and no other', async () => {
    const [door, other] = [await aMeeting(alice), await aMeeting(alice)];
    const gita = await aGuest(appliance, door);
    const socket = await gita.opensSocket();
    await socket.subscribe('timeline', door.conversationId);
    expect(await socket.subscribe('timeline', other.conversationId)).toMatchObject({ code: 'not-a-member' });
    expect((await gita.refusal(readTimeline, { conversationId: other.conversationId, where: 'latest' })).code).toBe('not-a-member');
    expect((await gita.refusal(postMessage, { conversationId: other.conversationId, messageId: randomUUID(), text: 'hi' })).code).toBe('not-a-member');
    socket.close();
  });

  it('is told the same of a wrong key, of no such meeting, and of a link that was taken back, and within a second', async () => {
    const door = await aMeeting(alice);
    const stranger = nobody(appliance);
    const said = async (asked: { conversationId?: string; key?: string; room?: string }) => JSON.stringify(await stranger.answer(enterMeeting, { ...asked, name: 'Gita' }));
    const none = await said({ conversationId: randomUUID(), key: door.key });
    await alice.call(revokeMeetingLink, { conversationId: door.conversationId });
    expect(await said(door)).toBe(none);
    aheadMs += 10 * minuteMs;
    const wrong = await aMeeting(alice);
    expect(await said({ ...wrong, key: 'A'.repeat(43) })).toBe(none);
    aheadMs += 10 * minuteMs;
    expect(await said({ room: 'public/nobody-was-here' })).toBe(none);
    aheadMs += 10 * minuteMs;
    expect(await said({ room: 'private-room' })).toBe(none);
    aheadMs += 10 * minuteMs;
    const renewed = doorOfLink((await alice.call(makeMeetingLink, { conversationId: wrong.conversationId })).link!);
    expect(await said(wrong)).toBe(none);
    aheadMs += 10 * minuteMs;
    await aGuest(appliance, renewed);
  });

  it('who tries one key after the other has to wait', async () => {
    const door = await aMeeting(alice);
    const stranger = nobody(appliance);
    const before = (await appliance.recorded()).filter(({ type }) => type === 'AccountOpened').length;
    const codes: string[] = [];
    for (let tried = 0; tried < 12; tried += 1) codes.push(await codeOf(stranger.answer(peekAtMeeting, { conversationId: door.conversationId, key: Buffer.alloc(32, tried).toString('base64url') })));
    expect(codes.filter((code) => code === 'slow-down').length).toBeGreaterThan(3);
    expect((await appliance.recorded()).filter(({ type }) => type === 'AccountOpened')).toHaveLength(before);
    aheadMs += 10 * minuteMs;
  });

  it('waits at the door where they are let in one by one, comes in, or is turned away and signed out', async () => {
    const door = await aMeeting(alice, { admit: true });
    const { conversationId } = door;
    const early = await aGuest(appliance, door, 'Early');
    expect(await early.call(readVisit, {})).toMatchObject({ place: 'waiting', begun: false, call: null, people: [{ account: early.account, name: 'Early', guest: true }] });
    expect((await early.refusal(knockAtMeeting, {})).code).toBe('not-begun');
    const tab = await CallTab.open(alice);
    const call = await tab.starts(conversationId);
    await early.call(knockAtMeeting, {});
    expect((await tab.hears('knocked')).call?.knocking).toEqual([early.account]);
    expect((await early.refusal(readTimeline, { conversationId, where: 'latest' })).code).toBe('not-a-member');
    expect((await early.refusal(joinCall, { ...call, device: randomUUID() })).code).toBe('not-a-member');
    await alice.call(admitGuest, { conversationId, account: early.account });
    expect((await tab.hears('admitted')).happened).toMatchObject({ account: early.account, by: alice.account });
    await early.says('thanks', { in: conversationId });
    const late = await aGuest(appliance, door, 'Late');
    await tab.hears('knocked', (frame) => frame.happened.account === late.account);
    expect((await early.refusal(admitGuest, { conversationId, account: late.account })).code).toBe('not-allowed');
    await alice.call(turnAwayGuest, { conversationId, account: late.account });
    expect((await late.call(readVisit, {})).place).toBe('turned-away');
    expect((await late.refusal(knockAtMeeting, {})).code).toBe('meeting-not-found');
    aheadMs += 11_000;
    await hasNoSession(late);
    expect((await early.call(readVisit, {})).place).toBe('in');
  });

  it('who is removed, or leaves, is out of chat and call, and loses the session', async () => {
    const door = await aMeeting(alice);
    const { conversationId } = door;
    const [gita, other] = [await aGuest(appliance, door), await aGuest(appliance, door, 'Other')];
    const tab = await CallTab.open(alice);
    const call = await tab.starts(conversationId);
    await (await CallTab.open(gita)).joins(call);
    await alice.call(removeFromCall, { ...call, account: gita.account });
    expect((await gita.refusal(postMessage, { conversationId, messageId: randomUUID(), text: 'still here' })).code).toBe('not-a-member');
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'gone', left: 'removed' });
    await gita.call(leaveMeeting, {}); // Pressed too late: they may still ask why.
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'gone', left: 'removed' });
    await other.call(leaveMeeting, {});
    expect(await codeOf(other.answer(readVisit, {}))).toBe('signed-out');
    aheadMs += 11_000;
    await eventually('the keeper looked', async () => (await codeOf(gita.answer(readVisit, {}))) !== 'allowed');
  });

  it('of one meeting is full at its limit', async () => {
    const door = await aMeeting(alice);
    for (let come = 0; come < 50; come += 1) await aGuest(appliance, door, `Guest ${come}`);
    expect((await nobody(appliance).refusal(enterMeeting, { ...door, name: 'One more' })).code).toBe('meeting-full');
  });

  it('who closed the page has left after a quarter of an hour, and who has it open has not', async () => {
    const door = await aMeeting(alice);
    const { conversationId } = door;
    await (await CallTab.open(alice)).starts(conversationId);
    const [gone, there, asking] = [await aGuest(appliance, door, 'Gone'), await aGuest(appliance, door, 'There'), await aGuest(appliance, door, 'Asking')];
    const socket = await there.opensSocket();
    const placeOf = async (guest: Person) => (await alice.call(readMeeting, { conversationId })).present.find(({ account }) => account === guest.account)?.place;
    aheadMs += limits.guestMinutesAbsent * minuteMs;
    looksFor(limits.guestMinutesAbsent - 2);
    expect(await Promise.all([gone, there, asking].map(placeOf))).toEqual(['in', 'in', 'in']);
    await asking.call(readVisit, {});
    looksFor(limits.guestMinutesAbsent - 2);
    await eventually('the absent one was let go', async () => (await placeOf(gone)) === 'gone');
    expect(await Promise.all([there, asking].map(placeOf))).toEqual(['in', 'in']);
    expect((await appliance.recorded(`conversation-${conversationId}`)).filter(({ type }) => type === 'MemberLeft').map(({ data }) => JSON.parse(data) as unknown)).toMatchObject([{ account: gone.account, cause: 'absent' }]);
    expect(await gone.call(readVisit, {})).toMatchObject({ place: 'gone', left: 'absent' });
    socket.close();
  });

  it('does not come where guests are switched off', async () => {
    const closed = await aMeeting(alice, { guests: false });
    expect((await nobody(appliance).refusal(enterMeeting, { ...closed, name: 'Gita' })).code).toBe('guests-off');
    const door = await aMeeting(alice);
    await adam.call(putSetting, { name: 'meetingGuests', value: false });
    expect((await nobody(appliance).refusal(enterMeeting, { ...door, name: 'Gita' })).code).toBe('guests-off');
    await adam.call(putSetting, { name: 'meetingGuests', value: true });
  });
});

describe('the link of a meeting', () => {
  it('is dead ten minutes after the host left, over a restart, once; who is in stays until the call is over', async () => {
    const door = await aMeeting(alice, { invited: [bob.account] });
    const { conversationId } = door;
    const [tab, bobs] = [await CallTab.open(alice), await CallTab.open(bob)];
    const call = await tab.starts(conversationId);
    await bobs.joins(call);
    const gita = await aGuest(appliance, door);
    await alice.call(leaveCall, { ...call, device: tab.device });
    aheadMs += 9 * minuteMs;
    await aGuest(appliance, door, 'In time');
    await appliance.restart();
    await bob.forgetsSocket();
    const again = await CallTab.open(bob, bobs.device);
    await again.saysItIsIn(call);
    aheadMs += minuteMs + 1_000;
    await eventually('the link is dead', async () => (await codeOf(nobody(appliance).answer(enterMeeting, { ...door, name: 'Late' }))) === 'meeting-over');
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'in', over: false });
    await gita.says('still talking', { in: conversationId });
    await bob.call(leaveCall, { ...call, device: bobs.device });
    await eventually('it is over', async () => (await alice.call(readMeeting, { conversationId })).over);
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'gone', left: 'meeting-over' });
    expect((await gita.refusal(postMessage, { conversationId, messageId: randomUUID(), text: 'anybody?' })).code).toBe('not-a-member');
    aheadMs += 11_000;
    await hasNoSession(gita);
    const types = (await appliance.recorded(`conversation-${conversationId}`)).map(({ type }) => type);
    expect(types.filter((type) => type === 'MeetingExpired' || type === 'ConversationClosed')).toEqual(['MeetingExpired', 'ConversationClosed']);
    expect(await textsSeen(bob, conversationId)).toEqual(['still talking']);
  });

  it('lives on when the host comes back in time', async () => {
    const door = await aMeeting(alice, { invited: [bob.account] });
    const tab = await CallTab.open(alice);
    const call = await tab.starts(door.conversationId);
    await (await CallTab.open(bob)).joins(call);
    await alice.call(leaveCall, { ...call, device: tab.device });
    aheadMs += 5 * minuteMs;
    await tab.joins(call);
    aheadMs += 6 * minuteMs;
    await aGuest(appliance, door);
  });

  it('loses a guest whose session was left over, when the appliance was away as the meeting ended', async () => {
    const door = await aMeeting(alice);
    const tab = await CallTab.open(alice);
    const call = await tab.starts(door.conversationId);
    const gita = await aGuest(appliance, door);
    await alice.call(leaveCall, { ...call, device: tab.device });
    await appliance.restart(() => void (aheadMs += 11 * minuteMs));
    await eventually('it is over', async () => (await alice.call(readMeeting, { conversationId: door.conversationId })).over);
    await appliance.restart();
    await eventually('the keeper has seen the session', () => Promise.resolve(appliance.house.standing.signedInGuests.has(gita.account)));
    await new Promise((resolve) => setTimeout(resolve, 0));
    appliance.house.meetings.look();
    aheadMs += 11_000;
    await hasNoSession(gita);
  });
});

describe('a room', () => {
  it('comes to be by whoever goes there, is one for all, and takes guests under public/ alone', async () => {
    const [one, other] = [await alice.call(enterRoom, { room: 'public/standup' }), await bob.call(enterRoom, { room: 'public/standup' })];
    expect(other.conversationId).toBe(one.conversationId);
    const gita = await aGuest(appliance, { room: 'public/standup', name: 'Gita' });
    await gita.says('morning', { in: one.conversationId });
    await alice.call(enterRoom, { room: 'standup' });
    expect((await nobody(appliance).refusal(enterMeeting, { room: 'standup', name: 'Gita' })).code).toBe('meeting-not-found');
    await gita.call(leaveMeeting, {});
  });

  it('lets guests in only after somebody of the house, where that is set, and sends them off when everybody else has gone', async () => {
    await adam.call(putSetting, { name: 'guestsOnlyAfterMember', value: true });
    const { conversationId } = await alice.call(enterRoom, { room: 'public/after-you' });
    const gita = await aGuest(appliance, { room: 'public/after-you', name: 'Gita' });
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'waiting', begun: false });
    const tab = await CallTab.open(alice);
    const call = await tab.starts(conversationId);
    await gita.call(knockAtMeeting, {});
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'in', begun: true });
    await alice.call(leaveCall, { ...call, device: tab.device });
    aheadMs += 10 * minuteMs + 1_000;
    appliance.house.meetings.look();
    expect((await gita.call(readVisit, {})).place).toBe('in');
    looksFor(10);
    await eventually('she was sent off', async () => (await alice.call(readMeeting, { conversationId })).present.every(({ place }) => place === 'gone'));
    expect((await alice.call(readMeeting, { conversationId })).over).toBe(false);
    expect(await gita.call(readVisit, {})).toMatchObject({ place: 'gone', left: 'left-alone' });
    const early = await aGuest(appliance, { room: 'public/after-you', name: 'Early' });
    aheadMs += 11 * minuteMs;
    looksFor(11);
    expect(await early.call(readVisit, {})).toMatchObject({ place: 'waiting', begun: false });
    await tab.starts(conversationId);
    await early.call(knockAtMeeting, {});
    expect((await early.call(readVisit, {})).place).toBe('in');
  });
});

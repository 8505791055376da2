import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declineCall, endCall, joinCall, leaveCall, listCalls, listPastCalls, muteInCall, readIceServers, removeFromCall, ringInCall, shareScreen, startCall } from '#src/contract/calls.ts';
import { putSetting } from '#src/contract/administration.ts';
import { leaveConversation } from '#src/contract/conversations.ts';
import { readTimeline } from '#src/contract/timeline.ts';
import { systemClock } from '#src/kernel/clock.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { CallTab, type CallAt } from '#test/support/call-tab.ts';
import { aDirectChat, aGroup, anEmployee, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let bob: Person;
let mallory: Person;
let aheadMs = 0;
beforeAll(async () => {
  appliance = await anAppliance({ clock: () => systemClock() + aheadMs });
  ({ adam, alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
  await adam.call(putSetting, { name: 'groupMembersMax', value: 20 });
});
afterAll(() => appliance?.close());

const tabsOf = (...who: readonly Person[]): Promise<readonly CallTab[]> => Promise.all(who.map((person) => CallTab.open(person)));
const roleIn = async (person: Person, { callId }: CallAt): Promise<unknown> => (await person.call(listPastCalls, {})).calls.find((call) => call.callId === callId)?.role;
const linesOf = async (person: Person, conversationId: string): Promise<readonly string[]> =>
  (await person.call(readTimeline, { conversationId, where: 'latest' })).lines.flatMap((line) => (line.kind === 'call' ? [line.what] : []));

describe('a call of two', () => {
  it('rings the other one, is answered, and ends with the last one to leave', async () => {
    const conversationId = await aDirectChat(alice, bob);
    const [ofAlice, ofBob, elsewhere] = (await tabsOf(alice, bob, bob)) as [CallTab, CallTab, CallTab];
    const call = await ofAlice.starts(conversationId, { audioOnly: true });
    expect((await ofBob.hears('rang')).call).toMatchObject({ callId: call.callId, audioOnly: true, host: alice.account, ringing: [bob.account] });
    expect((await bob.call(listCalls, {})).calls).toMatchObject([{ callId: call.callId }]);
    expect((await mallory.call(listCalls, {})).calls).toEqual([]);
    await ofBob.joins(call);
    const told = await elsewhere.hears('joined');
    expect(told.call).toMatchObject({ ringing: [], participants: [{ account: alice.account, device: ofAlice.device }, { account: bob.account, device: ofBob.device }] });
    await bob.call(leaveCall, { ...call, device: ofBob.device });
    expect((await ofAlice.hears('left')).call?.participants).toHaveLength(1);
    await alice.call(leaveCall, { ...call, device: ofAlice.device });
    expect(await ofBob.hears('ended')).toMatchObject({ call: null, happened: { cause: 'everybody-left' } });
    expect(await linesOf(bob, conversationId)).toEqual(['started', 'joined', 'left', 'left', 'ended']);
    expect(await Promise.all([alice, bob].map((person) => roleIn(person, call)))).toEqual(['placed', 'answered']);
    expect((await bob.call(listCalls, {})).calls).toEqual([]);
  });

  it('is over when the other one declines', async () => {
    const conversationId = await aDirectChat(alice, bob);
    const [ofAlice] = (await tabsOf(alice)) as [CallTab];
    const call = await ofAlice.starts(conversationId);
    await bob.call(declineCall, call);
    expect((await ofAlice.hears('declined')).happened.account).toBe(bob.account);
    expect((await ofAlice.hears('ended')).happened.cause).toBe('declined');
    expect(await roleIn(bob, call)).toBe('declined');
    expect(await bob.refusal(declineCall, call)).toMatchObject({ code: 'call-over' });
  });

  it('rings out after 45 seconds, and is missed', async () => {
    const conversationId = await aDirectChat(alice, bob);
    const [ofAlice, ofBob] = (await tabsOf(alice, bob)) as [CallTab, CallTab];
    const call = await ofAlice.starts(conversationId);
    await ofBob.hears('rang');
    aheadMs += 44_000;
    await eventually('the keeper looked', async () => (await alice.call(listCalls, {})).calls.length === 1);
    expect(ofAlice.roster(call)).toMatchObject({ ringing: [bob.account] });
    aheadMs += 1_500;
    expect((await ofBob.hears('unanswered')).happened).toMatchObject({ account: bob.account, by: alice.account });
    expect((await ofAlice.hears('ended')).happened.cause).toBe('no-answer');
    expect(await roleIn(bob, call)).toBe('missed');
    expect((await linesOf(bob, conversationId)).slice(-3)).toEqual(['started', 'unanswered', 'ended']);
  });

  it('is missed, too, when the caller gives it up', async () => {
    const conversationId = await aDirectChat(alice, bob);
    const [ofAlice] = (await tabsOf(alice)) as [CallTab];
    const call = await ofAlice.starts(conversationId);
    await alice.call(leaveCall, { ...call, device: ofAlice.device });
    expect((await ofAlice.hears('ended')).happened.cause).toBe('given-up');
    expect(await roleIn(bob, call)).toBe('missed');
  });

  it('is one call when both start at once', async () => {
    const conversationId = await aDirectChat(alice, bob);
    const [one, other] = [randomUUID(), randomUUID()];
    const answers = await Promise.all([alice.answer(startCall, { conversationId, callId: one, device: randomUUID() }), bob.answer(startCall, { conversationId, callId: other, device: randomUUID() })]);
    expect(answers.filter((answer) => 'code' in answer).map((answer) => 'code' in answer && answer.code)).toEqual(['call-in-progress']);
    const [call] = (await alice.call(listCalls, {})).calls;
    const host = call!.startedBy === alice.account ? alice : bob;
    await host.call(endCall, { conversationId, callId: call!.callId });
  });
});

describe('a call in a group', () => {
  let group: string;
  const crowd: Person[] = [];
  beforeAll(async () => {
    for (let n = 1; n <= 8; n += 1) crowd.push(await anEmployee(appliance, adam, `caller${n}`));
    group = await aGroup(alice, [bob, ...crowd]);
  });

  it('takes eight people, and tells the ninth why not', async () => {
    const tabs = await tabsOf(alice, ...crowd.slice(0, 7));
    const call = await tabs[0]!.starts(group);
    for (const tab of tabs.slice(1)) await tab.joins(call);
    const full = await bob.refusal(joinCall, { ...call, device: randomUUID() });
    expect(full).toMatchObject({ code: 'call-full', limit: 8 });
    await tabs[3]!.person.call(leaveCall, { ...call, device: tabs[3]!.device });
    await bob.call(joinCall, { ...call, device: randomUUID() });
    await alice.call(endCall, call);
    expect(await roleIn(crowd[7]!, call)).toBe('without-me');
  });

  it('moves with somebody who joins from another device', async () => {
    const [ofAlice, atDesk, onPhone] = (await tabsOf(alice, bob, bob)) as [CallTab, CallTab, CallTab];
    const call = await ofAlice.starts(group);
    await atDesk.joins(call);
    await onPhone.joins(call);
    const moved = await ofAlice.hears('joined', ({ call: roster }) => roster?.participants[1]?.device === onPhone.device);
    expect(moved.call?.participants.map(({ account }) => account)).toEqual([alice.account, bob.account]);
    expect(await bob.call(leaveCall, { ...call, device: atDesk.device })).toEqual({ revision: -1 });
    await alice.call(endCall, call);
  });

  it('lets the host, and nobody else, mute, remove and end', async () => {
    const [ofAlice, ofBob] = (await tabsOf(alice, bob)) as [CallTab, CallTab];
    const call = await ofAlice.starts(group);
    await ofBob.joins(call);
    for (const [endpoint, input] of [[muteInCall, { ...call, account: alice.account, what: 'audio' }], [removeFromCall, { ...call, account: alice.account }], [endCall, call]] as const) {
      expect(await bob.refusal(endpoint, input as never)).toMatchObject({ code: 'not-the-host' });
    }
    await bob.call(shareScreen, { ...call, sharing: true });
    await alice.call(muteInCall, { ...call, account: bob.account, what: 'screen' });
    const muted = await ofBob.hears('muted');
    expect(muted.happened).toMatchObject({ account: bob.account, by: alice.account, taken: 'screen' });
    // Who was cut off meanwhile reads it there.
    expect((await bob.call(listCalls, {})).calls.find(({ callId }) => callId === call.callId)?.participants[1]?.taken).toEqual({ screen: muted.call?.revision });
    expect((await ofBob.hears('screen-ended')).call?.participants[1]?.sharing).toBe(false);
    await alice.call(removeFromCall, { ...call, account: bob.account });
    expect(await bob.refusal(joinCall, { ...call, device: ofBob.device })).toMatchObject({ code: 'not-admitted' });
    await alice.call(ringInCall, { ...call, accounts: [bob.account] });
    await ofBob.joins(call);
    await alice.call(leaveCall, { ...call, device: ofAlice.device });
    expect((await ofBob.hears('left', (frame) => frame.happened.account === alice.account)).call?.host).toBe(bob.account);
    await bob.call(endCall, call);
  });

  it('loses who leaves the group, in the same breath', async () => {
    const conversationId = await aGroup(alice, [bob, mallory]);
    const [ofAlice, ofMallory] = (await tabsOf(alice, mallory)) as [CallTab, CallTab];
    const call = await ofAlice.starts(conversationId);
    await ofMallory.joins(call);
    await mallory.call(leaveConversation, { conversationId });
    expect((await ofAlice.hears('left')).happened).toMatchObject({ account: mallory.account, cause: 'not-a-member' });
    await alice.call(endCall, call);
  });
});

describe('nobody', () => {
  it('calls, joins or learns of a call where they are not a member', async () => {
    const conversationId = await aDirectChat(alice, bob);
    const [ofAlice, ofMallory] = (await tabsOf(alice, mallory)) as [CallTab, CallTab];
    const call = await ofAlice.starts(conversationId);
    await ofAlice.hears('rang');
    for (const [endpoint, input] of [[startCall, { ...call, callId: randomUUID(), device: randomUUID() }], [joinCall, { ...call, device: randomUUID() }], [declineCall, call], [endCall, call], [ringInCall, { ...call, accounts: [mallory.account] }]] as const) {
      expect(await mallory.refusal(endpoint, input as never)).toMatchObject({ code: 'not-a-member' });
    }
    await ofMallory.socket.caughtUp();
    expect(ofMallory.socket.frames.filter(({ is }) => is === 'call')).toEqual([]);
    expect((await mallory.call(listPastCalls, {})).calls.some(({ callId }) => callId === call.callId)).toBe(false);
    await alice.call(endCall, call);
  });

  it('calls where calls are switched off', async () => {
    const conversationId = await aDirectChat(alice, bob);
    expect(await alice.call(readIceServers, {})).toMatchObject({ participantBitsPerSecond: 1_000_000, screenBitsPerSecond: 2_500_000 });
    await adam.call(putSetting, { name: 'callsEnabled', value: false });
    expect(await alice.refusal(startCall, { conversationId, callId: randomUUID(), device: randomUUID() })).toMatchObject({ code: 'calls-off' });
    expect(await alice.refusal(readIceServers, {})).toMatchObject({ code: 'calls-off' });
    await adam.call(putSetting, { name: 'callsEnabled', value: true });
  });
});

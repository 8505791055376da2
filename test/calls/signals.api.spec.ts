import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Call } from '#src/calls/call.ts';
import { endCall, joinCall, removeFromCall } from '#src/contract/calls.ts';
import { limits } from '#src/contract/limits.ts';
import { closeCodes } from '#src/contract/socket.ts';
import { suspendAccount } from '#src/contract/accounts.ts';
import { systemClock } from '#src/kernel/clock.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { candidate, CallTab, offer, type CallAt } from '#test/support/call-tab.ts';
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
});
afterAll(() => appliance?.close());

/** Alice and Bob in a call, each with a tab; Mallory is in the conversation when `withMallory`, and not in the call. */
const inCall = async (conversation: () => Promise<string> = () => aDirectChat(alice, bob)): Promise<{ ofAlice: CallTab; ofBob: CallTab; call: CallAt }> => {
  const conversationId = await conversation();
  const [ofAlice, ofBob] = (await Promise.all([CallTab.open(alice), CallTab.open(bob)])) as [CallTab, CallTab];
  const call = await ofAlice.starts(conversationId);
  await ofBob.joins(call);
  return { ofAlice, ofBob, call };
};
const ends = (call: CallAt): Promise<unknown> => alice.call(endCall, call);
const refusals = (tab: CallTab): readonly string[] => tab.socket.frames.flatMap((frame) => (frame.is === 'signal-refused' ? [frame.why] : []));

/** Of the tab that has no place in the call. */
let claimed = '';
const strangersAreRefused = async (withinMs?: number): Promise<void> => {
  const { ofAlice, ofBob, call } = await inCall(() => aGroup(alice, [bob, mallory]));
  const ofMallory = await CallTab.open(mallory);
  try {
    for (const device of [ofMallory.device, ofAlice.device, ofBob.device]) {
      claimed = device;
      await ofMallory.saysItIsIn(call, device);
      ofMallory.signals(call, ofBob.device, offer());
      await eventually('it was refused', () => refusals(ofMallory).at(-1) === 'not-in-call', undefined, withinMs);
      ofMallory.socket.frames.length = 0;
    }
    // And nothing that is meant for the device they claimed comes to them.
    ofBob.signals(call, ofAlice.device, candidate(1));
    await eventually('it came to the right one', () => ofAlice.heard().length === 1);
    await ofMallory.socket.caughtUp();
    expect([ofBob.heard(), ofMallory.heard()]).toEqual([[], []]);
  } finally {
    await ends(call);
  }
};

describe('signals', () => {
  it('reach the other device, in the order of sending, both ways', async () => {
    const { ofAlice, ofBob, call } = await inCall();
    for (let n = 0; n < 100; n += 1) {
      ofAlice.signals(call, ofBob.device, candidate(n));
      ofBob.signals(call, ofAlice.device, candidate(1_000 + n));
    }
    await eventually('all of them came', () => ofBob.heard().length === 100 && ofAlice.heard().length === 100);
    const texts = (tab: CallTab): readonly unknown[] => tab.heard().map(({ signal }) => signal.is === 'candidate' && signal.candidate);
    expect(texts(ofBob)).toEqual(Array.from({ length: 100 }, (_, n) => `candidate:${n}`));
    expect(texts(ofAlice)).toEqual(Array.from({ length: 100 }, (_, n) => `candidate:${1_000 + n}`));
    expect(ofBob.heard()[0]).toMatchObject({ from: ofAlice.device, account: alice.account, callId: call.callId });
    await ends(call);
  });

  it('take the longest description that is allowed, and refuse a longer one without harm to the call', async () => {
    const { ofAlice, ofBob, call } = await inCall();
    ofAlice.signals(call, ofBob.device, offer('v'.repeat(limits.sdpMax)));
    ofAlice.signals(call, ofBob.device, offer('v'.repeat(limits.sdpMax + 1)));
    ofAlice.socket.socket.send(JSON.stringify({ is: 'signal', ...call, to: ofBob.device, signal: { is: 'candidate', candidate: 7 } }));
    ofAlice.signals(call, ofBob.device, candidate(1));
    await eventually('the candidate came', () => ofBob.heard().length === 2);
    expect(refusals(ofAlice)).toEqual(['too-large', 'malformed']);
    await ends(call);
  });

  it('of somebody who is in the conversation and not in the call go nowhere, whatever device they claim', () => strangersAreRefused());

  it('would go to a stranger\'s account if who takes part were not asked of the record', async () => {
    // A build whose roster has room for whoever asks: the promise above must notice.
    const roster = appliance.house.hub.calls.calls as Map<string, Call>;
    const sound = roster.get.bind(roster);
    roster.get = (conversationId) => {
      const call = sound(conversationId);
      return call && { ...call, parties: [...call.parties, ...call.parties.map((party) => ({ ...party, account: mallory.account })), { ...call.parties[0]!, account: mallory.account, device: claimed }] };
    };
    await expect(strangersAreRefused(500)).rejects.toThrow('in vain');
    roster.get = sound;
  });

  it('of somebody who is in the call never come from another\'s device', async () => {
    const { ofAlice, ofBob, call } = await inCall(() => aGroup(alice, [bob, mallory]));
    const ofMallory = await CallTab.open(mallory);
    const takesBobs = () => mallory.refusal(joinCall, { ...call, device: ofBob.device });
    expect((await takesBobs()).code).toBe('device-taken');
    await ofMallory.joins(call);
    expect((await takesBobs()).code).toBe('device-taken');
    await ofMallory.saysItIsIn(call, ofBob.device);
    ofMallory.signals(call, ofAlice.device, offer());
    await eventually('it was refused', () => refusals(ofMallory).at(-1) === 'not-in-call');
    ofBob.signals(call, ofAlice.device, candidate(1));
    await eventually('it came', () => ofAlice.heard().length === 1);
    expect(ofAlice.heard()).toMatchObject([{ from: ofBob.device, account: bob.account }]);
    await ends(call);
  });

  it('do not go from one call into another, nor to a device that is not in it', async () => {
    const first = await inCall();
    const second = await inCall(() => aGroup(alice, [bob]));
    second.ofAlice.signals(first.call, first.ofBob.device, offer());
    second.ofAlice.signals({ ...second.call, callId: first.call.callId }, first.ofBob.device, offer());
    second.ofAlice.signals(second.call, first.ofBob.device, offer());
    second.ofAlice.signals({ ...second.call, callId: randomUUID() }, second.ofBob.device, offer());
    await eventually('all were refused', () => refusals(second.ofAlice).length === 4);
    expect([new Set(refusals(second.ofAlice)), first.ofBob.heard(), second.ofBob.heard()]).toEqual([new Set(['not-in-call']), [], []]);
    await Promise.all([ends(first.call), ends(second.call)]);
  });

  it('are refused above the rate while the call goes on, and a flood closes the socket that sends it', async () => {
    const { ofAlice, ofBob, call } = await inCall();
    for (let n = 0; n < limits.callSignalBurst + 200; n += 1) ofAlice.signals(call, ofBob.device, candidate(n));
    await eventually('some were refused', () => refusals(ofAlice).includes('too-many'));
    ofBob.signals(call, ofAlice.device, candidate(7));
    await eventually('the other one still signals', () => ofAlice.heard().length === 1);
    for (let n = 0; n < limits.callSignalBurst * 4; n += 1) ofAlice.signals(call, ofBob.device, candidate(n));
    expect((await ofAlice.socket.isClosed()).code).toBe(closeCodes.misbehaved);
    expect(ofBob.socket.socket.readyState).toBe(1);
    await ends(call);
  });

  it('end within a second for who is removed, and for who is suspended', async () => {
    const crowd = await anEmployee(appliance, adam, 'victor');
    const { ofAlice, ofBob, call } = await inCall(() => aGroup(alice, [bob, crowd]));
    const ofVictor = await CallTab.open(crowd);
    await ofVictor.joins(call);
    await alice.call(removeFromCall, { ...call, account: bob.account });
    ofBob.signals(call, ofAlice.device, offer());
    await eventually('it was refused', () => refusals(ofBob).length === 1, undefined, 1_000);
    await adam.call(suspendAccount, { account: crowd.account });
    expect((await ofVictor.socket.isClosed()).code).toBe(closeCodes.sessionEnded);
    expect((await ofAlice.hears('left', ({ happened }) => happened.account === crowd.account)).happened.cause).toBe('not-a-member');
    expect(ofAlice.heard()).toEqual([]);
    await ends(call);
  });
});

describe('somebody whose connection breaks', () => {
  it('is in the call still when they are back in time, and signals again', async () => {
    const { ofAlice, ofBob, call } = await inCall();
    await ofBob.reconnects();
    await ofBob.saysItIsIn(call);
    ofAlice.signals(call, ofBob.device, candidate(1));
    await eventually('it came', () => ofBob.heard().length === 1);
    await ends(call);
  });

  it('has left after 20 seconds, and the last one so ends the call', async () => {
    const { ofAlice, ofBob, call } = await inCall();
    ofBob.socket.socket.terminate();
    await eventually('the appliance noticed', () => !appliance.house.hub.calls.isHere({ conversationId: call.conversationId, account: bob.account, device: ofBob.device }));
    aheadMs += 19_000;
    await ofAlice.socket.caughtUp();
    expect(ofAlice.roster(call)?.participants).toHaveLength(2);
    aheadMs += 2_000;
    expect((await ofAlice.hears('left')).happened).toMatchObject({ account: bob.account, cause: 'connection' });
    const watching = await CallTab.open(bob);
    ofAlice.socket.socket.terminate();
    await eventually('the appliance noticed', () => !appliance.house.hub.calls.isHere({ conversationId: call.conversationId, account: alice.account, device: ofAlice.device }));
    aheadMs += 21_000;
    expect(await watching.hears('ended')).toMatchObject({ call: null, happened: { cause: 'everybody-left' } });
  });

  it('is heard of again within 30 seconds after the appliance came back, or has left', async () => {
    const { ofAlice, ofBob, call } = await inCall();
    await appliance.restart();
    await ofAlice.reconnects();
    await ofAlice.saysItIsIn(call);
    await eventually('it is known', () => appliance.house.hub.calls.isHere({ conversationId: call.conversationId, account: alice.account, device: ofAlice.device }));
    await eventually('the keeper has looked', () => appliance.house.hub.calls.calls.get(call.conversationId)?.parties.length === 2);
    aheadMs += 31_000;
    expect((await ofAlice.hears('left')).happened).toMatchObject({ account: bob.account, cause: 'connection' });
    expect(ofAlice.roster(call)?.participants).toMatchObject([{ account: alice.account }]);
    expect(ofBob.socket.frames.some((frame) => frame.is === 'call' && frame.happened.what === 'ended')).toBe(false);
    await ends(call);
  });
});

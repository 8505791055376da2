import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endCall, leaveCall, removeFromCall } from '#src/contract/calls.ts';
import type { Appliance } from '#test/support/appliance.ts';
import { candidate, CallTab, offer, type CallAt } from '#test/support/call-tab.ts';
import { NatsServer } from '#test/support/nats-server.ts';
import { at, severalAppliances, type Nodes } from '#test/support/nodes.ts';
import { aDirectChat, aGroup, isIn, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let bus: NatsServer;
let nodes: Nodes;
let [one, two]: Appliance[] = [];
let alice: Person;
let bob: Person;
let mallory: Person;
beforeAll(async () => {
  bus = await NatsServer.open();
  nodes = await severalAppliances({ env: { HANSARD_BUS: bus.url } });
  [one, two] = nodes.appliances;
  const company = await people(one!, 'alice', 'bob', 'mallory');
  ({ alice } = company);
  [bob, mallory] = [at(two!, company.bob), at(two!, company.mallory)];
  await eventually('both reached the bus', () => nodes.appliances.every(({ house }) => house.bus?.state().state === 'connected'));
});
afterAll(async () => {
  await nodes?.close();
  await bus?.kill();
});

const inCall = async (conversationId: string): Promise<{ ofAlice: CallTab; ofBob: CallTab; call: CallAt }> => {
  await isIn(bob, conversationId);
  const [ofAlice, ofBob] = (await Promise.all([CallTab.open(alice), CallTab.open(bob)])) as [CallTab, CallTab];
  const call = await ofAlice.starts(conversationId);
  await ofBob.hears('started');
  await ofBob.joins(call);
  return { ofAlice, ofBob, call };
};

describe('people on two appliances', () => {
  it('call and signal each other, in the order of sending, both ways', async () => {
    const { ofAlice, ofBob, call } = await inCall(await aDirectChat(alice, bob));
    // Bob's first ones may be on their way before Alice's node has heard that he is in it.
    for (let n = 0; n < 50; n += 1) ofBob.signals(call, ofAlice.device, candidate(n));
    await ofAlice.hears('joined');
    for (let n = 0; n < 50; n += 1) ofAlice.signals(call, ofBob.device, candidate(n));
    await eventually('all of them came', () => ofBob.heard().length === 50 && ofAlice.heard().length === 50, () => [ofBob.heard().length, ofAlice.heard().length, ofBob.socket.frames.slice(-2)]);
    for (const tab of [ofAlice, ofBob]) expect(tab.heard().map(({ signal }) => signal.is === 'candidate' && signal.candidate)).toEqual(Array.from({ length: 50 }, (_, n) => `candidate:${n}`));
    await bob.call(leaveCall, { ...call, device: ofBob.device });
    await ofAlice.hears('left');
    await alice.call(endCall, call);
    expect((await ofBob.hears('ended')).call).toBeNull();
  });

  it('are told at once who is removed, and nothing of theirs comes through any more', async () => {
    const { ofAlice, ofBob, call } = await inCall(await aGroup(alice, [bob]));
    await ofAlice.hears('joined');
    await alice.call(removeFromCall, { ...call, account: bob.account });
    await ofBob.hears('removed');
    ofBob.signals(call, ofAlice.device, offer());
    await ofBob.socket.hears('signal-refused');
    expect(ofAlice.heard()).toEqual([]);
    await alice.call(endCall, call);
  });

  it('are not in each other\'s calls because another appliance says so', async () => {
    const { ofAlice, ofBob, call } = await inCall(await aGroup(alice, [bob, mallory]));
    await ofAlice.hears('joined');
    // A node that does not ask the record: what it passes on is judged where it arrives.
    two!.house.bus!.publish('signals', { conversationId: call.conversationId, callId: call.callId, from: ofBob.device, account: mallory.account, to: ofAlice.device, signal: offer() });
    ofBob.signals(call, ofAlice.device, candidate(1));
    await eventually('what came after it came', () => ofAlice.heard().some(({ signal }) => signal.is === 'candidate'));
    expect(ofAlice.heard().map(({ account }) => account)).toEqual([bob.account]);
    await alice.call(endCall, call);
  });
});

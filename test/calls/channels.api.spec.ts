import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { declineCall, endCall, joinCall, listCalls, listPastCalls, ringInCall, startCall } from '#src/contract/calls.ts';
import { inviteToSpace, joinChannel, leaveSpace, openChannel, removeFromSpace } from '#src/contract/conversations.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { candidate, CallTab, type CallAt } from '#test/support/call-tab.ts';
import { aSpace, isIn, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let mallory: Person;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
});
afterAll(() => appliance?.close());

/** All three are in it, and in its call. */
const aCall = async () => {
  const { spaceId } = await aSpace(alice, [bob, mallory]);
  const conversationId = randomUUID();
  await alice.call(openChannel, { spaceId, conversationId, name: 'standup' });
  for (const person of [bob, mallory]) await person.call(joinChannel, { conversationId });
  for (const person of [alice, bob, mallory]) await isIn(person, conversationId);
  const [ofAlice, ofBob, ofMallory] = (await Promise.all([alice, bob, mallory].map((person) => CallTab.open(person)))) as [CallTab, CallTab, CallTab];
  const call = await ofAlice.starts(conversationId, { ring: [bob.account] });
  await ofBob.joins(call);
  await ofMallory.joins(call);
  await eventually('all are in it', () => ofAlice.roster(call)?.participants.length === 3);
  return { spaceId, conversationId, ofAlice, ofBob, ofMallory, call };
};
const mayDoNothing = async (person: Person, call: CallAt): Promise<void> => {
  for (const [endpoint, input] of [[startCall, { ...call, callId: randomUUID(), device: randomUUID() }], [joinCall, { ...call, device: randomUUID() }], [declineCall, call], [endCall, call], [ringInCall, { ...call, accounts: [bob.account] }]] as const) {
    expect(await person.refusal(endpoint, input as never)).toMatchObject({ code: 'not-a-member' });
  }
  expect([(await person.call(listCalls, {})).calls, (await person.call(listPastCalls, { conversationId: call.conversationId })).calls]).toEqual([[], []]);
};

describe('a call in a channel', () => {
  it('loses who leaves the space: from the call, the signals and the news of it', async () => {
    const { spaceId, ofAlice, ofBob, ofMallory, call } = await aCall();
    await mallory.call(leaveSpace, { spaceId });
    await mayDoNothing(mallory, call);
    expect((await ofAlice.hears('left')).happened).toMatchObject({ account: mallory.account, cause: 'not-a-member' });
    await ofMallory.socket.caughtUp();
    ofMallory.socket.frames.length = 0;
    ofMallory.signals(call, ofBob.device, candidate(1));
    await alice.call(endCall, call);
    await ofBob.hears('ended');
    await ofMallory.socket.hears('signal-refused');
    expect(ofMallory.socket.frames.filter(({ is }) => is === 'call')).toEqual([]);
    expect(ofBob.heard()).toEqual([]);
  });
  it('loses who is removed from the space, who comes back to it without a place in the channel', async () => {
    const { spaceId, conversationId, ofAlice, call } = await aCall();
    await alice.call(removeFromSpace, { spaceId, account: mallory.account });
    await alice.call(inviteToSpace, { spaceId, account: mallory.account });
    await mayDoNothing(mallory, call);
    await eventually('two are in it', () => ofAlice.roster(call)?.participants.length === 2);
    await eventually('the channel has forgotten them', async () => !('code' in (await mallory.answer(joinChannel, { conversationId }))));
    await mallory.call(joinCall, { ...call, device: randomUUID() });
    await alice.call(endCall, call);
  });
});

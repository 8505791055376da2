import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFirstAccount } from '#src/contract/accounts.ts';
import { endCall, listCalls, listPastCalls } from '#src/contract/calls.ts';
import type { Appliance } from '#test/support/appliance.ts';
import { candidate, CallTab, type CallAt } from '#test/support/call-tab.ts';
import { aDeployment, type Deployment } from '#test/support/deploy.ts';
import { aDirectChat, anEmployee, passwordOf, Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

/** Somebody pulls the plug in the middle of a call. */
describe('a call, when the appliance is killed', () => {
  let deployment: Deployment;
  let alice: Person;
  let bob: Person;
  let chat: string;
  beforeAll(async () => {
    deployment = await aDeployment();
    const token = /\/first#([A-Za-z0-9_-]+)/.exec(await deployment.start())![1]!;
    // People need no more of an appliance than where it is.
    const appliance = { url: deployment.url } as Appliance;
    const adam = new Person(appliance, 'adam');
    adam.account = (await adam.call(openFirstAccount, { token, signInName: 'adam', displayName: 'Adam', password: passwordOf('adam') })).account;
    [alice, bob] = [await anEmployee(appliance, adam, 'alice'), await anEmployee(appliance, adam, 'bob')];
    chat = await aDirectChat(alice, bob);
  });
  afterAll(() => deployment?.remove());

  const inCall = async (): Promise<{ ofAlice: CallTab; ofBob: CallTab; call: CallAt }> => {
    const [ofAlice, ofBob] = (await Promise.all([CallTab.open(alice), CallTab.open(bob)])) as [CallTab, CallTab];
    const call = await ofAlice.starts(chat);
    await ofBob.joins(call);
    await ofAlice.hears('joined');
    return { ofAlice, ofBob, call };
  };
  const isKilled = async (): Promise<void> => {
    await deployment.stop('SIGKILL');
    await deployment.start();
  };

  it('goes on for those who come back', async () => {
    const { ofAlice, ofBob, call } = await inCall();
    await isKilled();
    expect((await alice.call(listCalls, {})).calls).toMatchObject([{ callId: call.callId, participants: [{ device: ofAlice.device }, { device: ofBob.device }] }]);
    for (const tab of [ofAlice, ofBob]) {
      await tab.reconnects();
      await tab.saysItIsIn(call);
    }
    ofAlice.signals(call, ofBob.device, candidate(1));
    await eventually('it came', () => ofBob.heard().length === 1);
    await alice.call(endCall, call);
  });

  it('loses who does not come back within 30 seconds, and ends with the last of them', async () => {
    const { ofBob, call } = await inCall();
    await isKilled();
    const began = Date.now();
    await ofBob.reconnects();
    await ofBob.saysItIsIn(call);
    const left = await eventually('Alice has left', () => ofBob.socket.frames.find((frame) => frame.is === 'call' && frame.happened.what === 'left'), undefined, 45_000);
    expect(left).toMatchObject({ happened: { account: alice.account, cause: 'connection' }, call: { participants: [{ account: bob.account }] } });
    expect(Date.now() - began).toBeGreaterThan(25_000);
    const watching = await CallTab.open(alice);
    ofBob.socket.socket.terminate();
    await eventually('the call ended', () => watching.socket.frames.some((frame) => frame.is === 'call' && frame.call === null), undefined, 30_000);
    expect((await alice.call(listPastCalls, {})).calls[0]).toMatchObject({ callId: call.callId, role: 'placed', people: [alice.account, bob.account] });
  });

  it('rings out although the appliance was away while it rang', async () => {
    const ofAlice = await CallTab.open(alice);
    const call = await ofAlice.starts(chat);
    await isKilled();
    await ofAlice.reconnects();
    await ofAlice.saysItIsIn(call);
    await eventually('it ended', () => ofAlice.socket.frames.some((frame) => frame.is === 'call' && frame.happened.cause === 'no-answer'), undefined, 60_000);
    expect((await bob.call(listCalls, {})).calls).toEqual([]);
    expect((await bob.call(listPastCalls, {})).calls[0]).toMatchObject({ callId: call.callId, role: 'missed' });
  });
});

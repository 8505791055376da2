import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFirstAccount } from '#src/contract/accounts.ts';
import { endCall, listCalls, listPastCalls, type CallLine } from '#src/contract/calls.ts';
import { readTimeline } from '#src/contract/timeline.ts';
import type { Appliance } from '#test/support/appliance.ts';
import { candidate, CallTab, type CallAt } from '#test/support/call-tab.ts';
import { ClockHand } from '#test/support/clock-hand.ts';
import { aDeployment, type Deployment } from '#test/support/deploy.ts';
import { aDirectChat, anEmployee, passwordOf, Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

/** Somebody pulls the plug in the middle of a call. */
describe('a call, when the appliance is killed', () => {
  const clock = new ClockHand();
  let deployment: Deployment;
  let alice: Person;
  let bob: Person;
  let chat: string;
  beforeAll(async () => {
    deployment = await aDeployment(clock.env);
    const token = /\/first#([A-Za-z0-9_-]+)/.exec(await deployment.start())![1]!;
    // People need no more of an appliance than where it is.
    const appliance = { url: deployment.url } as Appliance;
    const adam = new Person(appliance, 'adam');
    adam.account = (await adam.call(openFirstAccount, { token, signInName: 'adam', displayName: 'Adam', password: passwordOf('adam') })).account;
    [alice, bob] = [await anEmployee(appliance, adam, 'alice'), await anEmployee(appliance, adam, 'bob')];
    chat = await aDirectChat(alice, bob);
  });
  afterAll(async () => {
    await deployment?.remove();
    clock.remove();
  });

  const inCall = async (): Promise<{ ofAlice: CallTab; ofBob: CallTab; call: CallAt }> => {
    const [ofAlice, ofBob] = (await Promise.all([CallTab.open(alice), CallTab.open(bob)])) as [CallTab, CallTab];
    const call = await ofAlice.starts(chat);
    await ofBob.joins(call);
    await ofAlice.hears('joined');
    return { ofAlice, ofBob, call };
  };
  /** By the clock of the appliance. */
  const isKilled = async (): Promise<number> => {
    await deployment.stop('SIGKILL');
    const killedAt = clock.now();
    await deployment.start();
    return killedAt;
  };
  /** When it happened, by the record; until then the clock runs some twenty times as fast. */
  const happensAt = async (what: CallLine['what'], { callId }: CallAt): Promise<number> => {
    const found = await eventually(`it is on record: ${what}`, async () => {
      clock.turn(250);
      const { lines } = await bob.call(readTimeline, { conversationId: chat, where: 'latest' });
      return lines.find((line): line is CallLine => line.kind === 'call' && line.callId === callId && line.what === what);
    }, undefined, 60_000);
    return found.at;
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
    const killedAt = await isKilled();
    await ofBob.reconnects();
    await ofBob.saysItIsIn(call);
    expect(await happensAt('left', call) - killedAt).toBeGreaterThanOrEqual(30_000);
    expect(await ofBob.hears('left')).toMatchObject({ happened: { account: alice.account, cause: 'connection' }, call: { participants: [{ account: bob.account }] } });
    const lostAt = clock.now();
    ofBob.socket.socket.terminate();
    expect(await happensAt('ended', call) - lostAt).toBeGreaterThanOrEqual(20_000);
    expect((await alice.call(listPastCalls, {})).calls[0]).toMatchObject({ callId: call.callId, role: 'placed', people: [alice.account, bob.account] });
  });

  it('rings out although the appliance was away while it rang', async () => {
    const ofAlice = await CallTab.open(alice);
    const startedAt = clock.now();
    const call = await ofAlice.starts(chat);
    await isKilled();
    await ofAlice.reconnects();
    await ofAlice.saysItIsIn(call);
    expect(await happensAt('unanswered', call) - startedAt).toBeGreaterThanOrEqual(45_000);
    expect((await ofAlice.hears('ended')).happened.cause).toBe('no-answer');
    expect((await bob.call(listCalls, {})).calls).toEqual([]);
    expect((await bob.call(listPastCalls, {})).calls[0]).toMatchObject({ callId: call.callId, role: 'missed' });
  });
});

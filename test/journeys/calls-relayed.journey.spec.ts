import { afterAll, beforeAll, describe, expect } from 'vitest';
import { callFlags, goesIntoCall, pathsOf, ringOf, seesMove, smallPictures, watchesPaths } from '#test/support/journey-calls.ts';
import { Stage, story } from '#test/support/journey.ts';
import type { Tab } from '#test/support/journey-tab.ts';
import { aDirectChat, people, type Person } from '#test/support/people.ts';
import { freeUdpPort, pidOfTheRelay } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

/** A browser refreshes an allocation when half of so short a life is over. */
const allocationLivesS = 8;
/** Of one connection of each: this side's candidate, and the other's. */
const relayed = [[['relay', 'relay']], [['relay', 'relay']]];

describe('two people who reach each other over the relay in the box alone', () => {
  let stage: Stage;
  let who: { readonly alice: Person; readonly bob: Person };
  let tabs: readonly [Tab, Tab];
  const tell = (title: string, it: () => Promise<void>): void => story(() => stage, title, it);
  const seeEachOther = () => Promise.all([seesMove(tabs[0], [who.bob.account]), seesMove(tabs[1], [who.alice.account])]);
  const pairs = () => Promise.all(tabs.map(async (tab) => (await pathsOf(tab)).map(({ pair }) => pair)));
  beforeAll(async () => {
    // Its port is chosen here, so that the relay is found there again when it was started anew.
    stage = await Stage.set({
      flags: callFlags, env: { HANSARD_TURN: 'on', HANSARD_TURN_PORT: String(await freeUdpPort()), HANSARD_TURN_ADDRESS: '127.0.0.1' },
      adjusts: (config) => ({ ...config, turn: config.turn && { ...config.turn, limits: { ...config.turn.limits, lifetimeS: allocationLivesS, lifetimeMaxS: allocationLivesS } } }),
    });
    who = await people(stage.appliance, 'alice', 'bob');
    const chat = await aDirectChat(who.alice, who.bob);
    tabs = [await stage.tab('alice', { who: who.alice }), await stage.tab('bob', { who: who.bob })];
    for (const tab of tabs) {
      await watchesPaths(tab, { relayed: true });
      await smallPictures(tab);
      await tab.goes(`/c/${chat}`);
      await tab.sees(tab.button('Call'));
    }
  });
  afterAll(() => stage?.close());

  tell('see each other, for longer than two refreshes of every allocation', async () => {
    const [alice, bob] = tabs;
    await goesIntoCall(alice, 'Start call');
    await bob.sees(ringOf(bob).locator('button').first());
    await bob.presses('Accept with video');
    await seeEachOther();
    expect(await pairs()).toEqual(relayed);
    const { turn } = stage.appliance.house;
    const { refreshed, allocations } = await eventually('the relay has counted them', () => turn.counts().allocations > 1 && turn.counts(), () => turn.counts());
    await eventually('all were refreshed twice', () => turn.counts().refreshed >= refreshed + 2 * allocations, () => turn.counts(), 20_000);
    await seeEachOther();
  });

  tell('see each other again by themselves after the relay was killed', async () => {
    const { turn } = stage.appliance.house;
    process.kill(pidOfTheRelay(), 'SIGKILL');
    await eventually('the relay is started again', () => turn.restarts === 1 && turn.state().state === 'listening', () => turn.state(), 20_000);
    await eventually('both have allocations in it', () => turn.counts().allocated >= 2, () => turn.counts(), 40_000);
    await eventually('both are relayed again', async () => JSON.stringify(await pairs()) === JSON.stringify(relayed), pairs, 20_000);
    await seeEachOther();
  });
});

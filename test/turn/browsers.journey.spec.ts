import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RelayedPages, says, seen } from '#test/support/relayed-pages.ts';
import { TurnRelay } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

let relay: TurnRelay;
let pages: RelayedPages;

beforeAll(async () => {
  // A browser refreshes when half of so short a lifetime is over.
  relay = await TurnRelay.open({ limits: { lifetimeS: 10, lifetimeMaxS: 10 } });
  pages = await RelayedPages.open(relay, { alice: ['udp'], bob: ['udp'] });
}, 60_000);
afterAll(async () => {
  await pages.close();
  relay.close();
});

describe('two browsers that may only use the relay', () => {
  it('connect through relayed addresses on both sides, and see and hear each other', async () => {
    const { alice, bob } = pages;
    await pages.talk();
    await says(alice, bob, 'hello');
    await says(bob, alice, 'good day');
    for (const page of pages.both) await eventually('frames are decoded', async () => (await seen(page)).frames > 10, () => seen(page), 20_000);
    expect(await seen(alice)).toMatchObject({ local: 'relay', remote: 'relay', over: 'udp' });
    expect(await seen(bob)).toMatchObject({ local: 'relay', remote: 'relay', over: 'udp' });
  });
  it('go on for longer than two refreshes of every allocation', async () => {
    const { alice, bob } = pages;
    const { refreshed, allocations } = relay.guard.counts();
    await eventually('all were refreshed thrice', () => relay.guard.counts().refreshed >= refreshed + 3 * allocations, () => relay.guard.counts(), 60_000);
    expect(relay.guard.counts().allocations).toBe(allocations);
    await says(alice, bob, 'still here');
    await says(bob, alice, 'here too');
    for (const page of pages.both) {
      const { frames } = await seen(page);
      await eventually('frames go on', async () => (await seen(page)).frames > frames + 10, () => seen(page));
      expect(await page.evaluate(() => globalThis.peer.states)).toEqual(['connecting', 'connected']);
    }
  });
  it('go on over new allocations after an ICE restart', async () => {
    const { alice, bob } = pages;
    const { allocated } = relay.guard.counts();
    await pages.connect();
    await eventually('there are new allocations', () => relay.guard.counts().allocated >= allocated + 2, () => relay.guard.counts());
    await says(alice, bob, 'restarted');
    await says(bob, alice, 'me too');
    expect(await seen(alice)).toMatchObject({ local: 'relay', remote: 'relay', over: 'udp' });
  });
  it('lose the call at once when one of them is revoked', async () => {
    relay.guard.revoke('alice', null, Math.ceil(Date.now() / 1_000));
    const { dropped } = relay.guard.counts();
    await eventually('what bob sends is dropped', () => relay.guard.counts().dropped > dropped, () => relay.guard.counts());
    await eventually('bob notices', () => pages.bob.evaluate(() => globalThis.peer.pc.iceConnectionState === 'disconnected' || globalThis.peer.pc.iceConnectionState === 'failed'), () => pages.bob.evaluate(() => globalThis.peer.pc.iceConnectionState), 30_000);
  });
});

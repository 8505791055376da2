import { afterEach, describe, expect, it } from 'vitest';
import { RelayedPages, says, seen } from '#test/support/relayed-pages.ts';
import { TurnRelay } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

let relay: TurnRelay;
let pages: RelayedPages;
/** A browser refreshes when half of so short a lifetime is over. */
const open = async (alice: readonly string[], bob: readonly string[]): Promise<void> => {
  relay = await TurnRelay.open({ limits: { lifetimeS: 10, lifetimeMaxS: 10 } });
  pages = await RelayedPages.open(relay, { alice, bob });
};
const counts = () => relay.guard.counts();
afterEach(async () => {
  await pages.close();
  relay.close();
});

describe('a browser that may only use the relay', { timeout: 60_000 }, () => {
  it('and reaches it by TCP alone, and one that reaches it by UDP alone, see and hear each other for longer than a refresh', async () => {
    await open(['tcp'], ['udp']);
    const { alice, bob } = pages;
    await pages.talk();
    await says(alice, bob, 'hello');
    await says(bob, alice, 'good day');
    for (const page of pages.both) await eventually('frames are decoded', async () => (await seen(page)).frames > 10, () => seen(page), 20_000);
    expect(await seen(alice)).toMatchObject({ local: 'relay', remote: 'relay', over: 'tcp' });
    expect(await seen(bob)).toMatchObject({ local: 'relay', remote: 'relay', over: 'udp' });
    const { refreshed, allocations } = counts();
    await eventually('all were refreshed', () => counts().refreshed >= refreshed + 2 * allocations, counts, 30_000);
    const { frames } = await seen(bob);
    await eventually('frames go on', async () => (await seen(bob)).frames > frames + 10, () => seen(bob));
    await says(alice, bob, 'still here');
    expect(counts()).toMatchObject({ malformed: 0, cut: 0 });
    expect(await alice.evaluate(() => globalThis.peer.states)).toEqual(['connecting', 'connected']);
    relay.guard.revoke('alice', null, Math.ceil(Date.now() / 1_000));
    await eventually('her connections are ended', () => counts().connections === 0, counts);
  });
  it('prefers UDP where it may use either, and keeps an allocation over each', async () => {
    await open(['tcp', 'udp'], ['udp', 'tcp']);
    await pages.talk();
    await says(pages.alice, pages.bob, 'hello');
    for (const page of pages.both) await eventually('UDP is in use', async () => (await seen(page)).over === 'udp', () => seen(page), 20_000);
    // What docs/calls.md says that somebody needs.
    await eventually('those that nobody needs are over', () => counts().allocations === 4 && counts().connections === 2, counts);
  });
});

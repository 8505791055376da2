import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aBrowser } from '#test/support/browser.ts';
import { TurnRelay } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

/** Two Chromium peers in plain pages that may use nothing but relayed addresses: neither they nor their ICE is ours. */

let relay: TurnRelay;
let server: Server;
let browser: Browser;
let pages: readonly [Page, Page];

/** What a page keeps, as its script sees it. */
type Peer = { pc: RTCPeerConnection; channel?: RTCDataChannel; heard: string[]; states: string[] };
declare global {
  // oxlint-disable-next-line no-var
  var peer: Peer;
}

const aPage = async (account: string): Promise<Page> => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  const { username, credential } = relay.credential(account);
  await page.evaluate(([urls, name, password]) => {
    const pc = new RTCPeerConnection({ iceServers: [{ urls: urls!, username: name!, credential: password! }], iceTransportPolicy: 'relay' });
    globalThis.peer = { pc, heard: [], states: [] };
    pc.onconnectionstatechange = () => globalThis.peer.states.push(pc.connectionState);
    pc.ondatachannel = ({ channel }) => {
      globalThis.peer.channel = channel;
      channel.onmessage = ({ data }) => globalThis.peer.heard.push(String(data));
    };
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d')!;
    setInterval(() => context.fillRect(Math.random() * 300, Math.random() * 150, 20, 20), 50);
    for (const track of canvas.captureStream(20).getTracks()) pc.addTrack(track);
  }, [`turn:127.0.0.1:${relay.port}?transport=udp`, username, credential]);
  return page;
};

/** The description with all candidates in it. */
const described = (page: Page, is: 'offer' | 'answer', remote?: RTCSessionDescriptionInit): Promise<RTCSessionDescriptionInit> =>
  page.evaluate(async ([kind, other, restart]) => {
    const { pc } = globalThis.peer;
    if (other) await pc.setRemoteDescription(other);
    await pc.setLocalDescription(kind === 'offer' ? await pc.createOffer({ iceRestart: restart! }) : await pc.createAnswer());
    await new Promise<void>((resolve) => {
      const look = (): void => void (pc.iceGatheringState === 'complete' && resolve());
      pc.onicegatheringstatechange = look;
      look();
    });
    return pc.localDescription!.toJSON() as RTCSessionDescriptionInit;
  }, [is, remote ?? null, remote === undefined] as const);

const connect = async ([one, other]: readonly [Page, Page]): Promise<void> => {
  const answer = await described(other, 'answer', await described(one, 'offer'));
  await one.evaluate((description) => globalThis.peer.pc.setRemoteDescription(description), answer);
};
const heard = (page: Page): Promise<string[]> => page.evaluate(() => globalThis.peer.heard);
const says = async (from: Page, to: Page, words: string): Promise<void> => {
  await from.evaluate((text) => globalThis.peer.channel!.send(text), words);
  await eventually(`"${words}" is heard`, async () => (await heard(to)).includes(words), () => heard(to));
};
/** Frames decoded, and the type and address of the candidate in use. */
const seen = (page: Page): Promise<{ readonly frames: number; readonly local: string; readonly remote: string }> =>
  page.evaluate(async () => {
    const stats = [...(await globalThis.peer.pc.getStats()).values()] as Record<string, unknown>[];
    const pair = stats.find((one) => one['type'] === 'candidate-pair' && one['nominated'] === true && one['state'] === 'succeeded');
    const typeOf = (id: unknown): string => String(stats.find((one) => one['id'] === id)?.['candidateType']);
    return { frames: Number(stats.find((one) => one['type'] === 'inbound-rtp')?.['framesDecoded'] ?? 0), local: typeOf(pair?.['localCandidateId']), remote: typeOf(pair?.['remoteCandidateId']) };
  });

beforeAll(async () => {
  // A browser refreshes when half of so short a lifetime is over.
  relay = await TurnRelay.open({ limits: { lifetimeS: 10, lifetimeMaxS: 10 } });
  server = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>peer</title>')).listen(0, '127.0.0.1');
  await once(server, 'listening');
  browser = await aBrowser();
  pages = [await aPage('alice'), await aPage('bob')];
}, 60_000);
afterAll(async () => {
  await browser.close();
  server.close();
  relay.close();
});

describe('two browsers that may only use the relay', () => {
  it('connect through relayed addresses on both sides, and see and hear each other', async () => {
    const [alice, bob] = pages;
    await alice.evaluate(() => {
      const channel = globalThis.peer.pc.createDataChannel('talk');
      channel.onmessage = ({ data }) => globalThis.peer.heard.push(String(data));
      globalThis.peer.channel = channel;
    });
    await connect(pages);
    await eventually('the channel is open', () => alice.evaluate(() => globalThis.peer.channel?.readyState === 'open'), () => alice.evaluate(() => [globalThis.peer.states, globalThis.peer.pc.iceConnectionState]), 20_000);
    await says(alice, bob, 'hello');
    await says(bob, alice, 'good day');
    for (const page of pages) await eventually('frames are decoded', async () => (await seen(page)).frames > 10, () => seen(page), 20_000);
    expect(await seen(alice)).toMatchObject({ local: 'relay', remote: 'relay' });
    expect(await seen(bob)).toMatchObject({ local: 'relay', remote: 'relay' });
  });
  it('go on for longer than two refreshes of every allocation', async () => {
    const [alice, bob] = pages;
    const { refreshed, allocations } = relay.guard.counts();
    await eventually('all were refreshed thrice', () => relay.guard.counts().refreshed >= refreshed + 3 * allocations, () => relay.guard.counts(), 60_000);
    expect(relay.guard.counts().allocations).toBe(allocations);
    await says(alice, bob, 'still here');
    await says(bob, alice, 'here too');
    for (const page of pages) {
      const { frames } = await seen(page);
      await eventually('frames go on', async () => (await seen(page)).frames > frames + 10, () => seen(page));
      expect(await page.evaluate(() => globalThis.peer.states)).toEqual(['connecting', 'connected']);
    }
  });
  it('go on over new allocations after an ICE restart', async () => {
    const [alice, bob] = pages;
    const { allocated } = relay.guard.counts();
    await connect(pages);
    await eventually('there are new allocations', () => relay.guard.counts().allocated >= allocated + 2, () => relay.guard.counts());
    await says(alice, bob, 'restarted');
    await says(bob, alice, 'me too');
    expect(await seen(alice)).toMatchObject({ local: 'relay', remote: 'relay' });
  });
  it('lose the call at once when one of them is revoked', async () => {
    relay.guard.revoke('alice', null, Math.ceil(Date.now() / 1_000));
    const { dropped } = relay.guard.counts();
    await eventually('what bob sends is dropped', () => relay.guard.counts().dropped > dropped, () => relay.guard.counts());
    await eventually('bob notices', () => pages[1].evaluate(() => globalThis.peer.pc.iceConnectionState === 'disconnected' || globalThis.peer.pc.iceConnectionState === 'failed'), () => pages[1].evaluate(() => globalThis.peer.pc.iceConnectionState), 30_000);
  });
});

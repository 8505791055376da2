import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { aBrowser } from './browser.ts';
import type { TurnRelay } from './turn-relay.ts';
import { eventually } from './waiting.ts';

/** What a page keeps, as its script sees it. */
type Peer = { pc: RTCPeerConnection; channel?: RTCDataChannel; heard: string[]; states: string[] };
declare global {
  // oxlint-disable-next-line no-var
  var peer: Peer;
}

/** Frames decoded, and of the candidate pair in use: its types, and how this side reaches the relay. */
export type Seen = { readonly frames: number; readonly local: string; readonly remote: string; readonly over: string };

/** Two Chromium peers in plain pages that may use nothing but relayed addresses: neither they nor their ICE is ours. */
export class RelayedPages {
  readonly alice: Page;
  readonly bob: Page;
  readonly #browser: Browser;
  readonly #server: Server;

  /** `ways`: by which transports alice, and bob, are told that the relay can be reached. */
  static async open(relay: TurnRelay, ways: { readonly alice: readonly string[]; readonly bob: readonly string[] }): Promise<RelayedPages> {
    const server = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>peer</title>')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const browser = await aBrowser();
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    return new RelayedPages(browser, server, await aPage(browser, url, relay, 'alice', ways.alice), await aPage(browser, url, relay, 'bob', ways.bob));
  }

  private constructor(browser: Browser, server: Server, alice: Page, bob: Page) {
    [this.#browser, this.#server, this.alice, this.bob] = [browser, server, alice, bob];
  }

  get both(): readonly [Page, Page] {
    return [this.alice, this.bob];
  }

  /** Anew, over other candidates than before, where they were connected. */
  async connect(): Promise<void> {
    const answer = await described(this.bob, 'answer', await described(this.alice, 'offer'));
    await this.alice.evaluate((description) => globalThis.peer.pc.setRemoteDescription(description), answer);
  }

  /** Connects them, with a channel to talk over. */
  async talk(): Promise<void> {
    await this.alice.evaluate(() => {
      const channel = globalThis.peer.pc.createDataChannel('talk');
      channel.onmessage = ({ data }) => globalThis.peer.heard.push(String(data));
      globalThis.peer.channel = channel;
    });
    await this.connect();
    await eventually('the channel is open', () => this.alice.evaluate(() => globalThis.peer.channel?.readyState === 'open'), () => this.alice.evaluate(() => [globalThis.peer.states, globalThis.peer.pc.iceConnectionState]), 20_000);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    this.#server.close();
  }
}

const aPage = async (browser: Browser, url: string, relay: TurnRelay, account: string, transports: readonly string[]): Promise<Page> => {
  const page = await (await browser.newContext()).newPage();
  await page.goto(url);
  const { username, credential } = relay.credential(account);
  await page.evaluate(([urls, name, password]) => {
    const pc = new RTCPeerConnection({ iceServers: [{ urls, username: name, credential: password }], iceTransportPolicy: 'relay' });
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
  }, [transports.map((transport) => `turn:127.0.0.1:${relay.port}?transport=${transport}`), username, credential] as const);
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

const heard = (page: Page): Promise<string[]> => page.evaluate(() => globalThis.peer.heard);
export const says = async (from: Page, to: Page, words: string): Promise<void> => {
  await from.evaluate((text) => globalThis.peer.channel!.send(text), words);
  await eventually(`"${words}" is heard`, async () => (await heard(to)).includes(words), () => heard(to));
};
export const seen = (page: Page): Promise<Seen> =>
  page.evaluate(async () => {
    const stats = [...(await globalThis.peer.pc.getStats()).values()] as Record<string, unknown>[];
    const pair = stats.find((one) => one['type'] === 'candidate-pair' && one['nominated'] === true && one['state'] === 'succeeded');
    const candidate = (id: unknown): Record<string, unknown> | undefined => stats.find((one) => one['id'] === id);
    const [local, remote] = [candidate(pair?.['localCandidateId']), candidate(pair?.['remoteCandidateId'])];
    return { frames: Number(stats.find((one) => one['type'] === 'inbound-rtp')?.['framesDecoded'] ?? 0), local: String(local?.['candidateType']), remote: String(remote?.['candidateType']), over: String(local?.['relayProtocol']) };
  });

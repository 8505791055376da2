import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { limits } from '#src/contract/limits.ts';
import type { ServerFrame } from '#src/contract/socket.ts';
import { CallExchange } from '#src/doors/socket/call-exchange.ts';
import { Client } from '#src/doors/socket/client.ts';
import type { Opened } from '#src/every-event.ts';
import { candidate } from '#test/support/call-tab.ts';
import { MemoryNetwork } from '#test/support/memory-bus.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const [conversationId, callId, alice, bob, mallory, atAlice, atBob, atMallory] = Array.from({ length: 8 }, () => randomUUID()) as [string, string, string, string, string, string, string, string];
let position = 0;
const event = (type: string, data: object): Opened => ({ type, stream: `conversation-${conversationId}`, position: position++, revision: position, data: { at: 0, callId, ...data }, metadata: { actor: { kind: 'account', id: '' } } }) as unknown as Opened;
const started = (): Opened => event('CallStarted', { account: alice, audioOnly: false, device: atAlice });
const bobJoined = (): Opened => event('CallJoined', { account: bob, device: atBob });

/** A socket of somebody, and what they are sent. `unread`: bytes that they have not taken yet. */
const aSocket = (account: string, unread = 0) => {
  const frames: ServerFrame[] = [];
  const closes: number[] = [];
  const webSocket = { readyState: 1, bufferedAmount: unread, send: (text: string) => void frames.push(JSON.parse(text) as ServerFrame), close: (code: number) => void closes.push(code), terminate: () => undefined, _socket: { cork: () => undefined, uncork: () => undefined } };
  const client = new Client(webSocket as unknown as WebSocket, { account, session: '', address: '', agent: '' }, 0);
  return { client, frames, closes, heard: () => frames.flatMap((frame) => (frame.is === 'signal' && frame.signal.is === 'candidate' ? [frame.signal.candidate] : [])), refused: () => frames.flatMap((frame) => (frame.is === 'signal-refused' ? [frame.why] : [])) };
};
type Socket = ReturnType<typeof aSocket>;
const aNode = (network?: MemoryNetwork, behind = () => false, tell: (conversationId: string, frame: Buffer) => void = () => undefined): CallExchange => new CallExchange(network?.node(), { behind, tell });
const isIn = (node: CallExchange, { client }: Socket, device: string): void => node.entered(client, { is: 'in-call', conversationId, callId, device });
const says = (node: CallExchange, { client }: Socket, to: string, n: number): void => node.signal(client, { is: 'signal', conversationId, callId, to, signal: candidate(n) });

describe('signals of who is not known to be in the call yet', () => {
  it('wait for the record, whatever strangers send meanwhile', async () => {
    const [node, ofAlice, ofBob, ofMallory] = [aNode(), aSocket(alice), aSocket(bob), aSocket(mallory)];
    node.follow(started(), conversationId);
    isIn(node, ofAlice, atAlice);
    isIn(node, ofMallory, atMallory);
    isIn(node, ofBob, atBob);
    for (let n = 0; n < 400; n += 1) says(node, ofMallory, atAlice, n);
    says(node, ofBob, atAlice, 1_000);
    node.follow(bobJoined(), conversationId);
    expect([ofAlice.heard(), ofBob.refused()]).toEqual([['candidate:1000'], []]);
    await pass(1_000);
    expect(ofMallory.refused()).toHaveLength(400);
  });
  it('wait as long as anybody\'s, however long strangers have waited', async () => {
    const [node, ofAlice, ofBob, ofMallory] = [aNode(), aSocket(alice), aSocket(bob), aSocket(mallory)];
    node.follow(started(), conversationId);
    isIn(node, ofAlice, atAlice);
    isIn(node, ofMallory, atMallory);
    isIn(node, ofBob, atBob);
    says(node, ofMallory, atAlice, 1);
    await pass(900);
    says(node, ofBob, atAlice, 2);
    await pass(500);
    node.follow(bobJoined(), conversationId);
    expect(ofAlice.heard()).toEqual(['candidate:2']);
  });
  it('are refused after a second, however much happens in the call', async () => {
    const [node, ofMallory] = [aNode(), aSocket(mallory)];
    node.follow(started(), conversationId);
    isIn(node, ofMallory, atMallory);
    says(node, ofMallory, atAlice, 1);
    for (let n = 0; n < 3; n += 1) {
      await pass(400);
      node.follow(event('CallMuted', { account: alice, by: alice, what: 'audio' }), conversationId);
    }
    expect(ofMallory.refused()).toEqual(['not-in-call']);
  });
  it('reach somebody whose own appliance follows their join a moment later than the sender\'s does', async () => {
    const network = new MemoryNetwork();
    const [one, two, ofAlice, ofBob] = [aNode(network), aNode(network), aSocket(alice), aSocket(bob)];
    const [start, join] = [started(), bobJoined()];
    for (const node of [one, two]) node.follow(start, conversationId);
    isIn(one, ofAlice, atAlice);
    isIn(two, ofBob, atBob);
    one.follow(join, conversationId);
    for (const n of [1, 2]) says(one, ofAlice, atBob, n);
    await pass(10);
    expect(ofBob.heard()).toEqual([]);
    two.follow(join, conversationId);
    says(one, ofAlice, atBob, 3);
    await pass(10);
    expect(ofBob.heard()).toEqual(['candidate:1', 'candidate:2', 'candidate:3']);
  });
});

describe('an appliance that may have missed who was taken out', () => {
  it('passes nothing on, and loses nothing and no order when it has caught up soon', async () => {
    const network = new MemoryNetwork();
    let behind = false;
    const [one, two, ofAlice, ofBob] = [aNode(network), aNode(network, () => behind), aSocket(alice), aSocket(bob)];
    const [start, join] = [started(), bobJoined()];
    for (const node of [one, two]) [start, join].forEach((fact) => node.follow(fact, conversationId));
    isIn(one, ofAlice, atAlice);
    isIn(two, ofBob, atBob);
    behind = true;
    for (const n of [1, 2]) says(one, ofAlice, atBob, n);
    says(two, ofBob, atAlice, 3);
    await pass(500);
    expect([ofAlice.heard(), ofBob.heard()]).toEqual([[], []]);
    behind = false;
    says(one, ofAlice, atBob, 4);
    await pass(500);
    expect([ofAlice.heard(), ofBob.heard()]).toEqual([['candidate:3'], ['candidate:1', 'candidate:2', 'candidate:4']]);
    behind = true;
    says(two, ofBob, atAlice, 5);
    await pass(1_000);
    expect([ofAlice.heard().length, ofBob.refused()]).toEqual([1, ['not-in-call']]);
  });
});

describe('everybody who follows the conversation', () => {
  it('is told that somebody who waited to be let in, or rang, has left, and of nobody else\'s leaving', () => {
    const told: Extract<ServerFrame, { is: 'call' }>[] = [];
    // The payload alone: before it stand type and length, in four bytes where it is longer than 125 (RFC 6455).
    const node = aNode(undefined, undefined, (_, frame) => void told.push(JSON.parse(frame.subarray(4).toString()) as Extract<ServerFrame, { is: 'call' }>));
    for (const one of [started(), event('CallRang', { accounts: [bob], by: alice }), event('GuestKnocked', { account: mallory })]) node.follow(one, conversationId);
    told.length = 0;
    for (const account of [mallory, bob, randomUUID()]) node.follow(event('MemberLeft', { account, by: account, cause: 'self' }), conversationId);
    expect(told).toMatchObject([
      { happened: { what: 'left', account: mallory, cause: 'not-a-member' }, call: { knocking: [], ringing: [bob] } },
      { happened: { what: 'left', account: bob }, call: { knocking: [], ringing: [] } },
    ]);
    expect(told[0]!.call!.revision).toBeLessThan(told[1]!.call!.revision);
  });
});

describe('signals to somebody who does not read as fast', () => {
  it('are refused before they cost them their connection', () => {
    const [node, ofAlice, ofBob] = [aNode(), aSocket(alice), aSocket(bob, limits.socketBufferedBytesMax * 0.75)];
    for (const one of [started(), bobJoined()]) node.follow(one, conversationId);
    isIn(node, ofAlice, atAlice);
    isIn(node, ofBob, atBob);
    says(node, ofAlice, atBob, 1);
    expect([ofAlice.refused(), ofBob.heard(), ofBob.closes]).toEqual([['too-many'], [], []]);
    says(node, ofBob, atAlice, 2);
    expect(ofAlice.heard()).toEqual(['candidate:2']);
  });
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { attributes, uint32 } from '#appliance/turn/stun.ts';
import { overStream, type Wire } from '#appliance/turn/wires.ts';
import { anyUdpSocket, code, TurnRelay, type HeardTurnClient, type RelayWishes } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

let relay: TurnRelay;
let now: number | undefined;
const open = async (wishes: RelayWishes = {}): Promise<TurnRelay> => (relay = await TurnRelay.open(wishes, () => now ?? Date.now()));
afterEach(() => {
  now = undefined;
  relay.close();
});
const counts = () => relay.guard.counts();
const overTcp = (account: string): Promise<HeardTurnClient> => relay.client(account, { transport: 'tcp' });

describe('somebody over TCP', () => {
  it.each([['tcp', 'udp'], ['tcp', 'tcp']] as const)('(%s) and somebody over %s hear each other, whatever the length', async (one, other) => {
    await open();
    const [alice, bob] = [await relay.client('alice', { transport: one }), await relay.client('bob', { transport: other })];
    const [ofAlice, ofBob] = [(await alice.allocate()).relayed, (await bob.allocate()).relayed];
    await alice.bind(0x4000, ofBob);
    await bob.permit(ofAlice);
    const said = [0, 1, 2, 3, 4, 5, 1_199, 1_200, 20_001].map((length) => randomBytes(length));
    // In indications to bob, who has bound no channel; over one to alice, who has.
    for (const data of said) {
      alice.sendOn(0x4000, data);
      alice.sendTo(ofBob, data);
      bob.sendTo(ofAlice, data);
    }
    await eventually('all of it was heard', () => bob.heard.length === 2 * said.length && alice.heard.length === said.length, () => [alice.heard.length, bob.heard.length]);
    await bob.bind(0x4001, ofAlice);
    for (const data of said) alice.sendOn(0x4000, data);
    await eventually('all of it was heard', () => bob.heard.length === 3 * said.length, () => bob.heard.length);
    expect(alice.heard.map(({ channel, data }) => [channel, data])).toEqual(said.map((data) => [0x4000, data]));
    expect(bob.heard.slice(2 * said.length).map(({ channel, data }) => [channel, data])).toEqual(said.map((data) => [0x4001, data]));
    expect(counts()).toMatchObject({ allocations: 2, dropped: 0, malformed: 0, cut: 0 });
  });
  it('hears a peer outside, and is heard there', async () => {
    const elsewhere = await anyUdpSocket('127.0.0.3');
    const { port } = elsewhere.address();
    await open({ peers: { relays: ['127.0.0.3'], any: false }, relayPorts: { from: 1_024, to: 65_535 } });
    const alice = await overTcp('alice');
    const { relayed } = await alice.allocate();
    await alice.bind(0x4000, { address: '127.0.0.3', port });
    alice.sendOn(0x4000, Buffer.from('hello'));
    await eventually('it came', () => elsewhere.heard.includes('hello'), () => elsewhere.heard);
    elsewhere.send('good day', relayed.port, '127.0.0.1');
    await alice.hears('good day');
    elsewhere.close();
  });
  it('is told the address and port of the connection, refreshes, and has one allocation', async () => {
    await open();
    const alice = await overTcp('alice');
    expect((await alice.allocate()).mapped).toEqual({ address: '127.0.0.1', port: alice.wire.localPort });
    expect(await alice.binding()).toEqual({ address: '127.0.0.1', port: alice.wire.localPort });
    expect(await alice.refresh()).toBe(600);
    expect(await code(alice.allocate())).toBe('437');
    expect(counts()).toMatchObject({ allocations: 1, connections: 1, refreshed: 1 });
  });
  it('is somebody else than who sends datagrams from the same address and port', async () => {
    await open();
    const datagrams = createSocket('udp4').bind(0, '127.0.0.1');
    await once(datagrams, 'listening');
    const { port } = datagrams.address();
    const socket = connect({ host: '127.0.0.1', port: relay.port, localAddress: '127.0.0.1', localPort: port });
    await once(socket, 'connect');
    const wire: Wire = { send: (bytes) => datagrams.send(bytes, relay.port, '127.0.0.1'), onMessage: () => undefined, isReliable: true, localPort: port, close: () => datagrams.close() };
    datagrams.on('message', (bytes) => wire.onMessage(bytes));
    const [alice, bob] = [await relay.client('alice', { over: wire }), await relay.client('bob', { over: overStream(socket) })];
    const [ofAlice, ofBob] = [await alice.allocate(), await bob.allocate()];
    expect([ofAlice.mapped, ofBob.mapped]).toEqual([{ address: '127.0.0.1', port }, { address: '127.0.0.1', port }]);
    await alice.bind(0x4000, ofBob.relayed);
    await bob.bind(0x4000, ofAlice.relayed);
    alice.sendOn(0x4000, Buffer.from('to the connection'));
    bob.sendOn(0x4000, Buffer.from('to the datagrams'));
    await bob.hears('to the connection');
    await alice.hears('to the datagrams');
    expect([await code(alice.refresh(0)), await code(bob.refresh()), counts().allocations]).toEqual(['given', 'given', 1]);
  });
  it('is relayed over IPv6 too', async () => {
    await open({ places: [{ bind: '127.0.0.1', announced: '127.0.0.1' }, { bind: '::1', announced: '::1' }] });
    const alice = await relay.client('alice', { host: '::1', transport: 'tcp' });
    const { relayed, mapped } = await alice.allocate([{ type: attributes.requestedAddressFamily, value: Buffer.from([2, 0, 0, 0]) }]);
    expect([relayed.address, mapped]).toEqual(['0:0:0:0:0:0:0:1', { address: '0:0:0:0:0:0:0:1', port: alice.wire.localPort }]);
  });
  it('gets no connection to a peer: only datagrams are relayed', async () => {
    await open();
    const alice = await overTcp('alice');
    expect(await code(alice.authenticated(0x003, [{ type: attributes.requestedTransport, value: Buffer.from([6, 0, 0, 0]) }]))).toBe('442');
  });
});

describe('the end', () => {
  it.each([
    ['a connection', (socket: ReturnType<typeof connect>) => socket.destroy()], ['a connection that is reset', (socket: ReturnType<typeof connect>) => socket.resetAndDestroy()],
    ['a connection over which nothing more will be said', (socket: ReturnType<typeof connect>) => socket.end()],
  ])('of %s ends its allocation and gives its port back, and nobody else\'s', async (_what, ends) => {
    await open();
    const socket = connect({ host: '127.0.0.1', port: relay.port, allowHalfOpen: true });
    await once(socket, 'connect');
    const [alice, bob] = [await relay.client('alice', { over: overStream(socket) }), await overTcp('bob')];
    const { relayed } = await alice.allocate();
    await bob.allocate();
    ends(socket);
    await eventually('it is over', () => counts().allocations === 1, counts);
    expect(counts()).toMatchObject({ connections: 1, cut: 0 });
    (await anyUdpSocket('127.0.0.1', relayed.port)).close();
    expect(await bob.refresh()).toBe(600);
  });
  it('of an allocation leaves the connection for another one', async () => {
    await open();
    const alice = await overTcp('alice');
    await alice.allocate();
    expect(await alice.refresh(0)).toBe(0);
    expect(counts()).toMatchObject({ allocations: 0, connections: 1 });
    await alice.allocate([uint32(attributes.lifetime, 900)]);
    expect(counts()).toMatchObject({ allocations: 1, connections: 1 });
  });
  it('of an allocation that nobody refreshed ends the connection after a while', async () => {
    await open({ limits: { lifetimeS: 1, connectionWaitsS: 0 } });
    const alice = await overTcp('alice');
    await alice.allocate();
    await eventually('both are over', () => counts().allocations === 0 && counts().connections === 0, counts);
  });
  it('of what was revoked is that of its connection, at once, and of no other', async () => {
    await open();
    const [phone, desk] = [await relay.client(relay.credential('alice', { session: 'phone' }), { transport: 'tcp' }), await relay.client(relay.credential('alice', { session: 'desk' }), { transport: 'tcp' })];
    await phone.allocate();
    await desk.allocate();
    relay.guard.revoke('alice', 'phone', Math.ceil(Date.now() / 1_000));
    expect(counts()).toMatchObject({ allocations: 1, connections: 1, cut: 1 });
    expect(await desk.refresh()).toBe(600);
    relay.guard.revoke('alice', null, Math.ceil(Date.now() / 1_000));
    expect(counts()).toMatchObject({ allocations: 0, connections: 0, cut: 2 });
    expect(await code((await overTcp('alice')).allocate())).toBe('401');
  });
  it('of the relay ends every connection', async () => {
    await open();
    const socket = connect({ host: '127.0.0.1', port: relay.port });
    const alice = await relay.client('alice', { over: overStream(socket) });
    await alice.allocate();
    const closed = once(socket, 'close');
    relay.guard.close();
    await closed;
    expect(counts()).toMatchObject({ allocations: 0, connections: 0 });
  });
});

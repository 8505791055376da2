import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { attributes, methods, numberOf, text, uint32, valueOf } from '#appliance/turn/stun.ts';
import type { TurnClient } from '#appliance/turn/turn-client.ts';
import { turnPassword } from '#src/ice/turn-credential.ts';
import { BareTurn } from '#test/support/bare-turn.ts';
import { anyUdpSocket, turnSecret, TurnRelay, type RelayWishes } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

/** Every known fault of node-turn 0.0.6: shown where it is bare, and closed where it is guarded. */

const silentMs = 300;
const transport = { type: attributes.requestedTransport, value: Buffer.from([17, 0, 0, 0]) };
const builtIn = 'function Object() { [native code] }';

let bare: BareTurn;
let relay: TurnRelay;
const guarded = async (wishes: RelayWishes = {}): Promise<TurnRelay> => (relay = await TurnRelay.open(wishes));

beforeEach(async () => void (bare = await BareTurn.open()));
afterEach(async () => {
  await bare.close();
  relay.close();
});

describe('a name that every object has', () => {
  it('signs in to bare node-turn, and not here', async () => {
    expect((await (await bare.client('constructor', builtIn)).allocate()).lifetimeS).toBe(600);
    await guarded();
    for (const [username, credential] of [['constructor', builtIn], ['__proto__', '[object Object]'], ['toString', 'function toString() { [native code] }'], ['constructor', turnPassword(turnSecret, 'constructor')]] as const) {
      await expect((await relay.client({ username, credential })).allocate()).rejects.toMatchObject({ code: 401 });
    }
  });
});

describe('Refresh', () => {
  it('ends the call of bare node-turn, and keeps it alive here', async () => {
    const doomed = await bare.client();
    await doomed.allocate();
    expect(await doomed.refresh(600)).toBe(0);
    await eventually('it is over', () => doomed.permit({ address: '127.0.0.1', port: 9 }).then(() => false, ({ code }: { readonly code: number }) => code === 437));
    await guarded();
    const client = await relay.client('alice');
    const { relayed } = await client.allocate();
    for (const asked of [600, undefined, 900]) expect(await client.refresh(asked)).toBe(asked ?? 600);
    await client.permit({ ...relayed, port: 9 });
    expect(relay.guard.counts()).toMatchObject({ allocations: 1, refreshed: 3 });
  });
  it('of zero ends an allocation and closes its port, which bare node-turn keeps open', async () => {
    const leaking = await bare.client();
    const leaked = await leaking.allocate();
    await leaking.refresh(0);
    await expect(anyUdpSocket('127.0.0.1', leaked.relayed.port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await guarded();
    const client = await relay.client('alice');
    const { relayed } = await client.allocate();
    expect(await client.refresh(0)).toBe(0);
    const socket = await anyUdpSocket('127.0.0.1', relayed.port);
    socket.close();
    await once(socket, 'close');
  });
  it('is not undone by the timer of an allocation that the same client had before', async () => {
    await guarded({ limits: { lifetimeS: 1 } });
    const client = await relay.client('alice');
    await client.allocate();
    await client.refresh(0);
    await client.allocate([uint32(attributes.lifetime, 60)]);
    const other = await relay.client('bob');
    await other.allocate();
    await eventually('the short one is over', () => relay.guard.counts().allocations === 1, () => relay.guard.counts());
    expect(await client.refresh()).toBe(1);
  });
});

describe('the lifetime', () => {
  it('asked for is ignored by bare node-turn, and given here as far as it may be', async () => {
    expect((await (await bare.client()).allocate([uint32(attributes.lifetime, 1_200)])).lifetimeS).toBe(600);
    await guarded();
    const given = async (asked: number) => (await (await relay.client('alice')).allocate([uint32(attributes.lifetime, asked)])).lifetimeS;
    expect([await given(1_200), await given(5), await given(86_400)]).toEqual([1_200, 600, 3_600]);
  });
  it('that has run out ends the allocation and closes its port', async () => {
    await guarded({ limits: { lifetimeS: 1 } });
    const client = await relay.client('alice');
    const { relayed } = await client.allocate();
    await eventually('it is over', () => relay.guard.counts().allocations === 0, () => relay.guard.counts());
    (await anyUdpSocket('127.0.0.1', relayed.port)).close();
    await expect(client.refresh()).rejects.toMatchObject({ code: 437 });
  });
  it('of an allocation asked for again because the answer was lost is that of the first, where bare node-turn opens a second port and loses one', async () => {
    const again = randomBytes(12);
    const [doomed, client] = [await bare.client(), await guarded().then(() => relay.client('alice'))];
    const relayedIn = async (one: TurnClient): Promise<string> => valueOf(await one.authenticated(methods.allocate, [transport], again), attributes.xorRelayedAddress)!.toString('hex');
    for (const one of [doomed, client]) {
      await one.allocate();
      await one.refresh(0);
    }
    expect(await relayedIn(doomed)).not.toBe(await relayedIn(doomed));
    expect(await relayedIn(client)).toBe(await relayedIn(client));
    expect(await client.refresh()).toBe(600);
    await expect(client.allocate()).rejects.toMatchObject({ code: 437 });
  });
});

describe('ChannelData', () => {
  it('of a client is dropped by bare node-turn, and goes both ways here', async () => {
    const [one, other] = [await bare.client(), await bare.client()];
    const [mine, theirs] = [(await one.allocate()).relayed, (await other.allocate()).relayed];
    let heard = '';
    other.onData = ({ data }) => void (heard = data.toString());
    await other.permit(mine);
    await expect(one.bind(0x4000, theirs)).rejects.toThrow('does not prove');
    one.sendOn(0x4000, Buffer.from('lost'));
    one.sendTo(theirs, Buffer.from('found'));
    await eventually('the indication came', () => heard === 'found', () => heard);
    await guarded();
    const [alice, bob] = [await relay.client('alice'), await relay.client('bob')];
    const [ofAlice, ofBob] = [(await alice.allocate()).relayed, (await bob.allocate()).relayed];
    await alice.bind(0x4000, ofBob);
    await bob.permit(ofAlice);
    alice.sendOn(0x4000, Buffer.from('hello'));
    await bob.hears('hello');
    await bob.bind(0x7ffe, ofAlice);
    bob.sendOn(0x7ffe, Buffer.from('good day'));
    await alice.hears('good day');
    alice.sendTo(ofBob, Buffer.from('as an indication'));
    await bob.hears('as an indication');
    expect(bob.heard.map(({ channel }) => channel)).toEqual([null, 0x7ffe]);
  });
  it('bound gets an answer that proves itself, which bare node-turn does not give', async () => {
    const client = await bare.client();
    await client.allocate();
    await expect(client.bind(0x4000, { address: '127.0.0.1', port: 9 })).rejects.toThrow('does not prove');
    await guarded();
    const alice = await relay.client('alice');
    const { relayed } = await alice.allocate();
    await alice.bind(0x4000, { ...relayed, port: relayed.port + 1 });
  });
  it('keeps what looks like ChannelData itself', async () => {
    await guarded();
    const [alice, bob] = [await relay.client('alice'), await relay.client('bob')];
    const [ofAlice, ofBob] = [(await alice.allocate()).relayed, (await bob.allocate()).relayed];
    await bob.permit(ofAlice);
    await alice.bind(0x4001, ofBob);
    const nested = Buffer.from([0x40, 0x01, 0, 4, 1, 2, 3, 4]);
    alice.sendOn(0x4001, nested);
    await eventually('it came', () => bob.heard.length === 1, () => bob.heard);
    expect(bob.heard[0]!.data).toEqual(nested);
  });
});

describe('a peer', () => {
  it('on this machine is reached through bare node-turn, and not here', async () => {
    const secret = await anyUdpSocket();
    const peer = { address: '127.0.0.1', port: secret.address().port };
    const intruder = await bare.client();
    await intruder.allocate();
    await intruder.permit(peer);
    intruder.sendTo(peer, Buffer.from('let me in'));
    await eventually('it came', () => secret.heard.length === 1, () => secret.heard);
    await guarded();
    const [alice, bob] = [await relay.client('alice'), await relay.client('bob')];
    const [, ofBob] = [await alice.allocate(), (await bob.allocate()).relayed];
    // The relay's own address may be permitted, but only what is allocated there is reached.
    await alice.permit(peer);
    alice.sendTo(peer, Buffer.from('let me in'));
    await alice.bind(0x4000, peer);
    alice.sendOn(0x4000, Buffer.from('let me in'));
    await bob.permit(peer);
    alice.sendTo(ofBob, Buffer.from('after that'));
    await bob.hears('after that');
    expect(secret.heard).toEqual(['let me in']);
    secret.send(Buffer.from('into the relay'), ofBob.port, '127.0.0.1');
    await eventually('it was dropped', () => relay.guard.counts().dropped === 3, () => relay.guard.counts());
    expect(bob.heard).toHaveLength(1);
    secret.close();
  });
  it('with one byte to say kills bare node-turn, and is heard here', async () => {
    const victim = await bare.client();
    const { relayed } = await victim.allocate();
    await victim.permit({ address: '127.0.0.1', port: 1 });
    const socket = await anyUdpSocket();
    const died = once(bare.process, 'exit');
    socket.send(Buffer.from('x'), relayed.port, '127.0.0.1');
    expect((await died)[0]).not.toBe(0);
    socket.close();
    await guarded();
    const [alice, bob] = [await relay.client('alice'), await relay.client('bob')];
    const [ofAlice, ofBob] = [(await alice.allocate()).relayed, (await bob.allocate()).relayed];
    await bob.permit(ofAlice);
    await alice.permit(ofBob);
    alice.sendTo(ofBob, Buffer.from('x'));
    await bob.hears('x');
    alice.sendTo(ofBob, Buffer.alloc(0));
    await eventually('nothing at all came', () => bob.heard.length === 2, () => bob.heard);
  });
});

describe('many', () => {
  it('allocations of one account are given by bare node-turn, and as many as they may have here', async () => {
    for (let n = 0; n < 12; n += 1) await (await bare.client()).allocate();
    await guarded({ limits: { allocationsPerAccountMax: 3, allocationsMax: 5 } });
    const tried = async (account: string): Promise<string> => (await relay.client(account)).allocate().then(() => 'given', ({ code }: { readonly code: number }) => String(code));
    expect([await tried('alice'), await tried('alice'), await tried('alice'), await tried('alice'), await tried('bob'), await tried('bob'), await tried('bob')]).toEqual(['given', 'given', 'given', '486', 'given', 'given', '486']);
  });
  it('strangers are remembered by bare node-turn for an hour each; here nobody is, and beyond the limit nobody is answered', async () => {
    const stranger = await bare.client();
    for (let n = 0; n < 100; n += 1) await stranger.ask(methods.allocate, [transport]).catch(() => undefined);
    expect(await bare.nonces()).toBe(100);
    await guarded({ limits: { strangersPerSourcePerSecond: 5 } });
    const flood = await relay.client('alice', { timeoutMs: silentMs });
    const asked = await Promise.allSettled(Array.from({ length: 60 }, () => flood.ask(methods.allocate, [transport])));
    const codes = asked.map((one) => (one as { readonly reason: { readonly code: number } }).reason.code);
    expect(codes.filter((code) => code === 401).length).toBeGreaterThanOrEqual(20);
    expect(codes.filter((code) => code === 0).length).toBeGreaterThanOrEqual(30);
  });
});

describe('an attribute', () => {
  it('that nobody knows leaves bare node-turn without a word; here it is named, or passed over where it may be', async () => {
    await expect((await bare.client('alice', 'password', silentMs)).ask(methods.binding, [text(0x7abc, 'what')])).rejects.toMatchObject({ code: 0 });
    await expect((await bare.client('alice', 'password', silentMs)).ask(methods.binding, [text(0xc0de, 'what')])).rejects.toMatchObject({ code: 0 });
    await guarded();
    const client = await relay.client('alice');
    expect((await client.ask(methods.binding, [text(0xc0de, 'what')], { fingerprint: true })).hasFingerprint).toBe(true);
    await expect(client.ask(methods.binding, [text(0x7abc, 'what'), text(0x7abd, 'else')])).rejects.toSatisfy((refused: { readonly code: number; readonly answer: Parameters<typeof valueOf>[0] }) => {
      expect([refused.code, valueOf(refused.answer, attributes.unknownAttributes)?.toString('hex')]).toEqual([420, '7abc7abd']);
      return true;
    });
  });
  it('that asks for a family is not understood by bare node-turn, and answered here', async () => {
    await expect((await bare.client('alice', 'password', silentMs)).allocate([{ type: attributes.requestedAddressFamily, value: Buffer.from([1, 0, 0, 0]) }])).rejects.toMatchObject({ code: 0 });
    await guarded();
    expect(numberOf(await (await relay.client('alice')).authenticated(methods.allocate, [transport, { type: attributes.requestedAddressFamily, value: Buffer.from([1, 0, 0, 0]) }]), attributes.lifetime)).toBe(600);
    await expect((await relay.client('alice')).allocate([{ type: attributes.requestedAddressFamily, value: Buffer.from([2, 0, 0, 0]) }])).rejects.toMatchObject({ code: 440 });
  });
});

import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { attributes, classes, longTermKey, methods, text, uint32, valueOf, writeStun, xorAddress, type StunMessage } from '#appliance/turn/stun.ts';
import { anyUdpSocket, code, TurnRelay, type HeardTurnClient, type RelayWishes } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

let relay: TurnRelay;
let now: number | undefined;
const open = async (wishes: RelayWishes = {}): Promise<TurnRelay> => (relay = await TurnRelay.open(wishes, () => now ?? Date.now()));
afterEach(() => {
  now = undefined;
  relay.close();
});
/** Ten ports of this process: outside the ephemeral range, so that nobody else is given them. */
const ownPorts = 20_000 + (process.pid % 1_200) * 10;

/** Alice and bob, who hear each other. */
const aCall = async () => {
  const [alice, bob] = [await relay.client('alice'), await relay.client('bob')];
  const [ofAlice, ofBob] = [(await alice.allocate()).relayed, (await bob.allocate()).relayed];
  await alice.bind(0x4000, ofBob);
  await bob.bind(0x4000, ofAlice);
  return { alice, bob, ofAlice, ofBob };
};
const goesOn = async ({ alice, bob }: { readonly alice: HeardTurnClient; readonly bob: HeardTurnClient }, words: string): Promise<void> => {
  alice.sendOn(0x4000, Buffer.from(words));
  await bob.hears(words);
  bob.sendOn(0x4000, Buffer.from(words));
  await alice.hears(words);
};

describe('a credential', () => {
  it('of another secret, of another name, and one that is over open nothing', async () => {
    await open();
    const { username, credential } = relay.credential('alice');
    expect(await code((await relay.client({ username, credential: 'A'.repeat(28) })).allocate())).toBe('401');
    expect(await code((await relay.client({ username: username.replace('alice', 'bob'), credential })).allocate())).toBe('401');
    expect(await code((await relay.client(relay.credential('alice', { inS: -1 }))).allocate())).toBe('401');
  });
  it('that runs out during a call does not end it', async () => {
    await open();
    const client = await relay.client(relay.credential('alice', { inS: 60 }));
    await client.allocate();
    now = Date.now() + 120_000;
    expect(await client.refresh()).toBe(600);
    expect(await code((await relay.client(relay.credential('alice', { inS: -60 }))).allocate())).toBe('401');
  });
  it('of one account opens nothing in the allocation of another', async () => {
    await open();
    const client = await relay.client('alice');
    await client.allocate();
    Object.assign(client, {});
    const other = relay.credential('mallory');
    const nonce = await client.ask(methods.refresh, []).then(() => Buffer.alloc(0), (cause: { readonly answer: StunMessage }) => valueOf(cause.answer, attributes.nonce)!);
    const key = longTermKey(other.username, 'hansard', other.credential);
    expect(await code(client.ask(methods.refresh, [text(attributes.username, other.username), text(attributes.realm, 'hansard'), { type: attributes.nonce, value: nonce }], { key }))).toBe('441');
  });
  it('is asked for again with a fresh nonce after an hour, and the call goes on', async () => {
    await open();
    const client = await relay.client('alice');
    await client.allocate();
    now = Date.now() + 3_700_000;
    const { refused } = relay.guard.counts();
    expect(await client.refresh()).toBe(600);
    expect(relay.guard.counts().refused).toBe(refused + 1);
  });
  it('with the nonce of somebody else is asked for again', async () => {
    await open();
    const [alice, mallory] = [await relay.client('alice'), await relay.client('mallory')];
    const nonce = await alice.ask(methods.allocate, []).then(() => Buffer.alloc(0), (cause: { readonly answer: StunMessage }) => valueOf(cause.answer, attributes.nonce)!);
    const { username, credential } = relay.credential('mallory');
    const asked = [text(attributes.username, username), text(attributes.realm, 'hansard'), { type: attributes.nonce, value: nonce }];
    expect(await code(mallory.ask(methods.refresh, asked, { key: longTermKey(username, 'hansard', credential) }))).toBe('438');
    expect(await code(alice.ask(methods.refresh, asked, { key: longTermKey(username, 'hansard', credential) }))).toBe('437');
  });
  it('lets nobody refresh for ever', async () => {
    await open({ limits: { allocationEndsAfterS: 700 } });
    now = Date.now();
    const client = await relay.client('alice');
    await client.allocate();
    now += 300_000;
    expect(await client.refresh()).toBe(400);
    now += 400_000;
    expect(await client.refresh()).toBe(0);
    expect(relay.guard.counts().allocations).toBe(0);
  });
});

describe('a revocation', () => {
  it('ends what the account has, and takes none of its credentials, but newer ones', async () => {
    await open();
    const call = await aCall();
    const cutS = Math.ceil(Date.now() / 1_000);
    relay.guard.revoke('alice', null, cutS);
    expect(relay.guard.counts().allocations).toBe(1);
    expect(await code(call.alice.refresh())).toBe('401');
    expect(await code((await relay.client(relay.credential('alice', { session: 'phone' }))).allocate())).toBe('401');
    expect(await code((await relay.client(relay.credential('alice', { inS: 3_602 }))).allocate())).toBe('given');
    expect(await call.bob.refresh()).toBe(600);
  });
  it('of one session leaves the others', async () => {
    await open();
    const [phone, desk] = [await relay.client(relay.credential('alice', { session: 'phone' })), await relay.client(relay.credential('alice', { session: 'desk' }))];
    await phone.allocate();
    await desk.allocate();
    relay.guard.revoke('alice', 'phone', Math.ceil(Date.now() / 1_000));
    expect([await code(phone.refresh()), await code(desk.refresh())]).toEqual(['401', 'given']);
  });
});

describe('a peer that may not be one', () => {
  it.each(['8.8.8.8', '169.254.169.254', '10.0.0.1', '0.0.0.0', '127.0.0.2'])('%s is forbidden', async (address) => {
    await open();
    const client = await relay.client('alice');
    await client.allocate();
    expect([await code(client.permit({ address, port: 5_000 })), await code(client.bind(0x4000, { address, port: 5_000 }))]).toEqual(['403', '403']);
  });
  it('is forbidden among others that may', async () => {
    await open();
    const client = await relay.client('alice');
    const { relayed } = await client.allocate();
    expect(await code(client.permit(relayed, { address: '8.8.8.8', port: 1 }))).toBe('403');
    client.sendTo(relayed, Buffer.from('to itself'));
    await eventually('it was dropped', () => relay.guard.counts().dropped === 1, () => relay.guard.counts());
  });
  it('is not heard before it was permitted, and not sent to', async () => {
    await open();
    const [alice, bob] = [await relay.client('alice'), await relay.client('bob')];
    const [ofAlice, ofBob] = [(await alice.allocate()).relayed, (await bob.allocate()).relayed];
    await bob.permit(ofAlice);
    alice.sendTo(ofBob, Buffer.from('she permitted nobody'));
    await eventually('it was dropped', () => relay.guard.counts().dropped === 1, () => relay.guard.counts());
    await alice.permit(ofBob);
    const carol = await relay.client('carol');
    const { relayed: ofCarol } = await carol.allocate();
    alice.sendTo(ofCarol, Buffer.from('she permitted nobody either'));
    await eventually('it was dropped', () => relay.guard.counts().dropped === 2, () => relay.guard.counts());
    alice.sendTo(ofBob, Buffer.from('both permitted'));
    await bob.hears('both permitted');
    expect([bob.heard.length, carol.heard.length]).toEqual([1, 0]);
  });
  it('is of the wrong family', async () => {
    await open();
    const client = await relay.client('alice');
    await client.allocate();
    for (const address of ['0:0:0:0:0:ffff:7f00:1', '0:0:0:0:0:0:0:1', '64:ff9b:0:0:0:0:7f00:1']) expect(await code(client.permit({ address, port: 5_000 }))).toBe('443');
  });
  it('is on this machine where the public is allowed', async () => {
    await open({ peers: { relays: [], any: true } });
    const client = await relay.client('alice');
    await client.allocate();
    for (const address of ['127.0.0.2', '10.0.0.1', '169.254.169.254', '224.0.0.1']) expect(await code(client.permit({ address, port: 5_000 }))).toBe('403');
    expect(await code(client.permit({ address: '8.8.8.8', port: 5_000 }))).toBe('given');
  });
  it('is another relay only on its relay ports', async () => {
    const [relayPorts, elsewhere] = [{ from: ownPorts, to: ownPorts + 2 }, await anyUdpSocket('127.0.0.3')];
    await open({ peers: { relays: ['127.0.0.3'], any: false }, relayPorts, places: [{ bind: '127.0.0.1', announced: '127.0.0.1' }] });
    const client = await relay.client('alice');
    const { relayed } = await client.allocate();
    expect([ownPorts, ownPorts + 1, ownPorts + 2]).toContain(relayed.port);
    const { port } = elsewhere.address();
    await client.permit({ address: '127.0.0.3', port });
    client.sendTo({ address: '127.0.0.3', port }, Buffer.from('not to there'));
    expect(await code(client.bind(0x4000, { address: '127.0.0.3', port }))).toBe('403');
    elsewhere.close();
    const within = await anyUdpSocket('127.0.0.3', ownPorts + 1);
    client.sendTo({ address: '127.0.0.3', port: ownPorts + 1 }, Buffer.from('there'));
    await eventually('it came', () => within.heard.length === 1, () => within.heard);
    within.send(Buffer.from('and back'), relayed.port, '127.0.0.1');
    await client.hears('and back');
    expect(relay.guard.counts().dropped).toBe(1);
    within.close();
  });
});

describe('limits', () => {
  it('hold permissions and channels of one allocation', async () => {
    await open({ limits: { permissionsPerAllocationMax: 2, channelsPerAllocationMax: 2 }, peers: { relays: ['127.0.0.3', '127.0.0.4'], any: false } });
    const client = await relay.client('alice');
    const { relayed } = await client.allocate();
    await client.permit(relayed, { address: '127.0.0.3', port: 1 });
    expect([await code(client.permit({ address: '127.0.0.4', port: 1 })), await code(client.permit(relayed))]).toEqual(['508', 'given']);
    await client.bind(0x4000, { ...relayed, port: 1_024 });
    await client.bind(0x4001, { ...relayed, port: 1_025 });
    expect([await code(client.bind(0x4002, { ...relayed, port: 1_026 })), await code(client.bind(0x4001, { ...relayed, port: 1_025 }))]).toEqual(['508', 'given']);
  });
  it('hold channel numbers, and what is bound to what', async () => {
    await open();
    const client = await relay.client('alice');
    const { relayed } = await client.allocate();
    expect([await code(client.bind(0x3fff, relayed)), await code(client.bind(0x7fff, relayed)), await code(client.bind(0x4000, relayed))]).toEqual(['400', '400', 'given']);
    expect([await code(client.bind(0x4000, { ...relayed, port: 9_999 })), await code(client.bind(0x4001, relayed))]).toEqual(['400', '400']);
  });
  it('let no more bytes through than an allocation has', async () => {
    await open({ limits: { bytesPerSecond: 10_000 } });
    const call = await aCall();
    for (let n = 0; n < 100; n += 1) call.alice.sendOn(0x4000, randomBytes(1_000));
    await eventually('all were counted', () => relay.guard.counts().packets + relay.guard.counts().dropped === 100, () => relay.guard.counts());
    expect(relay.guard.counts().packets).toBeGreaterThanOrEqual(18);
    expect(relay.guard.counts().packets).toBeLessThan(40);
  });
  it('let no more bytes out to other relays, or in from there, either', async () => {
    const relayPorts = { from: ownPorts + 6, to: ownPorts + 8 };
    const other = await anyUdpSocket('127.0.0.3', ownPorts + 7);
    await open({ limits: { bytesPerSecond: 10_000 }, peers: { relays: ['127.0.0.3'], any: false }, relayPorts });
    const alice = await relay.client('alice');
    const { relayed } = await alice.allocate();
    const peer = { address: '127.0.0.3', port: ownPorts + 7 };
    await alice.permit(peer);
    const counted = (): number => relay.guard.counts().packets + relay.guard.counts().dropped;
    for (let n = 0; n < 100; n += 1) alice.sendTo(peer, Buffer.alloc(1_000));
    await eventually('all were counted', () => counted() === 100, () => relay.guard.counts());
    expect(relay.guard.counts().packets).toBeLessThan(40);
    for (let n = 0; n < 100; n += 1) other.send(Buffer.alloc(1_000), relayed.port, '127.0.0.1');
    await eventually('all were counted', () => counted() === 200, () => relay.guard.counts());
    expect(relay.guard.counts().packets).toBeLessThan(80);
    other.close();
  });
  it('let no more packets through than their work is worth', async () => {
    await open({ limits: { bytesPerSecond: 1_000 } });
    const call = await aCall();
    for (let n = 0; n < 100; n += 1) call.alice.sendOn(0x4000, Buffer.from('x'));
    await eventually('all were counted', () => relay.guard.counts().packets + relay.guard.counts().dropped === 100, () => relay.guard.counts());
    expect(relay.guard.counts().packets).toBeLessThan(40);
  });
  it('let nobody on the same relay use up what a call may receive', async () => {
    await open({ limits: { bytesPerSecond: 10_000 } });
    const call = await aCall();
    const strangers = await Promise.all(['mallory', 'victor', 'trudy'].map((account) => relay.client(account)));
    for (const stranger of strangers) {
      await stranger.allocate();
      // One address is that of every allocation here, so bob's permission for alice is one for anybody's.
      await stranger.permit(call.ofBob);
    }
    now = Date.now();
    for (let n = 0; n < 50; n += 1) for (const stranger of strangers) stranger.sendTo(call.ofBob, randomBytes(200));
    await eventually('all were counted', () => relay.guard.counts().packets + relay.guard.counts().dropped === 150, () => relay.guard.counts());
    expect(relay.guard.counts().packets).toBeLessThan(20);
    await goesOn(call, 'still here');
  });
  it('let one account send no more over everything it has', async () => {
    await open({ limits: { bytesPerSecond: 10_000, accountBytesPerSecond: 15_000 } });
    const pairs = await Promise.all(['alice', 'bob', 'carla', 'dora'].map(async (account) => ({ mallory: await relay.client('mallory'), other: await relay.client(account) })));
    for (const { mallory, other } of pairs) {
      const { relayed } = await mallory.allocate();
      await mallory.bind(0x4000, (await other.allocate()).relayed);
      await other.bind(0x4000, relayed);
    }
    now = Date.now();
    for (let n = 0; n < 40; n += 1) for (const { mallory } of pairs) mallory.sendOn(0x4000, randomBytes(100));
    await eventually('all were counted', () => relay.guard.counts().packets + relay.guard.counts().dropped === 160, () => relay.guard.counts());
    expect(relay.guard.counts()).toMatchObject({ packets: 150, dropped: 10 });
    pairs[0]!.other.sendOn(0x4000, Buffer.from('still here'));
    await pairs[0]!.mallory.hears('still here');
  });
  it('give one account no more when it ends what it has and asks anew', async () => {
    await open({ limits: { bytesPerSecond: 1_000_000, accountBytesPerSecond: 1_000 } });
    const bob = await relay.client('bob');
    const { relayed: ofBob } = await bob.allocate();
    now = Date.now();
    for (let n = 0; n < 3; n += 1) {
      const mallory = await relay.client('mallory');
      await bob.permit((await mallory.allocate()).relayed);
      await mallory.bind(0x4000, ofBob);
      for (let packet = 0; packet < 10; packet += 1) mallory.sendOn(0x4000, randomBytes(100));
      await eventually('all were counted', () => relay.guard.counts().packets + relay.guard.counts().dropped === 10 * (n + 1), () => relay.guard.counts());
      await mallory.refresh(0);
    }
    expect(relay.guard.counts()).toMatchObject({ packets: 10, dropped: 20 });
  });
  it('leave no port taken that nobody has, and give the last one', async () => {
    await open({ relayPorts: { from: ownPorts + 3, to: ownPorts + 5 } });
    const clients = await Promise.all(['a', 'b', 'c', 'd'].map((name) => relay.client(name)));
    const answers: string[] = [];
    for (const client of clients) answers.push(await code(client.allocate()));
    expect(answers).toEqual(['given', 'given', 'given', '508']);
    await clients[1]!.refresh(0);
    expect(await code(clients[3]!.allocate())).toBe('given');
  });
  it('count nothing that an account did not get, or has no more', async () => {
    await open({ relayPorts: { from: ownPorts + 9, to: ownPorts + 9 }, limits: { allocationsPerAccountMax: 2 } });
    const [one, other] = [await relay.client('alice'), await relay.client('alice')];
    for (let n = 0; n < 3; n += 1) {
      expect(await code(one.allocate())).toBe('given');
      expect([await code(other.allocate()), await code(other.allocate()), await code(other.allocate())]).toEqual(['508', '508', '508']);
      await one.refresh(0);
    }
    expect(await code(other.allocate())).toBe('given');
  });
  it('keep calls going while strangers are turned away', async () => {
    await open({ limits: { strangersPerSecond: 10, strangersPerSourcePerSecond: 10 } });
    const call = await aCall();
    const stranger = await anyUdpSocket();
    for (let n = 0; n < 500; n += 1) stranger.send(writeStun({ method: methods.allocate, class: classes.request, transaction: randomBytes(12), attributes: [] }), relay.port, '127.0.0.1');
    await eventually('most were turned away', () => relay.guard.counts().refused > 450, () => relay.guard.counts());
    await goesOn(call, 'still here');
    expect(await call.alice.refresh()).toBe(600);
    stranger.close();
  });
});

describe('whatever the bytes', () => {
  it('nothing but themselves is hurt', async () => {
    await open({ limits: { strangersPerSourcePerSecond: 1e6, strangersPerSecond: 1e6 } });
    const call = await aCall();
    const stranger = await anyUdpSocket();
    const [header, value] = [fc.constantFrom(0x0001, 0x0003, 0x0004, 0x0008, 0x0009, 0x0016, 0x0017, 0x0101, 0x0113, 0x4000, 0x7fff, 0x8000), fc.uint8Array({ maxLength: 60 })];
    const type = fc.constantFrom(...Object.values(attributes), 0x7abc, 0xc0de);
    fc.assert(fc.property(header, fc.array(fc.tuple(type, value), { maxLength: 6 }), fc.uint8Array({ maxLength: 30 }), fc.boolean(), (kind, list, tail, fingerprint) => {
      const whole = writeStun({ method: 1, class: 0, transaction: randomBytes(12), attributes: list.map(([of, bytes]) => ({ type: of, value: Buffer.from(bytes) })), fingerprint });
      whole.writeUInt16BE(kind, 0);
      for (const bytes of [whole, Buffer.from(tail), Buffer.concat([whole, tail]), whole.subarray(0, tail.length)]) {
        stranger.send(bytes, relay.port, '127.0.0.1');
        // From the address of a call too.
        call.alice.wire.send(bytes);
        stranger.send(bytes, call.ofAlice.port, '127.0.0.1');
      }
    }), { numRuns: 500 });
    await goesOn(call, 'unhurt');
    stranger.close();
  });
  it('an authenticated request with any attributes is answered, and the call goes on', async () => {
    await open();
    const call = await aCall();
    const type = fc.constantFrom(...Object.values(attributes).filter((one) => one !== attributes.messageIntegrity && one !== attributes.fingerprint && one !== attributes.username && one !== attributes.realm && one !== attributes.nonce), 0x7abc);
    await fc.assert(fc.asyncProperty(fc.constantFrom(methods.allocate, methods.createPermission, methods.channelBind, 0x00a), fc.array(fc.tuple(type, fc.uint8Array({ maxLength: 24 })), { maxLength: 5 }), async (method, list) => {
      expect(await code(call.alice.authenticated(method, list.map(([of, bytes]) => ({ type: of, value: Buffer.from(bytes) }))))).toMatch(/^(given|4\d\d|508)$/);
    }), { numRuns: 200 });
    await goesOn(call, 'still here');
    call.alice.sendTo(call.ofBob, Buffer.from('and indications'));
    await call.bob.hears('and indications');
    const transaction = randomBytes(12);
    call.alice.wire.send(writeStun({ method: methods.send, class: classes.indication, transaction, attributes: [uint32(attributes.lifetime, 1), { type: attributes.xorPeerAddress, value: xorAddress(call.ofBob, transaction) }] }));
    await goesOn(call, 'and on');
  });
});

describe('IPv6', () => {
  it('relays like IPv4, an IPv4 relay for an IPv6 client included', async () => {
    await open({ places: [{ bind: '127.0.0.1', announced: '127.0.0.1' }, { bind: '::1', announced: '::1' }] });
    const six = { type: attributes.requestedAddressFamily, value: Buffer.from([2, 0, 0, 0]) };
    const [alice, bob] = [await relay.client('alice', { host: '::1' }), await relay.client('bob', { host: '::1' })];
    const [ofAlice, ofBob] = [(await alice.allocate([six])), (await bob.allocate([six]))];
    expect([ofAlice.relayed.address, ofAlice.mapped.address]).toEqual(['0:0:0:0:0:0:0:1', '0:0:0:0:0:0:0:1']);
    await alice.bind(0x4000, ofBob.relayed);
    await bob.bind(0x4000, ofAlice.relayed);
    await goesOn({ alice, bob }, 'over six');
    expect((await (await relay.client('carol', { host: '::1' })).allocate()).relayed.address).toBe('127.0.0.1');
  });
});

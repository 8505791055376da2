import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Socket as DatagramSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attributes, classes, methods, readStun, valueOf, writeStun, type StunMessage } from '#appliance/turn/stun.ts';
import { overStream } from '#appliance/turn/wires.ts';
import { TurnRelay, type HeardTurnClient, type RelayWishes } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

/** People who connect to the relay by TCP and wish it ill. */

let relay: TurnRelay;
let now: number | undefined;
let sockets: Socket[];
const open = async (wishes: RelayWishes = {}): Promise<TurnRelay> => (relay = await TurnRelay.open(wishes, () => now ?? Date.now()));
beforeEach(() => void (sockets = []));
afterEach(() => {
  vi.restoreAllMocks();
  now = undefined;
  for (const socket of sockets) socket.destroy();
  relay.close();
});
const counts = () => relay.guard.counts();
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
/** What this process holds, of relay and clients together, with nothing in it that nobody needs. */
const heldBytes = (): number => {
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
};

/** What was needed for a moment may be given back a moment later. */
const holdsNoMore = (before: number): Promise<unknown> => eventually('two megabytes more are held at most', () => heldBytes() - before < 2e6, () => heldBytes() - before);

/** A connection from this address, open, with nothing said. */
const connection = async (localAddress = '127.0.0.1'): Promise<Socket> => {
  const socket = connect({ host: '127.0.0.1', port: relay.port, localAddress, allowHalfOpen: true });
  sockets.push(socket);
  // What the relay does to it shows in its end.
  socket.on('error', () => undefined).resume();
  await once(socket, 'connect');
  return socket;
};
/** One that the relay does not want, and says so at once. */
const isTurnedAway = async (localAddress: string): Promise<boolean> => {
  const socket = connect({ host: '127.0.0.1', port: relay.port, localAddress });
  // Sometimes the reset is there before it is known to be open.
  await new Promise<void>((resolve) => socket.resume().on('error', () => undefined).on('close', () => resolve()));
  return true;
};
/** The relay's end of it, with what its client did not read (proc(5), net/tcp). */
const isHeldByTheSystem = ({ localPort }: Socket): boolean => {
  const end = (port: number): string => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readFileSync('/proc/net/tcp', 'latin1').includes(`${end(relay.port)} ${end(localPort!)}`);
};
const ended = (socket: Socket): Promise<unknown> => eventually('the connection is ended', () => socket.destroyed || socket.readableEnded, () => counts());
const client = (account: string, socket: Socket): Promise<HeardTurnClient> => relay.client(account, { over: overStream(socket), timeoutMs: 10_000 });
/** Has the relay look at everything that should be over after so many seconds. */
const passes = (seconds: number): void => void (now = (now ?? Date.now()) + seconds * 1_000);

/** Alice over TCP and bob over UDP, who hear each other. */
const aCall = async () => {
  const [alice, bob] = [await relay.client('alice', { transport: 'tcp' }), await relay.client('bob')];
  const [ofAlice, ofBob] = [(await alice.allocate()).relayed, (await bob.allocate()).relayed];
  await alice.bind(0x4000, ofBob);
  await bob.bind(0x4000, ofAlice);
  let said = 0;
  const goesOn = async (): Promise<void> => {
    const words = `still here ${(said += 1)}`;
    alice.sendOn(0x4000, Buffer.from(words));
    await bob.hears(words);
    bob.sendOn(0x4000, Buffer.from(words));
    await alice.hears(words);
  };
  await goesOn();
  return { alice, bob, ofAlice, ofBob, goesOn };
};
const allocateRequest = (): Buffer => writeStun({ method: methods.allocate, class: classes.request, transaction: randomBytes(12), attributes: [{ type: attributes.requestedTransport, value: Buffer.from([17, 0, 0, 0]) }] });
const channelHead = (bytes: number): Buffer => Buffer.from([0x40, 0, bytes >> 8, bytes & 0xff]);

describe('a connection', () => {
  it('over which nothing comes is ended when it has waited long enough, and not before', async () => {
    await open();
    now = Date.now();
    const [call, silent] = [await aCall(), await connection()];
    passes(9);
    const late = await connection();
    await eventually('it is there', () => counts().connections === 3, counts);
    passes(2);
    await ended(silent);
    expect(counts()).toMatchObject({ connections: 2, cut: 1 });
    expect(late.destroyed).toBe(false);
    await call.goesOn();
  });
  it.each([['a byte of a request at a time', () => allocateRequest().subarray(0, 50)], ['a head without its body', () => channelHead(1_000)]])('over which %s comes is ended all the same', async (_what, bytes) => {
    await open();
    now = Date.now();
    const [call, slow] = [await aCall(), await connection()];
    slow.setNoDelay();
    const all = bytes();
    const quarter = Math.ceil(all.length / 4);
    for (let at = 0; at < all.length; at += quarter) {
      if (at > 0) passes(3);
      for (const byte of all.subarray(at, at + quarter)) slow.write(Buffer.from([byte]));
      // It is asked for something behind them, so that they have come.
      await call.goesOn();
    }
    expect(counts()).toMatchObject({ connections: 2, cut: 0 });
    passes(2);
    await ended(slow);
    expect(counts()).toMatchObject({ connections: 1, cut: 1, malformed: 0 });
    await call.goesOn();
  });
  it('with an allocation, that leaves a frame without its end, is ended with it', async () => {
    await open();
    const [call, socket] = [await aCall(), await connection()];
    await (await client('mallory', socket)).allocate();
    // It is asked for something behind the first piece of it, so that this has come.
    socket.write(Buffer.concat([channelHead(0xffff), Buffer.alloc(60_000)]));
    await call.goesOn();
    passes(29);
    await call.goesOn();
    socket.write(Buffer.alloc(100));
    await call.goesOn();
    passes(2);
    await ended(socket);
    expect(counts()).toMatchObject({ allocations: 2, connections: 1, cut: 1 });
    await call.goesOn();
  });
  it('that sends all it may at once, and more than a datagram can hold, is heard as far as it can be', async () => {
    await open();
    const call = await aCall();
    const mallory = await relay.client('mallory', { transport: 'tcp' });
    await call.bob.permit((await mallory.allocate()).relayed);
    await mallory.bind(0x4000, call.ofBob);
    mallory.sendOn(0x4000, Buffer.alloc(0xffff));
    mallory.sendTo(call.ofBob, Buffer.alloc(65_500));
    mallory.sendOn(0x4000, Buffer.from('and this'));
    await call.bob.hears('and this');
    expect(counts()).toMatchObject({ dropped: 2, malformed: 0, cut: 0 });
    await call.goesOn();
  });
  it.each([
    ['noise', Buffer.from([0xff, 0xff, 0xff, 0xff])], ['a TLS hello', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])], ['a request of HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: relay\r\n\r\n')], ['one of HTTP that says much', Buffer.alloc(30_000, 'POST /')],
    ['the head of what a stranger has no reason to say', channelHead(0xffff)], ['data without an allocation', Buffer.concat([channelHead(4), Buffer.alloc(4)])], ['a request with attributes that overlap', Buffer.concat([allocateRequest().subarray(0, 20), Buffer.from([0, 6, 0, 90, 0, 0, 0, 0])])],
  ])('over which %s comes is ended at once', async (_what, bytes) => {
    await open();
    const [call, socket] = [await aCall(), await connection()];
    socket.write(bytes);
    await ended(socket);
    await eventually('it was cut', () => counts().cut === 1, counts);
    expect(counts()).toMatchObject({ connections: 1, allocations: 2 });
    await call.goesOn();
  });
  it('of a call that sends something else is ended with its allocation', async () => {
    await open();
    const [call, socket] = [await aCall(), await connection()];
    const mallory = await client('mallory', socket);
    await mallory.allocate();
    mallory.sendOn(0x4000, Buffer.from('to nobody'));
    socket.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'.padEnd(30_000)));
    await ended(socket);
    expect(counts()).toMatchObject({ allocations: 2, connections: 1, cut: 1 });
    await call.goesOn();
  });
  it('of a stranger who goes on and on is ended, and so is one that asks more than strangers may', async () => {
    await open({ limits: { strangersPerSourcePerSecond: 5 } });
    now = Date.now();
    const [talks, asks] = [await connection('127.0.0.5'), await connection('127.0.0.6')];
    talks.write(Buffer.concat(Array.from({ length: 100 }, () => writeStun({ method: methods.send, class: classes.indication, transaction: randomBytes(12), attributes: [{ type: attributes.data, value: Buffer.alloc(200) }] }))));
    await ended(talks);
    expect(counts()).toMatchObject({ cut: 1, refused: 0 });
    for (let n = 0; n < 21; n += 1) asks.write(allocateRequest());
    await ended(asks);
    // Twenty were told to say who they are, and the last one got no answer.
    expect(counts()).toMatchObject({ cut: 2, refused: 21, connections: 0 });
  });
});

describe('strangers over connections', () => {
  it('from one address are charged once for an allocation, so that nobody is cut between two requests', async () => {
    await open({ limits: { strangersPerSourcePerSecond: 5 } });
    now = Date.now();
    const clients = await Promise.all(Array.from({ length: 20 }, async () => client('alice', await connection())));
    await Promise.all(clients.map((one) => one.allocate()));
    expect(counts()).toMatchObject({ allocations: 20, cut: 0 });
    const late = await connection();
    late.write(allocateRequest());
    await ended(late);
    expect(counts()).toMatchObject({ allocations: 20, cut: 1 });
  });
  it('that have been told to say who they are, and go on without saying it, are charged for all but the first', async () => {
    await open({ limits: { strangersPerSourcePerSecond: 5 } });
    now = Date.now();
    const socket = await connection();
    const wire = overStream(socket);
    const challenged = new Promise<StunMessage>((resolve) => (wire.onMessage = (bytes) => resolve(readStun(bytes)!)));
    wire.send(allocateRequest());
    const nonce = { type: attributes.nonce, value: valueOf(await challenged, attributes.nonce)! };
    const asks = (): void => wire.send(writeStun({ method: methods.allocate, class: classes.request, transaction: randomBytes(12), attributes: [nonce] }));
    // Twenty at once may be asked, and one more.
    for (let n = 0; n < 20; n += 1) asks();
    await eventually('they were answered', () => counts().refused === 21, counts);
    expect(counts()).toMatchObject({ connections: 1, cut: 0 });
    asks();
    await ended(socket);
    // A nonce of somebody else is none.
    const other = await connection();
    overStream(other).send(writeStun({ method: methods.allocate, class: classes.request, transaction: randomBytes(12), attributes: [nonce] }));
    await ended(other);
    expect(counts()).toMatchObject({ refused: 23, cut: 2, connections: 0 });
  });
});

describe('many connections', () => {
  it('without an allocation are as many as they may be, from one address, where who was there stays, and from all, where the oldest one goes', async () => {
    await open({ limits: { strangerConnectionsPerSourceMax: 3, strangerConnectionsMax: 5 } });
    const call = await aCall();
    const first = await Promise.all([connection('127.0.0.5'), connection('127.0.0.5'), connection('127.0.0.5')]);
    await eventually('they are there', () => counts().connections === 4, counts);
    expect(await isTurnedAway('127.0.0.5')).toBe(true);
    // With an allocation it is counted no more.
    await (await client('carla', first[0]!)).allocate();
    const others = [await connection('127.0.0.5'), await connection('127.0.0.6'), await connection('127.0.0.7')];
    await eventually('they are there', () => counts().connections === 7, counts);
    expect([...first, ...others].some(({ destroyed, readableEnded }) => destroyed || readableEnded)).toBe(false);
    const last = await connection('127.0.0.8');
    await ended(first[1]!);
    expect(counts()).toMatchObject({ allocations: 3, connections: 7, cut: 2 });
    await (await client('dora', last)).allocate();
    others[0]!.destroy();
    await eventually('it is gone', () => counts().connections === 6, counts);
    const again = [await connection('127.0.0.5'), await connection('127.0.0.6')];
    await eventually('they are there', () => counts().connections === 8, counts);
    expect([first[0], first[2], others[1], others[2], last, ...again].some((socket) => socket!.destroyed || socket!.readableEnded)).toBe(false);
    expect(counts()).toMatchObject({ allocations: 4, cut: 2 });
    await call.goesOn();
  });
  it('that each want room for the longest frame get none', async () => {
    await open();
    const call = await aCall();
    const all = await Promise.all(Array.from({ length: 150 }, () => connection()));
    const before = heldBytes();
    for (const socket of all) socket.write(channelHead(2_040));
    await call.goesOn();
    await holdsNoMore(before);
    for (const socket of all) socket.write(Buffer.alloc(2_040));
    await eventually('all were cut', () => counts().cut === 150, counts);
    await call.goesOn();
  });
  it('at once, two thousand of them, leave calls going and people coming', { timeout: 30_000 }, async () => {
    await open();
    const call = await aCall();
    const flood = Array.from({ length: 2_000 }, (_, n) => connection(`127.0.1.${1 + (n % 250)}`).then((socket) => (socket.write(n % 2 === 0 ? allocateRequest() : randomBytes(40)), socket), () => undefined));
    await call.goesOn();
    await Promise.all(flood);
    await call.goesOn();
    expect(counts().connections).toBeLessThanOrEqual(1_001);
    const carla = await client('carla', await connection());
    await carla.allocate();
    await eventually('all have been taken or turned away', () => counts().connections + counts().cut === 2_002, counts, 20_000);
    passes(11);
    await eventually('they are gone', () => counts().connections === 2, counts);
    expect(await carla.refresh()).toBe(600);
    await call.goesOn();
  });
});

describe('a client that does not read', () => {
  /** Mallory, who sends and is sent to, and reads nothing from here on. */
  const deaf = async () => {
    const socket = await connection();
    const mallory = await client('mallory', socket);
    const { relayed } = await mallory.allocate();
    return { socket, mallory, relayed };
  };

  it('loses what comes for it, and costs no more room than it has; nobody else loses anything, and reading again is hearing again', { timeout: 30_000 }, async () => {
    await open({ limits: { bytesPerSecond: 1e9, accountBytesPerSecond: 1e9 } });
    const [call, { socket, mallory, relayed }] = [await aCall(), await deaf()];
    await mallory.bind(0x4000, call.ofAlice);
    await call.alice.bind(0x4001, relayed);
    socket.pause();
    const before = heldBytes();
    // The system takes a few megabytes of it on either side.
    for (let n = 0; counts().dropped < 2_000; n += 1) {
      for (let packet = 0; packet < 100; packet += 1) call.alice.sendOn(0x4001, Buffer.alloc(1_200));
      await call.goesOn();
      expect(n).toBeLessThan(500);
    }
    await holdsNoMore(before);
    socket.resume();
    await eventually('what waited is read', () => mallory.heard.length > 100, () => mallory.heard.length);
    await eventually('it hears again', () => (call.alice.sendOn(0x4001, Buffer.from('again')), mallory.heard.some(({ data }) => data.toString() === 'again')), counts);
    expect(counts()).toMatchObject({ cut: 0, malformed: 0 });
  });
  it('is ended when it has read nothing for too long', { timeout: 30_000 }, async () => {
    await open({ limits: { bytesPerSecond: 1e9, accountBytesPerSecond: 1e9 } });
    const [call, { socket, mallory, relayed }] = [await aCall(), await deaf()];
    await mallory.bind(0x4000, call.ofAlice);
    await call.alice.bind(0x4001, relayed);
    now = Date.now();
    socket.pause();
    while (counts().dropped === 0) {
      for (let packet = 0; packet < 100; packet += 1) call.alice.sendOn(0x4001, Buffer.alloc(1_200));
      await call.goesOn();
    }
    passes(29);
    expect(await call.alice.refresh()).toBe(600);
    expect(counts()).toMatchObject({ allocations: 3, cut: 0 });
    expect(isHeldByTheSystem(socket)).toBe(true);
    passes(2);
    await eventually('it is over', () => counts().allocations === 2, counts);
    expect(counts()).toMatchObject({ connections: 1, cut: 1 });
    await eventually('the system keeps nothing for it', () => !isHeldByTheSystem(socket));
    await call.goesOn();
  });
  it('and asks on and on is ended: its answers are not kept', { timeout: 30_000 }, async () => {
    await open({ limits: { strangersPerSourcePerSecond: 1e6, strangersPerSecond: 1e6 } });
    const [call, { socket }] = [await aCall(), await deaf()];
    socket.pause();
    const asks = Buffer.concat(Array.from({ length: 1_000 }, () => writeStun({ method: methods.binding, class: classes.request, transaction: randomBytes(12), attributes: [] })));
    for (let n = 0; counts().cut === 0; n += 1) {
      socket.write(asks);
      await call.goesOn();
      expect(n).toBeLessThan(500);
    }
    expect(counts()).toMatchObject({ allocations: 2, connections: 1 });
    await call.goesOn();
  });
});

describe('a connection that is reset', () => {
  const resets: readonly (readonly [string, (socket: Socket) => unknown])[] = [
    ['before it said anything', () => undefined],
    ['in the midst of a frame', (socket) => socket.write(allocateRequest().subarray(0, 21))],
    ['before the answer to a stranger', (socket) => socket.write(allocateRequest())],
    ['with an allocation', async (socket) => (await client('mallory', socket)).allocate()],
    ['in the midst of data', async (socket) => {
      await (await client('mallory', socket)).allocate();
      socket.write(Buffer.concat([channelHead(0xffff), Buffer.alloc(9_000)]));
    }],
  ];
  it.each(resets)('%s leaves nothing, however often', async (_when, does) => {
    await open({ limits: { strangersPerSourcePerSecond: 1e6 } });
    const call = await aCall();
    for (let n = 0; n < 25; n += 1) {
      const socket = await connection();
      await does(socket);
      if (n % 2 === 0) await new Promise((resolve) => setImmediate(resolve));
      socket.resetAndDestroy();
    }
    await eventually('all are gone', () => counts().connections === 1 && counts().allocations === 2, counts);
    expect(counts()).toMatchObject({ cut: 0, malformed: 0 });
    await call.goesOn();
  });
  it('while a port is being opened for it leaves nothing, however often', async () => {
    await open({ limits: { strangersPerSourcePerSecond: 1e6, allocationsPerAccountMax: 3 } });
    const call = await aCall();
    const { bind } = DatagramSocket.prototype;
    for (let n = 1; n <= 10; n += 1) {
      const socket = await connection();
      const mallory = await client('mallory', socket);
      const [asked, given] = [Promise.withResolvers<DatagramSocket>(), Promise.withResolvers<undefined>()];
      vi.spyOn(DatagramSocket.prototype, 'bind').mockImplementationOnce(function (this: DatagramSocket, ...wanted: unknown[]) {
        asked.resolve(this);
        void given.promise.then(() => Reflect.apply(bind, this, wanted));
        return this;
      });
      void mallory.allocate().catch(() => undefined);
      const port = await asked.promise;
      socket.resetAndDestroy();
      await eventually('it has gone', () => counts().connections === 1, counts);
      expect(counts()).toMatchObject({ allocations: 2, allocated: 1 + n });
      const closed = once(port, 'close');
      given.resolve(undefined);
      await closed;
      expect(counts()).toMatchObject({ allocations: 2, allocated: 2 + n, cut: 0, malformed: 0 });
    }
    await call.goesOn();
  });
});

describe('whatever comes over connections', () => {
  it('nothing but themselves is hurt', { timeout: 30_000 }, async () => {
    await open({ limits: { strangersPerSourcePerSecond: 1e6, strangersPerSecond: 1e6 } });
    const call = await aCall();
    const value = fc.uint8Array({ maxLength: 60 });
    const type = fc.constantFrom(...Object.values(attributes), 0x7abc, 0xc0de);
    const message = fc.tuple(fc.constantFrom(0x0001, 0x0003, 0x0004, 0x0008, 0x0009, 0x0016, 0x0017, 0x0101, 0x0113, 0x4000), fc.array(fc.tuple(type, value), { maxLength: 6 })).map(([kind, list]) => {
      const whole = writeStun({ method: 1, class: 0, transaction: randomBytes(12), attributes: list.map(([of, bytes]) => ({ type: of, value: Buffer.from(bytes) })) });
      whole.writeUInt16BE(kind, 0);
      return whole;
    });
    await fc.assert(fc.asyncProperty(fc.array(fc.oneof({ weight: 4, arbitrary: message }, { weight: 1, arbitrary: value.map((bytes) => Buffer.from(bytes)) }), { maxLength: 8 }), fc.nat(40), fc.boolean(), async (frames, cut, isKnown) => {
      const socket = await connection();
      if (isKnown) await (await client('mallory', socket)).allocate();
      const bytes = Buffer.concat(frames);
      socket.write(bytes.subarray(0, cut));
      socket.end(bytes.subarray(cut));
      await once(socket, 'close');
    }), { numRuns: 150 });
    await eventually('all are gone', () => counts().connections === 1 && counts().allocations === 2, counts);
    await call.goesOn();
  });
});

import { createSecretKey, randomBytes, randomUUID } from 'node:crypto';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { busAddress } from '#appliance/bus/bus-address.ts';
import { NatsBus } from '#appliance/bus/nats-bus.ts';
import { busBodyBytesMax } from '#src/doors/socket/bus.ts';
import { Presence } from '#src/doors/socket/presence.ts';
import { HeardClient } from '#test/support/heard-client.ts';
import { NatsServer } from '#test/support/nats-server.ts';
import { eventually } from '#test/support/waiting.ts';

/** The bus over a real nats-server. */

type Log = { readonly logId: string; readonly logSecret: ReturnType<typeof createSecretKey> };
const aLog = (): Log => ({ logId: randomUUID(), logSecret: createSecretKey(randomBytes(32)) });

let log: Log;
let faults: unknown[];
let ends: (() => Promise<unknown>)[];
beforeEach(() => {
  [log, faults, ends] = [aLog(), [], []];
});
afterEach(async () => {
  for (const end of ends.toReversed()) await end();
  expect(faults).toEqual([]);
});

const aServer = async (options?: Parameters<typeof NatsServer.open>[0]): Promise<NatsServer> => {
  const server = await NatsServer.open(options);
  ends.push(() => server.kill());
  return server;
};
const aBus = (server: NatsServer, { of = log, credentials, url = server.url }: { readonly of?: Log; readonly credentials?: string; readonly url?: string } = {}): NatsBus => {
  const bus = new NatsBus({ address: busAddress(url, credentials), ...of, clock: Date.now, onFault: (cause) => void faults.push(cause) });
  ends.push(() => bus.close());
  return bus;
};
const isConnected = (bus: NatsBus, withinMs = 15_000) => eventually('the bus is connected', () => bus.state().state === 'connected', () => bus.state(), withinMs);
const isCut = (bus: NatsBus) => eventually('the bus is cut', () => bus.state().state === 'cut', () => bus.state(), 15_000);
/** What is heard of a subject from now on. */
const heardBy = (bus: NatsBus, subject = 'presence'): unknown[] => {
  const heard: unknown[] = [];
  bus.subscribe(subject, (body) => void heard.push(body));
  return heard;
};
const aStranger = async (server: NatsServer): Promise<NatsConnection> => {
  const stranger = await connect({ servers: `127.0.0.1:${server.port}` });
  ends.push(() => stranger.close());
  return stranger;
};
const twoNodes = async (server: NatsServer) => {
  const [one, two] = [aBus(server), aBus(server)];
  await Promise.all([isConnected(one), isConnected(two)]);
  return { one, two };
};
/** Sockets that this process opened towards somebody and has not ended. */
const ours = new Set<Socket>();
subscribe('net.client.socket', (message) => void ours.add((message as { readonly socket: Socket }).socket));
const openSockets = (): number => [...ours].filter(({ destroyed }) => !destroyed).length;

describe('the bus over NATS', () => {
  it('carries what one node publishes to the others, in order, and to nobody who does not listen', async () => {
    const { one, two } = await twoNodes(await aServer());
    const [own, heard, typing] = [heardBy(one), heardBy(two), heardBy(two, 'typing')];
    const unheard: unknown[] = [];
    two.subscribe('presence', (body) => void unheard.push(body))();
    const all = Array.from({ length: 3_000 }, (_, n) => ({ n, text: 'ü' }));
    for (const [n, body] of all.entries()) {
      one.publish('presence', body);
      if (n % 200 === 0) await eventually('there is room', () => one.counts().waiting < 500);
    }
    await eventually('all came', () => heard.length === all.length, () => one.counts());
    expect([heard, own, typing, unheard]).toEqual([all, [], [], []]);
    expect([one.counts().sent, two.counts().received, one.counts().dropped.own]).toEqual([3_000, 3_000, 0]);
  });

  it('keeps organisations apart, and takes nothing that was forged, copied, played back or is too big', async () => {
    const server = await aServer();
    const { one, two } = await twoNodes(server);
    const foreign = aLog();
    const theirs = aBus(server, { of: foreign });
    await isConnected(theirs);
    const [heard, heardThere] = [heardBy(two), heardBy(theirs)];
    const stranger = await aStranger(server);
    const overheard: Uint8Array[] = [];
    stranger.subscribe(`hansard.${log.logId}.presence`, { callback: (_error, { data }) => void overheard.push(data.slice()) });
    await stranger.flush();
    one.publish('presence', { n: 1 });
    await eventually('the stranger overheard it', () => overheard[0]);
    const subject = `hansard.${log.logId}.presence`;
    stranger.publish(subject, overheard[0]!);
    stranger.publish(`hansard.${log.logId}.typing`, overheard[0]!);
    stranger.publish(`hansard.${foreign.logId}.presence`, overheard[0]!);
    stranger.publish(subject, 'hello');
    stranger.publish(subject, Buffer.concat([randomBytes(32), overheard[0]!.subarray(32)]));
    stranger.publish(subject, randomBytes(busBodyBytesMax + 1_000));
    await stranger.flush();
    one.publish('presence', { n: 2 });
    await eventually('the next one came', () => heard.length === 2);
    await eventually('the copy came', () => theirs.counts().dropped.forged === 1);
    expect([heard, heardThere]).toEqual([[{ n: 1 }, { n: 2 }], []]);
    expect(two.counts().dropped).toEqual({ oversize: 1, forged: 3, unreadable: 0, own: 0, stale: 0, replayed: 1, 'too-many': 0 });
  });

  it('says since when it is cut and what that means, and comes back by itself', async () => {
    const server = await aServer();
    const { one, two } = await twoNodes(server);
    const heard = heardBy(two);
    let reached = 0;
    one.onConnected(() => (reached += 1));
    await server.kill();
    await Promise.all([isCut(one), isCut(two)]);
    expect(one.state()).toMatchObject({ state: 'cut', says: expect.stringMatching(/^The bus at 127\.0\.0\.1:\d+ is cut: .+ nothing is lost.+look at NATS/) });
    one.publish('presence', { n: 1 });
    await server.start();
    await Promise.all([isConnected(one), isConnected(two)]);
    one.publish('presence', { n: 2 });
    await eventually('it is heard again', () => heard.length > 0 && (heard.at(-1) as { n: number }).n === 2);
    expect(reached).toBe(2);
  });

  it('needs no NATS to start with', async () => {
    const server = await aServer({ starts: false });
    const bus = aBus(server);
    await eventually('a first try failed', () => JSON.stringify(bus.state()).includes('connection refused'), () => bus.state());
    await server.start();
    await isConnected(bus);
  });

  it('lets nobody wait for a server that stopped reading, keeps no more than it may, and leaves no socket behind', async () => {
    const server = await aServer();
    const { one, two } = await twoNodes(server);
    server.freeze();
    const text = 'x'.repeat(16 * 1024);
    for (let n = 0; n < 20_000; n += 1) {
      one.publish('presence', { n, text });
      // The process goes about its business meanwhile.
      if (n % 500 === 0) await new Promise(setImmediate);
    }
    expect(one.counts().waiting).toBeLessThanOrEqual(1_024);
    expect(one.counts().sent).toBeLessThanOrEqual(256);
    expect(one.counts().unsent).toBeGreaterThan(18_000);
    await Promise.all([isCut(one), isCut(two)]);
    // Tries that are taken and never answered.
    ours.clear();
    await eventually('tries were taken and not answered', () => ours.size >= 4, () => one.state(), 20_000);
    // Each has one try at a time.
    expect(openSockets()).toBeLessThanOrEqual(2);
    server.thaw();
    await Promise.all([isConnected(one, 30_000), isConnected(two, 30_000)]);
    const heard = heardBy(two);
    one.publish('presence', { again: true });
    await eventually('it is heard again', () => (heard.at(-1) as { again?: boolean } | undefined)?.again === true);
  });

  it('would leave sockets behind by the client alone', async () => {
    const server = await aServer();
    ours.clear();
    server.freeze();
    for (let n = 0; n < 2; n += 1) await expect(connect({ servers: `127.0.0.1:${server.port}`, reconnect: false, timeout: 300 })).rejects.toThrow('timeout');
    // Those to this server: a bus of another test may still be trying its own.
    expect([...ours].filter(({ destroyed, remotePort }) => !destroyed && remotePort === server.port)).toHaveLength(2);
  });

  it('leaves a bus that floods it, and returns', async () => {
    const server = await aServer();
    const { one, two } = await twoNodes(server);
    const stranger = await aStranger(server);
    for (let n = 0; n < 60_000; n += 1) stranger.publish(`hansard.${log.logId}.presence`, 'x');
    await Promise.all([one, two].map((bus) => eventually('the bus is left', () => JSON.stringify(bus.state()).includes('more than 20000 messages came in a second'), () => bus.state())));
    const heard = heardBy(two);
    await eventually('it is heard again', () => {
      if (one.state().state === 'connected' && two.state().state === 'connected') one.publish('presence', { n: 1 });
      return heard.length > 0;
    }, () => [one.state(), two.state()], 15_000);
  });

  it('goes on when a listener fails, and when a frame is too big', async () => {
    const { one, two } = await twoNodes(await aServer());
    two.subscribe('presence', () => {
      throw new Error('a listener failed');
    });
    const heard = heardBy(two);
    one.publish('presence', { text: 'x'.repeat(busBodyBytesMax) });
    one.publish('presence', { n: 1 });
    one.publish('presence', { n: 2 });
    await eventually('all came', () => heard.length === 2);
    expect(one.counts().refused).toBe(1);
    expect(faults.splice(0).map((cause) => (cause as Error).message)).toEqual([expect.stringContaining('too big for the bus (presence)'), 'a listener failed', 'a listener failed']);
  });

  it('says what a server refuses, and takes new credentials without a restart', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bus-'));
    ends.push(() => rm(folder, { recursive: true }));
    const [credentials, config] = [join(folder, 'credentials'), join(folder, 'nats.conf')];
    await writeFile(config, `authorization { users = [\n{ user: ann, password: "right:one", permissions: { publish: "hansard.${log.logId}.>", subscribe: "hansard.${log.logId}.>" } }\n{ user: ben, password: deaf, permissions: { publish: ">", subscribe: { deny: ">" } } }\n{ user: cat, password: mute, permissions: { publish: { deny: ">" }, subscribe: ">" } }\n] }\n`);
    await writeFile(credentials, 'ann:wrong\n');
    const server = await aServer({ words: ['-c', config] });
    const bus = aBus(server, { credentials });
    const says = (words: string) => eventually(`the bus says ${words}`, () => JSON.stringify(bus.state()).includes(words), () => bus.state(), 15_000);
    await says('Authorization Violation');
    await writeFile(credentials, 'ben:deaf\n');
    await says('Permissions Violation for Subscription');
    await writeFile(credentials, 'cat:mute\n');
    await eventually('the server refuses what is published', () => {
      bus.publish('presence', {});
      return JSON.stringify(bus.state()).includes('Permissions Violation for Publish');
    }, () => bus.state(), 20_000);
    await writeFile(credentials, 'ann:right:one\n');
    await eventually('the bus stays connected', () => {
      const state = bus.state();
      bus.publish('presence', {});
      return state.state === 'connected' && Date.now() - state.since > 500;
    }, () => bus.state(), 20_000);
  });

  it('tells no credentials to a server without TLS where TLS was asked for', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bus-'));
    ends.push(() => rm(folder, { recursive: true }));
    const [credentials, wire] = [join(folder, 'credentials'), join(folder, 'nats.log')];
    await writeFile(credentials, 'ann:secret\n');
    const server = await aServer({ words: ['-DV', '-l', wire] });
    const bus = aBus(server, { credentials, url: server.url.replace('nats:', 'tls:') });
    await eventually('the bus refused', () => JSON.stringify(bus.state()).includes("does not support 'tls'"), () => bus.state());
    expect(await readFile(wire, 'utf8')).not.toContain('CONNECT');
  });

  it('says good-bye with what it published last', async () => {
    const { one, two } = await twoNodes(await aServer());
    const heard = heardBy(two);
    for (let n = 0; n < 600; n += 1) one.publish('presence', { n });
    one.publish('presence', { is: 'bye' });
    await one.close();
    await eventually('the last one came', () => (heard.at(-1) as { is?: string } | undefined)?.is === 'bye', () => heard.length);
    expect(heard.length).toBe(601);
  });
});

describe('presence over NATS', () => {
  it('crosses nodes, and is right again as soon as a cut is over', async () => {
    const server = await aServer();
    const { one, two } = await twoNodes(server);
    const [here, there] = [new Presence(one), new Presence(two)];
    ends.push(async () => [here, there].forEach((presence) => presence.close()));
    const [alice, bob, watcher] = [new HeardClient(randomUUID()), new HeardClient(randomUUID()), new HeardClient(randomUUID())];
    there.watch(watcher, [alice.account, bob.account]);
    here.arrived(alice);
    await eventually('alice is there', () => watcher.lastOf(alice.account) === 'available');
    await server.kill();
    await Promise.all([isCut(one), isCut(two)]);
    here.arrived(bob);
    here.choose(alice.account, 'busy');
    await server.start();
    await eventually('both are as they are', () => watcher.lastOf(alice.account) === 'busy' && watcher.lastOf(bob.account) === 'available', () => watcher.frames, 15_000);
  });
});

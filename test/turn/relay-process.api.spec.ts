import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { Relay } from '#appliance/turn/relay.ts';
import { TurnClient } from '#appliance/turn/turn-client.ts';
import type { TurnCredential } from '#src/ice/turn-credential.ts';
import { anyUdpSocket, code, relaySettings, type RelayWishes } from '#test/support/turn-relay.ts';
import { eventually } from '#test/support/waiting.ts';

const relays: Relay[] = [];
const clients: TurnClient[] = [];
const faults: unknown[] = [];
const open = async (wishes: RelayWishes = {}, clock: () => number = Date.now): Promise<Relay> => {
  const relay = new Relay(relaySettings(wishes), { clock, onFault: (cause) => void faults.push(cause) });
  relays.push(relay);
  relay.start();
  return relay;
};
const listens = (relay: Relay): Promise<number> => eventually('the relay listens', () => relay.state().port ?? undefined, () => relay.state());
const client = async (relay: Relay, account = 'alice', session: string | null = null, transport: 'udp' | 'tcp' = 'udp'): Promise<TurnClient> => {
  const made = await TurnClient.open({ host: '127.0.0.1', port: await listens(relay), transport }, relay.mint(account, session, Date.now()), { timeoutMs: 3_000 });
  clients.push(made);
  return made;
};

afterEach(async () => {
  for (const one of clients.splice(0)) one.close();
  await Promise.all(relays.splice(0).map((relay) => relay.close()));
  expect(faults).toEqual([]);
});

describe('the process of the relay', () => {
  it('relays for whom the appliance mints credentials, and counts', async () => {
    const relay = await open();
    const one = await client(relay);
    expect((await one.allocate()).lifetimeS).toBe(600);
    await one.refresh();
    await eventually('it was counted', () => relay.counts().refreshed === 1 && relay.counts().allocations === 1, () => relay.counts());
  });
  it('has no environment, no files and no secret but the one of the relay', async () => {
    process.env['HANSARD_TEST_SECRET'] = 'not for the relay';
    const relay = await open();
    await listens(relay);
    const own = (name: string): string => readFileSync(`/proc/${relay.pid}/${name}`, 'latin1');
    expect(own('environ').split('\0').filter((one) => one !== '' && !one.startsWith('NODE_CHANNEL_'))).toEqual([]);
    expect(own('cmdline')).toContain('--permission\0');
    expect(own('cmdline')).toContain('--max-old-space-size=128\0');
    expect(own('cmdline')).not.toMatch(/allow-(fs-write|child-process|worker|addons)/);
    delete process.env['HANSARD_TEST_SECRET'];
  });
  it('reads its code, and not the data folder beside it', async () => {
    const relay = await open();
    await listens(relay);
    const words = readFileSync(`/proc/${relay.pid}/cmdline`, 'latin1').split('\0').filter((word) => word.startsWith('--'));
    const root = fileURLToPath(new URL('../../', import.meta.url));
    const may = (place: string): string => spawnSync(process.execPath, [...words, '-p', `process.permission.has('fs.read', ${JSON.stringify(`${root}${place}`)})`], { encoding: 'utf8', env: {} }).stdout.trim();
    expect(['appliance/turn/guard.ts', 'src/ice/turn-credential.ts', 'data/keys/log-secret', 'keys', '.git/config', ''].map(may)).toEqual(['true', 'true', 'false', 'false', 'false', 'false']);
  });
  it('that could not be started, because this machine had no room for one more, is started later', async () => {
    const { execPath } = process;
    process.execPath = '/nowhere/node';
    const relay = await open();
    try {
      await eventually('it is missed', () => relay.state().state === 'waiting', () => relay.state());
      expect(relay.state().says).toContain('could not be started');
    } finally {
      process.execPath = execPath;
    }
    await listens(relay);
  });
  it('that was killed is started again, says so, and still knows what was revoked', async () => {
    const relay = await open();
    const revoked = relay.mint('alice', 'phone', Date.now());
    await (await client(relay, 'alice', 'phone')).allocate();
    relay.revoke('alice', 'phone');
    process.kill(relay.pid!, 'SIGKILL');
    await eventually('it is missed', () => relay.state().state === 'waiting', () => relay.state());
    expect(relay.state().says).toContain('started again by itself');
    expect(relay.isExpected).toBe(true);
    await listens(relay);
    expect(relay.restarts).toBe(1);
    const old = await TurnClient.open({ host: '127.0.0.1', port: relay.state().port!, transport: 'udp' }, revoked);
    clients.push(old);
    expect(await code(old.allocate())).toBe('401');
    expect(await code((await client(relay, 'alice', 'phone')).allocate())).toBe('given');
    expect(await code((await client(relay, 'bob')).allocate())).toBe('given');
  });
  it('refuses at once whom the appliance revokes', async () => {
    const relay = await open();
    const one = await client(relay);
    await one.allocate();
    const old = await client(relay);
    relay.revoke('alice');
    await eventually('it is refused', async () => (await code(one.refresh())) === '401');
    expect([await code(old.allocate()), await code((await client(relay)).allocate())]).toEqual(['401', 'given']);
  });
  it('takes nothing that was minted between two revocations, however soon they follow each other', async () => {
    const at = Date.now();
    const relay = await open({}, () => at);
    await listens(relay);
    relay.revoke('alice');
    const between = relay.mint('alice', 'phone', at);
    relay.revoke('alice', 'phone');
    const after = relay.mint('alice', 'phone', at);
    const asks = async (credential: TurnCredential): Promise<string> => {
      const made = await TurnClient.open({ host: '127.0.0.1', port: await listens(relay), transport: 'udp' }, credential, { timeoutMs: 3_000 });
      clients.push(made);
      return code(made.allocate());
    };
    expect([await asks(between), await asks(after)]).toEqual(['401', 'given']);
    relay.revoke('alice'); // Told to another process: a packet may be there before the word.
    await eventually('it is refused', async () => (await asks(after)) === '401');
    expect(await asks(relay.mint('alice', 'phone', at))).toBe('given');
  });
  it('says that its port is taken, and listens when it is free', async () => {
    const taken = await anyUdpSocket();
    const { port } = taken.address();
    const relay = await open({ port });
    await eventually('it says so', () => relay.state().says?.includes(`UDP port ${port} is taken by another program`), () => relay.state());
    expect(relay.state()).toMatchObject({ state: 'waiting', port: null });
    expect(relay.isExpected).toBe(false);
    taken.close();
    expect(await listens(relay)).toBe(port);
    expect(relay.state().says).toBeNull();
  });
  it('says that its port is taken for TCP, relays datagrams meanwhile, and takes connections when it is free', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const relay = await open({ port });
    expect(await listens(relay)).toBe(port);
    expect(relay.state()).toMatchObject({ state: 'listening', says: expect.stringContaining(`TCP port ${port} is taken by another program`) as string });
    expect([relay.takesTcp, relay.isExpected]).toEqual([false, true]);
    expect((await (await client(relay)).allocate()).lifetimeS).toBe(600);
    taken.close();
    await eventually('it takes connections', () => relay.takesTcp, () => relay.state());
    expect(relay.state()).toEqual({ state: 'listening', port, says: null });
    expect((await (await client(relay, 'alice', null, 'tcp')).allocate()).lifetimeS).toBe(600);
  });
  it('that has no room for one more connection lets calls go on, and takes connections again when it has', async () => {
    const relay = await open();
    const [call, datagrams] = [await client(relay, 'alice', null, 'tcp'), await client(relay, 'bob')];
    await call.allocate();
    await datagrams.allocate();
    const { pid } = relay;
    const files = readdirSync(`/proc/${pid}/fd`).length;
    execFileSync('prlimit', ['--pid', String(pid), `--nofile=${files + 10}:${files + 10}`]);
    const sockets = Array.from({ length: 60 }, () => connect({ host: '127.0.0.1', port: relay.state().port! }).on('error', () => undefined));
    await eventually('the room is used up', () => readdirSync(`/proc/${pid}/fd`).length >= files + 9);
    expect([await call.refresh(), await datagrams.refresh()]).toEqual([600, 600]);
    expect(await code((await client(relay, 'carla')).allocate())).toBe('508');
    for (const socket of sockets) socket.destroy();
    const late = await eventually('somebody is taken again', () => client(relay, 'dora', null, 'tcp').then((one) => one.allocate().then(() => one, () => undefined), () => undefined));
    expect(await late.refresh()).toBe(600);
    expect([await call.refresh(), relay.restarts, relay.pid]).toEqual([600, 0, pid]);
  });
  it('says that this machine has not the address', async () => {
    const relay = await open({ places: [{ bind: '198.51.100.1', announced: '198.51.100.1' }] });
    await eventually('it says so', () => relay.state().says?.includes('this machine has not the address 198.51.100.1'), () => relay.state());
  });
  it('ends with the appliance', async () => {
    const relay = await open();
    await listens(relay);
    const { pid } = relay;
    await relay.close();
    expect(() => process.kill(pid!, 0)).toThrow();
    expect(relay.state().state).toBe('closed');
  });
});

import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sealerOf } from '#appliance/house/sealer.ts';
import { readConfig } from '#appliance/config.ts';
import { turnConfig, type TurnConfig, type TurnVariables } from '#appliance/turn/turn-config.ts';
import { turnGauges } from '#appliance/turn/turn-gauges.ts';
import { Turn, turnSecretOf } from '#appliance/turn/turn.ts';
import { iceAdd, iceGet, iceRemove, iceTest } from '#appliance/verbs/ice.ts';
import type { Verb, VerbAnswer } from '#appliance/verbs/verb.ts';
import type { Opened } from '#src/every-event.ts';
import { suspendAccount } from '#src/accounts/suspend-account.ts';
import { operator } from '#appliance/verbs/verb.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { turnCredential, turnPassword } from '#src/ice/turn-credential.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { eventually } from '#test/support/waiting.ts';
import { accountAdd, accountClass } from '#appliance/verbs/account.ts';
import { TurnClient } from '#appliance/turn/turn-client.ts';

let appliance: Appliance;
let turn: Turn;
let alice: string;
const done = async (verb: Verb, input: Record<string, unknown>): Promise<VerbAnswer> => {
  const answer = await verb.run(appliance.house, verb.input.parse(input), { onProgress: () => undefined, signal: new AbortController().signal });
  if (isRefusal(answer)) throw new Error(`${answer.code}: ${answer.sentence}`);
  return answer;
};
const openTurn = (change: Partial<TurnConfig> = {}): Promise<Turn> => {
  const { config, log, logId, keyring, clock, onFault, standing } = appliance.house;
  return Turn.open({ config: { ...config.turn!, ...change }, classOf: (account) => standing.account(account)?.classOfService ?? null, log, logSecret: keyring.logSecret, open: sealerOf(logId, keyring, clock).open, clock, onFault });
};
/** What is added comes by the follower in the appliance; here by reading it. */
const openedAgain = async (): Promise<Turn> => {
  await turn.close();
  return (turn = await openTurn());
};
const external = 'turn:turn.example.org:3478?transport=udp';

beforeAll(async () => {
  appliance = await anAppliance({ env: { HANSARD_TURN: 'on', HANSARD_TURN_PORT: '0', HANSARD_TURN_ADDRESS: '127.0.0.1' } });
  alice = ((await done(accountAdd, { name: 'alice', display: 'Alice', role: ['employee'] })).output as { readonly account: string }).account;
  turn = await openTurn();
});
afterAll(async () => {
  await turn.close();
  await appliance.close();
});
const listens = (): Promise<number> => eventually('the relay listens', () => turn.state().port ?? undefined, () => turn.state());
const ofAlice = () => turn.iceServersFor(alice, Date.now()).servers;

describe('the relay in the box', () => {
  it('starts when somebody needs it, and is what a browser is told', async () => {
    expect(turn.state().state).toBe('idle');
    ofAlice();
    const port = await listens();
    const [server] = ofAlice();
    expect(server).toMatchObject({ urls: [`turn:127.0.0.1:${port}?transport=udp`, `turn:127.0.0.1:${port}?transport=tcp`], credential: turnPassword(turnSecretOf(appliance.house.keyring.logSecret), server!.username!) });
  });
  it('ends what a suspended account has, as the follower brings it', async () => {
    const port = await listens();
    const [server] = ofAlice();
    const client = await TurnClient.open({ host: '127.0.0.1', port, transport: 'udp' }, { username: server!.username!, credential: server!.credential! });
    await client.allocate();
    const suspended = await appliance.house.commandAs(operator, suspendAccount, { account: alice });
    turn.follow((isRefusal(suspended) ? [] : suspended.events) as readonly Opened[]);
    await eventually('it is over', () => client.refresh().then(() => false, ({ code }: { readonly code: number }) => code === 401));
    client.close();
  });
});

describe('a relay whose port is taken for TCP', () => {
  it('is told of over UDP alone, and over both when it is free; a gauge says which', async () => {
    const port = 15_000 + (process.pid % 4_000); // Outside the ephemeral range, so that nobody is given it while it is free.
    const taken = createServer().listen(port, '127.0.0.1');
    await once(taken, 'listening');
    const other = await openTurn({ port });
    const listening = (): Record<string, number> => Object.fromEntries(turnGauges.filter(([name]) => name.startsWith('turn_listening')).map(([name, , read]) => [name, read(other)]));
    const urls = () => other.iceServersFor(alice, Date.now()).servers[0]!.urls;
    try {
      expect(listening()).toEqual({ turn_listening: 1, turn_listening_tcp: 1 });
      other.start();
      expect(listening()).toEqual({ turn_listening: 0, turn_listening_tcp: 0 });
      await eventually('the relay listens', () => other.state().port !== null, () => other.state());
      expect([listening(), urls()]).toEqual([{ turn_listening: 1, turn_listening_tcp: 0 }, [`turn:127.0.0.1:${port}?transport=udp`]]);
      taken.close();
      await eventually('it takes connections', () => listening()['turn_listening_tcp'] === 1, () => other.state());
      expect(urls()).toEqual([`turn:127.0.0.1:${port}?transport=udp`, `turn:127.0.0.1:${port}?transport=tcp`]);
    } finally {
      taken.close();
      await other.close();
    }
  });
});

describe('a credential made before the appliance was started', () => {
  it('counts no more: who was revoked by then is not known', async () => {
    const [before] = turn.iceServersFor('somebody', Date.now() - 60_000).servers;
    await openedAgain();
    turn.start();
    const port = await listens();
    const opens = async (one: { readonly username?: string; readonly credential?: string }): Promise<number> => {
      const client = await TurnClient.open({ host: '127.0.0.1', port, transport: 'udp' }, { username: one.username!, credential: one.credential! });
      return client.allocate().then(() => 200, ({ code }: { readonly code: number }) => code).finally(() => client.close());
    };
    expect([await opens(before!), await opens(turn.iceServersFor('somebody', Date.now()).servers[0]!)]).toEqual([401, 200]);
  });
  it('counts no more for whom was revoked before the relay was needed', async () => {
    await openedAgain();
    const minted = turnCredential(turnSecretOf(appliance.house.keyring.logSecret), { account: 'somebody', session: null, expiresAt: Math.ceil(Date.now() / 1_000) + 12 * 3_600 });
    turn.revoke('somebody');
    turn.start();
    const client = await TurnClient.open({ host: '127.0.0.1', port: await listens(), transport: 'udp' }, minted);
    await expect(client.allocate()).rejects.toMatchObject({ code: 401 });
    client.close();
  });
});

describe('servers of others', () => {
  it('are added, shown without their secrets, given to people with a password of their own, and removed', async () => {
    await done(iceAdd, { url: external, sharedSecret: 'a very secret secret' });
    await done(iceAdd, { url: 'stun:stun.example.org' });
    expect((await done(iceGet, {})).says).toEqual([expect.stringContaining('transport=udp  everybody  built-in'), expect.stringContaining('transport=tcp  everybody  built-in'), `${external}  everybody  shared-secret`, 'stun:stun.example.org  everybody  none']);
    await openedAgain();
    const found = ofAlice().find(({ urls }) => urls[0] === external)!;
    expect(found.credential).toBe(turnPassword('a very secret secret', found.username!));
    expect(found.username).toMatch(new RegExp(`^\\d+:${alice}$`));
    expect(JSON.stringify(await appliance.recorded('settings'))).not.toContain('very secret');
    await done(iceRemove, { url: external });
    await expect(done(iceRemove, { url: external })).rejects.toThrow('no-such-ice-server');
    await openedAgain();
    expect(ofAlice().map(({ urls }) => urls[0])).not.toContain(external);
  });
  it('of one account are for that account instead of everybody\'s', async () => {
    await done(iceAdd, { url: external, username: 'one', credential: 'two', account: 'alice' });
    expect((await done(iceGet, {})).says).toContain(`${external}  alice  credential as one`);
    await openedAgain();
    expect(ofAlice().filter(({ urls }) => !urls[0]!.includes('127.0.0.1'))).toEqual([{ urls: [external], username: 'one', credential: 'two' }]);
    expect(turn.iceServersFor('somebody else', Date.now()).servers.map(({ urls }) => urls[0])).toContain('stun:stun.example.org');
    await expect(done(iceAdd, { url: external, username: 'one', credential: 'two', account: 'nobody' })).rejects.toThrow('not-found');
    await done(iceRemove, { url: external, account: 'alice' });
    await done(iceRemove, { url: 'stun:stun.example.org' });
    await openedAgain();
  });
  it('of a class of service are for those who have it and no servers of their own', async () => {
    const urls = () => ofAlice().map((one) => one.urls[0]!).filter((one) => !one.includes('127.0.0.1'));
    await done(iceAdd, { url: external, sharedSecret: 'a very secret secret' });
    expect((await done(iceAdd, { url: 'stun:stun.example.org', class: 'Advanced' })).says[1]).toContain('No account has the class advanced yet');
    await openedAgain();
    expect(urls()).toEqual([external]);
    await done(accountClass, { name: 'alice', classOfService: 'ADVANCED' });
    expect(urls()).toEqual(['stun:stun.example.org']);
    await done(accountClass, { name: 'alice', classOfService: null });
    expect(urls()).toEqual([external]);
    expect((await done(iceGet, {})).says).toContain('stun:stun.example.org  the class advanced  none');
    await expect(done(iceAdd, { url: external, class: 'Advanced', account: 'alice' })).rejects.toThrow('one-scope');
    await done(iceRemove, { url: 'stun:stun.example.org', class: 'advanced' });
    await done(iceRemove, { url: external });
    await openedAgain();
  });
  it('that come and go are heard of by the follower', async () => {
    const added = { type: 'IceServerAdded', data: { authorisation: 'none', scope: { id: null, kind: 'global' }, url: 'stun:other.example.org', username: null }, content: {} } as unknown as Opened;
    turn.follow([added]);
    expect(ofAlice().at(-1)).toEqual({ urls: ['stun:other.example.org'] });
    turn.follow([{ ...added, type: 'IceServerRemoved' } as Opened]);
    expect(ofAlice().map(({ urls }) => urls[0])).not.toContain('stun:other.example.org');
  });
});

describe('testing a server', () => {
  it('obtains a candidate and sends something through it, or says what failed', async () => {
    turn.start();
    const port = await listens();
    const secret = turnSecretOf(appliance.house.keyring.logSecret);
    const own = `turn:127.0.0.1:${port}`;
    await done(iceAdd, { url: own, sharedSecret: secret });
    await done(iceAdd, { url: `${own}?transport=udp`, username: 'wrong', credential: 'wrong' });
    await done(iceAdd, { url: `stun:127.0.0.1:${port}` });
    await done(iceAdd, { url: `turn:127.0.0.1:${port}?transport=tcp`, sharedSecret: secret });
    expect((await done(iceTest, { url: own })).says[0]).toMatch(/^ok {4}turn:127\.0\.0\.1:\d+ relays: a candidate at 127\.0\.0\.1:\d+ for 600 seconds, and what was sent through it arrived\.$/);
    expect((await done(iceTest, { url: `stun:127.0.0.1:${port}` })).says[0]).toMatch(/^ok {4}.* answers: it sees this machine as 127\.0\.0\.1:\d+\.$/);
    const wrong = await done(iceTest, { url: `${own}?transport=udp` });
    expect([wrong.says[0], wrong.exit]).toEqual([expect.stringContaining('does not take the credential'), 3]);
    expect((await done(iceTest, { url: `turn:127.0.0.1:${port}?transport=tcp` })).says[0]).toMatch(/^ok {4}turn:127\.0\.0\.1:\d+\?transport=tcp relays: .* what was sent through it arrived\.$/);
    await done(iceAdd, { url: 'turn:127.0.0.1:1?transport=tcp', sharedSecret: secret });
    expect((await done(iceTest, { url: 'turn:127.0.0.1:1?transport=tcp' })).says[0]).toContain('cannot be reached');
    expect((await done(iceTest, { url: 'turn:nowhere' })).says[0]).toContain('no such ICE server');
  });
});

describe('what the variables say', () => {
  const own = [{ address: '127.0.0.1', internal: true }, { address: '::1', internal: true }, { address: 'fe80::1', internal: false }, { address: '192.0.2.10', internal: false }];
  const variables: TurnVariables = { port: 3_478, relayPorts: '49152-65535', addresses: [], peers: [], bytesPerSecond: 1, allocations: 1, host: '127.0.0.1', publicUrl: undefined };
  const found = (change: Partial<TurnVariables>) => {
    const { places, hosts } = turnConfig({ ...variables, ...change }, own);
    return [...places.map(({ bind, announced }) => `${bind} as ${announced}`), ...hosts];
  };
  it('is loopback for a web on loopback', () => expect(found({})).toEqual(['127.0.0.1 as 127.0.0.1', '127.0.0.1']));
  it('is the address of the web, where it has one', () => expect(found({ host: '192.0.2.10' })).toEqual(['192.0.2.10 as 192.0.2.10', '192.0.2.10']));
  it('is every address behind a proxy, under the name that people use', () => expect(found({ publicUrl: 'https://chat.example.org' })).toEqual(['0.0.0.0 as 192.0.2.10', 'chat.example.org']));
  it('is what is named, here or at a NAT in front', () => {
    expect(found({ addresses: ['192.0.2.10', '::1'] })).toEqual(['192.0.2.10 as 192.0.2.10', '::1 as ::1', '192.0.2.10', '[::1]']);
    expect(found({ addresses: ['203.0.113.7'] })).toEqual(['0.0.0.0 as 203.0.113.7', '203.0.113.7']);
  });
  it('is off where it is off, and says what does not fit', () => {
    const read = (more: Readonly<Record<string, string>>) => readConfig({ HANSARD_DATA: '/tmp/none', ...more }).turn;
    expect(read({ HANSARD_TURN: 'off' })).toBeUndefined();
    expect(read({})).toMatchObject({ port: 3_478, relayPorts: { from: 49_152, to: 65_535 }, peers: { relays: [], any: false } });
    expect(read({ HANSARD_TURN_PEERS: '192.0.2.9, public' })).toMatchObject({ peers: { relays: ['192.0.2.9'], any: true } });
    for (const [name, value] of [['HANSARD_TURN_RELAY_PORTS', '5000'], ['HANSARD_TURN_RELAY_PORTS', '500-600'], ['HANSARD_TURN_RELAY_PORTS', '6000-5000'], ['HANSARD_TURN_ADDRESS', 'turn.example.org'], ['HANSARD_TURN_ADDRESS', '10.0.0.1,10.0.0.2'], ['HANSARD_TURN_PEERS', 'everybody'], ['HANSARD_TURN', 'yes']]) {
      expect(() => read({ [name!]: value! })).toThrow(`${name} cannot be`);
    }
  });
});

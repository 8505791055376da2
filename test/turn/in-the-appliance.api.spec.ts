import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { metricsOf } from '#appliance/metrics.ts';
import { TurnClient } from '#appliance/turn/turn-client.ts';
import { signOut, suspendAccount } from '#src/contract/accounts.ts';
import { readIceServers } from '#src/contract/calls.ts';
import { limits } from '#src/contract/limits.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { anEmployee, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
let skewMs = 0;
const clients: TurnClient[] = [];
beforeAll(async () => {
  appliance = await anAppliance({ clock: () => Date.now() + skewMs, adjusts: (config) => ({ ...config, forgetExpiredEveryMs: 50 }), env: { HANSARD_TURN: 'on', HANSARD_TURN_PORT: '0', HANSARD_TURN_ADDRESS: '127.0.0.1' } });
  ({ adam, alice } = await people(appliance, 'alice'));
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));
afterAll(() => appliance?.close());

/** A client of the relay with what the appliance gives this person. */
const relayed = async (person: Person): Promise<TurnClient> => {
  const { turn } = appliance.house;
  turn.start();
  const port = await eventually('the relay listens', () => turn.state().port ?? undefined, () => turn.state());
  const [server] = (await person.call(readIceServers, {})).servers;
  expect(server!.urls).toEqual([`turn:127.0.0.1:${port}?transport=udp`, `turn:127.0.0.1:${port}?transport=tcp`]);
  const client = await TurnClient.open({ host: '127.0.0.1', port, transport: 'udp' }, { username: server!.username!, credential: server!.credential! });
  clients.push(client);
  await client.allocate();
  return client;
};
const isOver = (client: TurnClient, withinMs: number): Promise<unknown> =>
  eventually('it is over', () => client.refresh().then(() => false, ({ code }: { readonly code: number }) => code === 401), undefined, withinMs);
const endsWithTheSession = async (name: string, withinMs = 2_000): Promise<void> => {
  const person = await anEmployee(appliance, adam, name);
  const [client, other] = [await relayed(person), await relayed(alice)];
  await person.call(signOut, {});
  await isOver(client, withinMs);
  expect(await other.refresh()).toBe(600);
};

describe('the relay of an appliance', () => {
  it('is what people are given, and ends with their session', () => endsWithTheSession('victor'));
  it('ends with their account', async () => {
    const person = await anEmployee(appliance, adam, 'trudy');
    const client = await relayed(person);
    await adam.call(suspendAccount, { account: person.account });
    await isOver(client, 2_000);
  });
  it('would be found out if nobody told it who is signed out', async () => {
    const { turn } = appliance.house;
    const sound = turn.follow.bind(turn);
    turn.follow = () => undefined;
    await expect(endsWithTheSession('carla', 500)).rejects.toThrow('in vain');
    turn.follow = sound;
  });
  it('is given to a session so often, and to others all the same; metrics count both', async () => {
    const person = await anEmployee(appliance, adam, 'sybil');
    const before = appliance.house.turn.rate.counts;
    for (let n = 0; n < limits.iceReadsBurst; n += 1) await person.call(readIceServers, {});
    expect(await person.refusal(readIceServers, {})).toMatchObject({ code: 'slow-down', limit: 10 });
    await person.signsIn();
    await person.call(readIceServers, {});
    expect(appliance.house.turn.rate.counts).toEqual({ given: before.given + limits.iceReadsBurst + 1, refused: before.refused + 1 });
    expect(await metricsOf(appliance.house).metrics()).toContain(`hansard_turn_credentials_refused ${before.refused + 1}\n`);
  });
  // The last one: others' sessions run out as well.
  it('ends with a session that merely ran out, and with no other', async () => {
    const person = await anEmployee(appliance, adam, 'peggy');
    const ending = await relayed(person);
    skewMs = 60_000;
    await person.signsIn();
    const lasting = await relayed(person);
    expect(await ending.refresh()).toBe(600);
    skewMs = appliance.house.standing.setting<number>('sessionHours') * 3_600_000 + 30_000;
    await isOver(ending, 2_000);
    expect(await lasting.refresh()).toBe(600);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TurnClient } from '#appliance/turn/turn-client.ts';
import { signOut, suspendAccount } from '#src/contract/accounts.ts';
import { readIceServers } from '#src/contract/calls.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { anEmployee, people, type Person } from '#test/support/people.ts';
import { eventually } from '#test/support/waiting.ts';

let appliance: Appliance;
let adam: Person;
let alice: Person;
const clients: TurnClient[] = [];
beforeAll(async () => {
  appliance = await anAppliance({ env: { HANSARD_TURN: 'on', HANSARD_TURN_PORT: '0', HANSARD_TURN_ADDRESS: '127.0.0.1' } });
  ({ adam, alice } = await people(appliance, 'alice'));
});
afterEach(() => clients.splice(0).forEach((client) => client.close()));
afterAll(() => appliance?.close());

/** A client of the relay with what the appliance gives this person. */
const relayed = async (person: Person): Promise<TurnClient> => {
  const server = await eventually('the relay listens', async () => (await person.call(readIceServers, {})).servers[0], () => appliance.house.turn.state());
  const port = Number(/^turn:127\.0\.0\.1:(\d+)\?transport=udp$/.exec(server.urls[0]!)![1]);
  const client = await TurnClient.open({ host: '127.0.0.1', port, transport: 'udp' }, { username: server.username!, credential: server.credential! });
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
});

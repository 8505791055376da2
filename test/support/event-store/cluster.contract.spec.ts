import { NO_STREAM, START } from '@eventstore/db-client';
import { expect, it } from 'vitest';

import { eventually } from '../waiting.ts';
import { aClient, allOf, anEvent, aServer, failureOf, listen } from './client.ts';

const stream = 'conversation-1';
const one = (port: number | undefined) => `esdb://127.0.0.1:${port}?tls=false`;

it.each([
  ['finds the leader by asking any node it is told of', (server: Awaited<ReturnType<typeof aServer>>) => server.url],
  ['finds the leader by asking the one node it is told of', (server: Awaited<ReturnType<typeof aServer>>) => server.discoverUrl(2)],
])('%s', async (_, urlOf) => {
  const server = await aServer({ nodes: 3 });
  server.elect(1);
  const client = aClient(urlOf(server));
  await client.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM });
  expect(await allOf(client.readStream(stream, { requiresLeader: true }))).toHaveLength(1);
});

it('has one store behind all nodes; a follower forwards appends', async () => {
  const server = await aServer({ nodes: 3 });
  const [leader, follower] = [aClient(one(server.ports[0])), aClient(one(server.ports[1]))];
  await follower.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM });
  await leader.appendToStream(stream, anEvent(), { expectedRevision: 0n });
  expect(await allOf(follower.readStream(stream))).toHaveLength(2);
});

it('names the leader to who asked a follower for it, and the client goes there', async () => {
  const server = await aServer({ nodes: 3 });
  server.append(stream);
  const requiresLeader = true;
  const follower = aClient(one(server.ports[1]));
  expect(await failureOf(allOf(follower.readStream(stream, { requiresLeader })))).toMatchObject({ type: 'not-leader', leader: { address: '127.0.0.1', port: server.ports[0] } });
  expect(await allOf(follower.readStream(stream, { requiresLeader }))).toHaveLength(1);
  const appending = aClient(one(server.ports[2]));
  expect(await failureOf(appending.appendToStream(stream, anEvent(), { requiresLeader }))).toMatchObject({ type: 'not-leader' });
  expect(await failureOf(aClient(one(server.ports[2])).appendToStream(stream, anEvent(), { requiresLeader, credentials: { username: 'a', password: 'b' } }))).toMatchObject({ type: 'not-leader' });
  expect(await failureOf(aClient(one(server.ports[2])).deleteStream(stream, { requiresLeader }))).toMatchObject({ type: 'not-leader' });
  expect((await appending.appendToStream(stream, anEvent(), { requiresLeader })).nextExpectedRevision).toBe(1n);
});

it('shows an event later at a follower, when it is told to', async () => {
  const server = await aServer({ nodes: 3, followerLagMs: 800 });
  const [leader, follower] = [aClient(one(server.ports[0])), aClient(one(server.ports[1]))];
  const [atLeader, atFollower] = [listen(leader.subscribeToAll({ fromPosition: START })), listen(follower.subscribeToAll({ fromPosition: START }))];
  await eventually('both are caught up', () => atLeader.caughtUp > 0 && atFollower.caughtUp > 0);
  await leader.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM });
  expect(await failureOf(allOf(follower.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
  expect(await allOf(leader.readStream(stream))).toHaveLength(1);
  await eventually('the leader tells it', () => atLeader.heard.some((event) => event.stream === stream));
  expect(atFollower.heard.some((event) => event.stream === stream)).toBe(false);
  await eventually('the follower tells it', () => atFollower.heard.some((event) => event.stream === stream));
});

it('elects another leader when the leader is killed, and goes on with what was written', async () => {
  const server = await aServer({ nodes: 3, electionMs: 100 });
  const client = aClient(server.url);
  await client.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM });
  await server.kill(0);
  expect(server.leader).toBeUndefined();
  const event = anEvent();
  const answer = await eventually('it is taken', () => client.appendToStream(stream, event, { expectedRevision: 0n, deadline: 500 }).catch(() => undefined));
  expect(answer.nextExpectedRevision).toBe(1n);
  expect(server.leader).toBe(1);
  await server.restart(0);
  expect(await allOf(aClient(one(server.ports[0])).readStream(stream))).toHaveLength(2);
});

it('has no leader without a majority', async () => {
  const server = await aServer({ nodes: 3, electionMs: 10 });
  await server.kill(0);
  await server.kill(1);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(server.leader).toBeUndefined();
  expect(await failureOf(allOf(aClient(one(server.ports[2])).readStream('$stats-stand-in', { requiresLeader: true })))).toMatchObject({ code: 2, message: expect.stringContaining('No leader info') });
  await server.restart(1);
  await eventually('there is a leader again', () => server.leader !== undefined);
});

it('reads on without a leader; what is appended is refused, or stalls and appears when there is one', async () => {
  const server = await aServer({ writeTimeoutMs: 100 });
  const client = aClient(server.url);
  await client.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM });
  server.loseLeader('refuses');
  expect(await failureOf(client.appendToStream(stream, anEvent(), { expectedRevision: 0n }))).toMatchObject({ type: 'unknown', message: 'Could not recognize Server Is Not Ready' });
  expect(await failureOf(client.deleteStream(stream))).toMatchObject({ type: 'unavailable' });
  server.findLeader();
  server.loseLeader('stalls');
  const stalled = anEvent();
  expect(await failureOf(client.appendToStream(stream, stalled, { expectedRevision: 0n }))).toMatchObject({ type: 'deadline-exceeded' });
  expect(await failureOf(client.appendToStream(stream, stalled, { expectedRevision: 0n }))).toMatchObject({ type: 'deadline-exceeded' });
  // It has its place already: nobody else gets it.
  expect(await failureOf(client.appendToStream(stream, anEvent(), { expectedRevision: 0n }))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 1n });
  expect(await allOf(client.readStream(stream))).toHaveLength(1);
  server.findLeader();
  expect((await allOf(client.readStream(stream))).map(({ event }) => event?.id).at(-1)).toBe(stalled.id);
  expect((await client.appendToStream(stream, stalled, { expectedRevision: 0n })).nextExpectedRevision).toBe(1n);
});

it('drops what is sent again before the cluster has it, and lets it run into its timeout', async () => {
  const server = await aServer({ writeTimeoutMs: 1_500 });
  const client = aClient(server.url);
  const event = anEvent();
  const isWritten = (name: string) => eventually('it is written', () => server.events().some((one) => one.stream === name));
  server.loseLeader('stalls');
  const first = client.appendToStream(stream, event, { expectedRevision: NO_STREAM });
  await isWritten(stream);
  const again = failureOf(client.appendToStream(stream, event, { expectedRevision: NO_STREAM }));
  // What comes after it over the same call shows that it has come.
  const behind = client.appendToStream('conversation-2', anEvent(), { expectedRevision: NO_STREAM });
  await isWritten('conversation-2');
  server.findLeader();
  await behind;
  expect((await first).nextExpectedRevision).toBe(0n);
  expect(await again).toMatchObject({ type: 'deadline-exceeded' });
  expect((await client.appendToStream(stream, event, { expectedRevision: NO_STREAM })).nextExpectedRevision).toBe(0n);
});

it('fares either way without a leader when it is told "mixed"', async () => {
  const server = await aServer({ writeTimeoutMs: 20 });
  server.faults.seeded(3, {});
  const client = aClient(server.url);
  server.loseLeader('mixed');
  const types = new Set<string | undefined>();
  for (let i = 0; i < 12; i += 1) types.add((await failureOf(client.appendToStream(`conversation-${i}`, anEvent(), { expectedRevision: NO_STREAM }))).type);
  expect([...types].sort()).toEqual(['deadline-exceeded', 'unknown']);
  server.findLeader();
  await client.appendToStream('conversation-99', anEvent(), { expectedRevision: NO_STREAM });
});

it('is without a leader for as long as it is told', async () => {
  const server = await aServer();
  const client = aClient(server.url);
  const over = server.noLeader(500, 'refuses');
  expect((await failureOf(client.appendToStream(stream, anEvent()))).message).toContain('Server Is Not Ready');
  await over;
  await client.appendToStream(stream, anEvent());
});

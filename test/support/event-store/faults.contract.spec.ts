import type { EventStoreDBClient } from '@eventstore/db-client';
import { NO_STREAM, START } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { eventually } from '../waiting.ts';
import { aClient, allOf, anEvent, aServerAndClient, failureOf, listen, someEvents } from './client.ts';
import type { FaultKind } from './faults.ts';
import { spawnEventStore } from './spawn-event-store.ts';

const stream = 'conversation-1';
const plain = { credentials: { username: 'nobody', password: 'asks' } };
const idsIn = async (client: EventStoreDBClient) => (await allOf(client.readStream(stream))).map(({ event }) => event?.id);
const none = { type: 'stream-not-found' };
/** Whether something is still to come after so long; only for what must never come. */
const within = (ms: number, doing: Promise<unknown>) => Promise.race([doing.then(() => 'ended', () => 'ended'), new Promise((resolve) => setTimeout(resolve, ms, 'waiting'))]);

const opened = async (kind?: FaultKind) => {
  const { server, client } = await aServerAndClient({ writeTimeoutMs: 3_000 });
  await client.appendToStream('other', anEvent(), { expectedRevision: NO_STREAM });
  server.faults.delays({ lateMs: 800, slowMs: 150 });
  if (kind !== undefined) server.faults.next(kind);
  return { server, client, event: anEvent() };
};

describe.each([
  ['a batch append', {}],
  ['a plain append', plain],
])('%s', (_, form) => {
  const append = (client: EventStoreDBClient, event: ReturnType<typeof anEvent>) => client.appendToStream(stream, event, { expectedRevision: NO_STREAM, deadline: 400, ...form });

  it('is in the log although its answer is lost', async () => {
    const { server, client, event } = await opened('answer-lost');
    // The batch append never answers by itself: the client keeps no deadline of its own.
    const answer = append(client, event);
    expect(await within(1_000, answer)).toBe('credentials' in form ? 'ended' : 'waiting');
    expect(await idsIn(client)).toEqual([event.id]);
    expect((await append(client, event)).nextExpectedRevision).toBe(0n);
    expect(server.faults.counts['answer-lost']).toBe(1);
    answer.catch(() => undefined);
  });

  it('is in the log although the connection broke', async () => {
    const { client, event } = await opened('connection-lost-after-commit');
    expect(await failureOf(append(client, event))).toMatchObject({ type: 'unavailable' });
    expect(await idsIn(client)).toEqual([event.id]);
  });

  it('is not in the log when the connection broke first', async () => {
    const { client, event } = await opened('connection-lost-before-commit');
    expect(await failureOf(append(client, event))).toMatchObject({ type: 'unavailable' });
    expect(await failureOf(idsIn(client))).toMatchObject(none);
  });

  it('is reported failed and seen only later, with everything behind it', async () => {
    const { server, client, event } = await opened('visible-late');
    expect((await failureOf(append(client, event))).type).toMatch(/timeout|deadline/);
    expect(await failureOf(idsIn(client))).toMatchObject(none);
    expect(await failureOf(append(client, anEvent()))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 0n });
    const behind = client.appendToStream('conversation-2', anEvent(), { expectedRevision: NO_STREAM, ...form });
    expect(await within(20, behind)).toBe('waiting');
    await behind;
    expect(await idsIn(client)).toEqual([event.id]);
    expect(server.faults.counts['visible-late']).toBe(1);
  });

  it('is reported failed and arrives only later', async () => {
    const { client, event } = await opened('arrives-late');
    expect((await failureOf(append(client, event))).type).toMatch(/timeout|deadline/);
    expect(await failureOf(idsIn(client))).toMatchObject(none);
    expect(await eventually('it has arrived', () => idsIn(client).catch(() => undefined))).toEqual([event.id]);
  });

  it('arrives late for nothing when somebody else was faster', async () => {
    const { server, client, event } = await opened('arrives-late');
    await failureOf(append(client, event));
    const other = anEvent();
    await append(client, other);
    await new Promise((resolve) => setTimeout(resolve, server.faults.lateMs + 50));
    expect(await idsIn(client)).toEqual([other.id]);
  });

  it('is refused while the server is not ready', async () => {
    const { client, event } = await opened('not-ready');
    expect((await failureOf(append(client, event))).message).toContain('Server Is Not Ready');
    expect(await failureOf(idsIn(client))).toMatchObject(none);
  });

  it('is answered late', async () => {
    const { client, event } = await opened('slow-answer');
    const from = performance.now();
    await append(client, event);
    expect(performance.now() - from).toBeGreaterThan(140);
  });
});

describe('a subscription', () => {
  const subscribed = async (kind: FaultKind) => {
    const { server, client } = await opened();
    await client.appendToStream(stream, someEvents(3), { expectedRevision: NO_STREAM });
    const said = listen(client.subscribeToStream(stream, { fromRevision: START }));
    await eventually('it is caught up', () => said.caughtUp === 1);
    server.faults.next(kind);
    server.append(stream);
    return { server, client, said };
  };

  it.each([
    ['subscription-killed', { type: 'unavailable' }],
    ['subscription-dropped', { type: 'unavailable' }],
    ['consumer-too-slow', { type: 'timeout', code: 10, message: expect.stringContaining('Consumer too slow') }],
    ['subscription-ended', 'quietly'],
  ] as const)('ends by "%s", and nothing resumes it', async (kind, end) => {
    const { server, client, said } = await subscribed(kind);
    await eventually('it has ended', () => said.ended !== undefined);
    if (end === 'quietly') expect(said.ended).toBe(end);
    else expect(said.ended).toMatchObject(end);
    expect(said.heard).toHaveLength(3);
    expect(server.faults.counts[kind]).toBe(1);
    const again = listen(client.subscribeToStream(stream, { fromRevision: 2n }));
    await eventually('the next one tells what was left', () => again.heard.length === 1);
  });

  it('stays open and says no more', async () => {
    const { server, said } = await subscribed('subscription-stalled');
    server.append(stream);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(said).toMatchObject({ ended: undefined, heard: { length: 3 } });
  });
});

it('breaks the connection in the middle of a read', async () => {
  const { server, client } = await opened();
  await client.appendToStream(stream, someEvents(100), { expectedRevision: NO_STREAM });
  server.faults.seeded(1, { 'read-killed': 0.05 });
  expect(await failureOf(allOf(client.readStream(stream)))).toMatchObject({ type: 'unavailable' });
  server.faults.none();
  expect(await idsIn(client)).toHaveLength(100);
});

it('fails to tell what it supports, and the client never asks again', async () => {
  const { server } = await opened('capabilities-failed');
  const client = aClient(server.url);
  expect(await failureOf(client.appendToStream(stream, anEvent()))).toMatchObject({ code: 13 });
  expect(await failureOf(client.appendToStream(stream, anEvent()))).toMatchObject({ code: 13 });
  expect(server.faults.counts['capabilities-failed']).toBe(1);
  await aClient(server.url).appendToStream(stream, anEvent());
});

it('strikes in the same order for the same seed', async () => {
  const strikes = async (seed: number) => {
    const { server, client } = await opened();
    server.faults.seeded(seed, { 'not-ready': 0.3 });
    const ends = [];
    for (let i = 0; i < 30; i += 1) ends.push(await client.appendToStream(`conversation-${i}`, anEvent()).then(() => '.', () => 'x'));
    expect(server.faults.counts['not-ready']).toBe(ends.filter((end) => end === 'x').length);
    return ends.join('');
  };
  const first = await strikes(7);
  expect(first).toContain('x');
  expect(await strikes(7)).toBe(first);
  expect(await strikes(8)).not.toBe(first);
});

it('says nothing while it is frozen, and everything after the thaw', async () => {
  const { server, client, event } = await opened();
  const said = listen(client.subscribeToStream('other', { fromRevision: START }));
  await eventually('it is caught up', () => said.caughtUp === 1);
  server.freeze();
  server.append('other');
  const all = Promise.all([client.appendToStream(stream, event), client.appendToStream('conversation-2', anEvent(), plain), allOf(client.readStream('other')), aClient(server.url).appendToStream('conversation-3', anEvent())]);
  expect(await within(200, all)).toBe('waiting');
  expect(said.heard).toHaveLength(1);
  server.thaw();
  await all;
  await eventually('the subscription goes on', () => said.heard.length === 2);
});

it('breaks reads, subscriptions and appends under way when it is killed, and keeps what it has', async () => {
  const { server, client, event } = await opened();
  await client.appendToStream(stream, event, { expectedRevision: NO_STREAM });
  const said = listen(client.subscribeToAll({ fromPosition: START }));
  await eventually('it is caught up', () => said.caughtUp === 1);
  server.faults.next('answer-lost');
  const waiting = client.appendToStream(stream, anEvent(), { expectedRevision: 0n });
  await eventually('it is in the log', () => server.events().filter((one) => one.stream === stream).length === 2);
  await server.kill();
  expect(await failureOf(waiting)).toMatchObject({ type: 'unavailable' });
  await eventually('the subscription has ended', () => said.ended !== undefined);
  expect(await failureOf(client.appendToStream(stream, anEvent()))).toMatchObject({ code: 14 });
  await server.restart();
  expect(await eventually('the client is back', () => idsIn(client).catch(() => undefined))).toHaveLength(2);
});

it('runs in a process of its own, which a signal can stop', async () => {
  const server = await spawnEventStore({ writeTimeoutMs: 400 });
  try {
    const client = aClient(server.url);
    await client.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM });
    await server.faults('next', 'not-ready');
    expect((await failureOf(client.appendToStream(stream, anEvent()))).message).toContain('Not Ready');
    expect((await server.faults('counts'))['not-ready']).toBe(1);
    server.stop();
    const waiting = client.appendToStream(stream, anEvent(), { expectedRevision: 0n });
    expect(await within(200, waiting)).toBe('waiting');
    server.go();
    await waiting;
    await server.server('restart');
    expect((await server.server('events')).filter((one) => one.stream === stream)).toHaveLength(2);
    await expect(server.server('kill', 7)).rejects.toThrow('no node 7');
  } finally {
    await server.close();
  }
});

it.each([1, 2, 3])('loses and doubles nothing of who sends the same again until it is known (seed %i)', async (seed) => {
  const { server, client } = await aServerAndClient({ writeTimeoutMs: 100 });
  server.faults.delays({ lateMs: 120, slowMs: 20 });
  const rate = 0.06;
  server.faults.seeded(seed, {
    'answer-lost': rate,
    'connection-lost-after-commit': rate,
    'connection-lost-before-commit': rate,
    'visible-late': rate,
    'arrives-late': rate,
    'not-ready': rate,
    'slow-answer': rate,
  });
  const write = async (name: string) => {
    const sent = [];
    for (let i = 0; i < 25; i += 1) {
      const event = anEvent();
      sent.push(event.id);
      const expectedRevision = i === 0 ? NO_STREAM : BigInt(i - 1);
      await eventually('it is known', () => client.appendToStream(name, event, { expectedRevision, deadline: 150, ...plain }).catch(() => undefined), () => server.faults.counts, 20_000);
    }
    return sent;
  };
  const names = ['conversation-1', 'conversation-2', 'conversation-3'];
  const sent = await Promise.all(names.map(write));
  server.faults.none();
  for (const [i, name] of names.entries()) expect((await allOf(client.readStream(name))).map(({ event }) => event?.id)).toEqual(sent[i]);
  expect(Object.values(server.faults.counts).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(10);
});

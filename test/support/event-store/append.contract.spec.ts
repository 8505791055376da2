import { randomUUID } from 'node:crypto';
import { ANY, binaryEvent, NO_STREAM, STREAM_EXISTS } from '@eventstore/db-client';
import type { AppendExpectedRevision, EventStoreDBClient } from '@eventstore/db-client';
import { describe, expect, it } from 'vitest';

import { aClient, allOf, anEvent, aServer, aServerAndClient, failureOf, someEvents } from './client.ts';

const stream = 'conversation-1';
/** With credentials the client takes the plain Append, which says the same in other messages. */
const plain = { credentials: { username: 'nobody', password: 'asks' } };
const idsIn = async (client: EventStoreDBClient, name = stream) => (await allOf(client.readStream(name))).map(({ event }) => event?.id);

describe.each([
  ['a batch append', {}],
  ['a plain append', plain],
])('%s', (_, form) => {
  const opened = async () => {
    const { server, client } = await aServerAndClient();
    const append = (events: ReturnType<typeof anEvent> | ReturnType<typeof someEvents>, expectedRevision: AppendExpectedRevision, name = stream) => client.appendToStream(name, events, { expectedRevision, ...form });
    return { server, client, append };
  };

  it('is read again as it was given', async () => {
    const { client, append } = await opened();
    const event = anEvent({ data: { text: 'grüezi 🙂', deep: { list: [1, null] } } });
    const { nextExpectedRevision, position } = await append(event, NO_STREAM);
    const [read] = await allOf(client.readStream(stream));
    expect(nextExpectedRevision).toBe(0n);
    expect(read?.event).toMatchObject({ streamId: stream, id: event.id, type: 'Said', revision: 0n, data: event.data, metadata: { schema: 1 }, isJson: true, position });
    expect(Math.abs(Number(read?.event?.created) - Date.now())).toBeLessThan(5_000);
  });

  it('keeps bytes as bytes', async () => {
    const { client } = await opened();
    const data = Uint8Array.from([0, 255, 128, 10]);
    await client.appendToStream(stream, binaryEvent({ type: 'Blob', data, metadata: Uint8Array.from([123]) }), { expectedRevision: NO_STREAM, ...form });
    const [read] = await allOf(client.readStream(stream));
    expect(read?.event?.isJson).toBe(false);
    expect(Buffer.from(read?.event?.data as Uint8Array)).toEqual(Buffer.from(data));
    expect(Buffer.from(read?.event?.metadata as Uint8Array)).toEqual(Buffer.from([123]));
  });

  it('honours what it expects', async () => {
    const { append } = await opened();
    expect(await failureOf(append(anEvent(), STREAM_EXISTS))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 'no_stream', expectedVersion: 'stream_exists' });
    expect(await failureOf(append(anEvent(), 4n))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 'no_stream', expectedVersion: 4n });
    await append(someEvents(3), NO_STREAM);
    expect(await failureOf(append(anEvent(), NO_STREAM))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n, expectedVersion: 'no_stream', streamName: stream });
    expect(await failureOf(append(anEvent(), 1n))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n, expectedVersion: 1n });
    expect(await failureOf(append(anEvent(), 3n))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 2n });
    expect((await append(anEvent(), 2n)).nextExpectedRevision).toBe(3n);
    expect((await append(anEvent(), STREAM_EXISTS)).nextExpectedRevision).toBe(4n);
    expect((await append(anEvent(), ANY)).nextExpectedRevision).toBe(5n);
  });

  it('lets one of fifty racers found a stream', async () => {
    const { append } = await opened();
    const ends = await Promise.allSettled(Array.from({ length: 50 }, () => append(anEvent(), NO_STREAM)));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('answers the same batch at the same revision as the first time, and writes nothing', async () => {
    const { client, append } = await opened();
    await append(anEvent(), NO_STREAM);
    const batch = someEvents(3);
    const first = await append(batch, 0n);
    await append(someEvents(2), 3n);
    expect(await append(batch, 0n)).toEqual(first);
    expect(await idsIn(client)).toHaveLength(6);
  });

  it('takes the same batch for the same one without a revision, too', async () => {
    const { client, append } = await opened();
    const batch = someEvents(2);
    await append(batch, ANY);
    expect((await append(batch, ANY)).nextExpectedRevision).toBe(1n);
    expect(await idsIn(client)).toHaveLength(2);
  });

  it('writes the same id again at the next revision', async () => {
    const { client, append } = await opened();
    const event = anEvent();
    await append(event, NO_STREAM);
    expect((await append(event, 0n)).nextExpectedRevision).toBe(1n);
    expect(await idsIn(client)).toEqual([event.id, event.id]);
  });

  it('writes the same id twice in one batch twice', async () => {
    const { client, append } = await opened();
    const event = anEvent();
    await append([event, event], NO_STREAM);
    expect(await idsIn(client)).toEqual([event.id, event.id]);
  });

  it('refuses a batch of which only a part is known', async () => {
    const { client, append } = await opened();
    const [known, other] = [anEvent(), anEvent()];
    await append(known, NO_STREAM);
    expect(await failureOf(append([known, other], NO_STREAM))).toMatchObject({ type: 'wrong-expected-version' });
    expect(await failureOf(append([known, other], ANY))).toMatchObject({ type: 'wrong-expected-version' });
    expect(await failureOf(append([known, other, known], ANY))).toMatchObject({ type: 'wrong-expected-version' });
    expect(await idsIn(client)).toEqual([known.id]);
  });

  it('takes the same id in another stream for another event', async () => {
    const { client, append } = await opened();
    const event = anEvent();
    await append(event, NO_STREAM);
    await append(event, NO_STREAM, 'conversation-2');
    expect(await idsIn(client, 'conversation-2')).toEqual([event.id]);
  });

  it('writes nothing for no events', async () => {
    const { server, client, append } = await opened();
    await append([], NO_STREAM);
    expect(server.events().filter((event) => event.stream === stream)).toEqual([]);
    expect(await failureOf(allOf(client.readStream(stream)))).toMatchObject({ type: 'stream-not-found' });
  });

  it('may be 1 MiB and no more', async () => {
    const { append } = await opened();
    const half = () => anEvent({ data: { text: 'x'.repeat(512 * 1024 - 100) } });
    await append([half(), half()], NO_STREAM);
    const large = () => anEvent({ data: { text: 'x'.repeat(512 * 1024) } });
    expect(await failureOf(append([large(), large()], 1n))).toMatchObject({ type: 'maximum-append-size-exceeded', maxAppendSize: 1024 * 1024 });
    expect((await append(anEvent(), 1n)).nextExpectedRevision).toBe(2n);
  });

  it('breaks its call when it is far too large', async () => {
    const { append } = await opened();
    expect(await failureOf(append(anEvent({ data: { text: 'x'.repeat(20 * 1024 * 1024) } }), NO_STREAM))).toMatchObject({ code: 8 });
  });
});

/** The client sends the first of several appends last when it has no append stream yet. */
const aWarmClient = async (): Promise<EventStoreDBClient> => {
  const { client } = await aServerAndClient();
  await client.appendToStream('other', anEvent(), { expectedRevision: NO_STREAM });
  return client;
};

it('writes two hundred appends in a row that nobody waited for', async () => {
  const client = await aWarmClient();
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => client.appendToStream(stream, anEvent(), { expectedRevision: i === 0 ? NO_STREAM : BigInt(i - 1) })));
  expect(answers.map(({ nextExpectedRevision }) => Number(nextExpectedRevision))).toEqual(Array.from({ length: 200 }, (_, i) => i));
});

it('keeps the order of five hundred appends that expect nothing', async () => {
  const client = await aWarmClient();
  const events = someEvents(500);
  await Promise.all(events.map((event) => client.appendToStream(stream, event, { expectedRevision: ANY })));
  expect(await idsIn(client)).toEqual(events.map(({ id }) => id));
});

it('gathers one append from many requests', async () => {
  const { client } = await aServerAndClient();
  await client.appendToStream(stream, someEvents(40), { expectedRevision: NO_STREAM, batchAppendSize: 500 });
  expect(await idsIn(client)).toHaveLength(40);
});

it('is an old server where it is told to: the client falls back to the plain append', async () => {
  const server = await aServer({ batchAppend: false });
  const client = aClient(server.url);
  expect((await client.appendToStream(stream, anEvent({ id: randomUUID() }), { expectedRevision: NO_STREAM })).nextExpectedRevision).toBe(0n);
});

it('says "timeout" to a batch append whose deadline is over before the cluster has it', async () => {
  const { server, client } = await aServerAndClient();
  await client.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM });
  server.loseLeader('stalls');
  const from = performance.now();
  expect(await failureOf(client.appendToStream(stream, anEvent(), { expectedRevision: 0n, deadline: 150 }))).toMatchObject({ type: 'deadline-exceeded' });
  expect(performance.now() - from).toBeLessThan(1_500);
});

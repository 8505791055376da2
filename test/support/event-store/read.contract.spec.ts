import type { EventStoreDBClient, ReadAllOptions, ReadStreamOptions } from '@eventstore/db-client';
import { BACKWARDS, END, eventTypeFilter, excludeSystemEvents, NO_STREAM, START, streamNameFilter } from '@eventstore/db-client';
import { expect, it } from 'vitest';

import { eventually } from '../waiting.ts';
import { aClient, allOf, anEvent, aServerAndClient, failureOf, listen, someEvents } from './client.ts';

const stream = 'conversation-1';
const start = { fromPosition: START } as const;
const revisionsOf = async (client: EventStoreDBClient, options: ReadStreamOptions = {}) => (await allOf(client.readStream(stream, options))).map(({ event }) => Number(event?.revision));
const positionsOf = async (client: EventStoreDBClient, options: ReadAllOptions = {}) => (await allOf(client.readAll(options))).map(({ event }) => event?.position ?? { commit: -1n, prepare: -1n });

const filled = async (count = 5) => {
  const { server, client } = await aServerAndClient();
  const events = someEvents(count);
  await client.appendToStream(stream, events, { expectedRevision: NO_STREAM });
  return { server, client, events };
};

it('reads a stream from any revision, either way, that revision included', async () => {
  const { client } = await filled();
  expect(await revisionsOf(client)).toEqual([0, 1, 2, 3, 4]);
  expect(await revisionsOf(client, { fromRevision: 3n })).toEqual([3, 4]);
  expect(await revisionsOf(client, { fromRevision: 1n, maxCount: 2 })).toEqual([1, 2]);
  expect(await revisionsOf(client, { direction: BACKWARDS, fromRevision: END })).toEqual([4, 3, 2, 1, 0]);
  expect(await revisionsOf(client, { direction: BACKWARDS, fromRevision: 2n })).toEqual([2, 1, 0]);
  expect(await revisionsOf(client, { direction: BACKWARDS, fromRevision: 99n, maxCount: 1 })).toEqual([4]);
});

it('gives nothing beyond the end, and throws for a stream that is missing', async () => {
  const { client } = await filled();
  expect(await revisionsOf(client, { fromRevision: 5n })).toEqual([]);
  expect(await failureOf(allOf(client.readStream('conversation-2')))).toMatchObject({ type: 'stream-not-found', streamName: 'conversation-2' });
});

it('has sparse, growing positions, and events of the server among ours', async () => {
  const { client } = await filled();
  const all = await allOf(client.readAll());
  const positions = all.map(({ event }) => Number(event?.position?.commit));
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
  expect(positions.every((at, i) => i === 0 || at - (positions[i - 1] ?? 0) > 50)).toBe(true);
  expect(all.some(({ event }) => event?.streamId.startsWith('$stats-'))).toBe(true);
  expect(all.every(({ event, commitPosition }) => commitPosition === event?.position?.commit)).toBe(true);
});

it('writes events of its own between ours when it is told to', async () => {
  const { client } = await aServerAndClient({ systemEventEvery: 2 });
  for (let i = 0; i < 4; i += 1) await client.appendToStream(stream, anEvent(), { expectedRevision: i === 0 ? NO_STREAM : BigInt(i - 1) });
  const own = (await allOf(client.readAll())).map(({ event }) => (event?.streamId.startsWith('$') ? 'server' : 'we'));
  expect(own.slice(own.indexOf('we'))).toEqual(['we', 'we', 'server', 'we', 'we', 'server']);
});

it('reads $all from a position on, that position included; backwards, what is before it', async () => {
  const { client } = await filled();
  const all = await positionsOf(client);
  expect(await positionsOf(client, { fromPosition: all[4] as never })).toEqual(all.slice(4));
  expect(await positionsOf(client, { fromPosition: all[4] as never, maxCount: 2 })).toEqual(all.slice(4, 6));
  expect(await positionsOf(client, { direction: BACKWARDS, fromPosition: END })).toEqual([...all].reverse());
  expect(await positionsOf(client, { direction: BACKWARDS, fromPosition: all[2] as never })).toEqual(all.slice(0, 2).reverse());
  expect(await positionsOf(client, { fromPosition: { commit: 1_000_000n, prepare: 1_000_000n } })).toEqual([]);
});

it('reads more than a page, either way', async () => {
  const { client, events } = await filled(700);
  const read = await allOf(client.readStream(stream));
  expect(read.map(({ event }) => event?.id)).toEqual(events.map(({ id }) => id));
  expect(await revisionsOf(client, { direction: BACKWARDS, fromRevision: END })).toEqual(Array.from({ length: 700 }, (_, i) => 699 - i));
  const all = await positionsOf(client);
  expect(all).toHaveLength(703);
  expect(await positionsOf(client, { direction: BACKWARDS, fromPosition: END })).toEqual([...all].reverse());
});

it('tells a subscriber history, then that it is caught up, then what comes', async () => {
  const { client, events } = await filled(600);
  const said = listen(client.subscribeToStream(stream, { fromRevision: START }));
  await eventually('it is caught up', () => said.caughtUp === 1);
  expect(said.confirmed).toBe(1);
  expect(said.heard.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
  const live = anEvent();
  await client.appendToStream(stream, live, { expectedRevision: 599n });
  await eventually('it is told', () => said.heard.at(-1)?.id === live.id);
  expect(said.heard).toHaveLength(601);
});

it('subscribes from after a position, and from after a revision', async () => {
  const { client, events } = await filled();
  const all = await positionsOf(client);
  const [ofAll, ofStream] = [listen(client.subscribeToAll({ fromPosition: all[3] as never })), listen(client.subscribeToStream(stream, { fromRevision: 2n }))];
  await eventually('both are caught up', () => ofAll.caughtUp + ofStream.caughtUp === 2);
  expect(ofAll.heard.map(({ id }) => id)).toEqual(events.slice(1).map(({ id }) => id));
  expect(ofStream.heard.map(({ revision }) => revision)).toEqual(['3', '4']);
});

it('subscribes from the end, and to a stream that is not there yet', async () => {
  const { client } = await filled();
  const [ofAll, ofStream] = [listen(client.subscribeToAll({ fromPosition: END })), listen(client.subscribeToStream('conversation-2'))];
  await eventually('both are caught up', () => ofAll.caughtUp + ofStream.caughtUp === 2);
  await client.appendToStream('conversation-2', anEvent(), { expectedRevision: NO_STREAM });
  await eventually('both are told', () => ofAll.heard.length === 1 && ofStream.heard.length === 1);
});

it('loses nothing between history and live while others write', async () => {
  const { server, client } = await filled();
  const writer = aClient(server.url);
  const writing = (async () => {
    for (let i = 4; i < 1_500; i += 1) await writer.appendToStream(stream, anEvent(), { expectedRevision: BigInt(i) });
  })();
  const subscribers = Array.from({ length: 5 }, () => listen(client.subscribeToStream(stream, { fromRevision: START })));
  await writing;
  await eventually('all heard all', () => subscribers.every(({ heard }) => heard.length === 1_501), () => subscribers.map(({ heard }) => heard.length));
  for (const { heard } of subscribers) expect(heard.map(({ revision }) => Number(revision))).toEqual(Array.from({ length: 1_501 }, (_, i) => i));
});

it.each([1, 8, 14, 15, 16, 17, 30, 31, 255, 256, 257])('loses nothing that comes in any turn after a history of %i', async (count) => {
  const { server, client } = await filled(count);
  const said = listen(client.subscribeToStream(stream, { fromRevision: START }));
  for (let i = 0; i < 100; i += 1) {
    if (i % 10 === 0) server.append(stream);
    await new Promise((resolve) => setImmediate(resolve));
  }
  await eventually('it is caught up', () => said.caughtUp === 1);
  await eventually('all is heard', () => said.heard.length === count + 10, () => said.heard.length);
});

it('waits for a slow subscriber without losing anything', async () => {
  const { client } = await filled(500);
  let seen = 0;
  const subscription = client.subscribeToStream(stream, { fromRevision: START });
  for await (const { event } of subscription) {
    expect(Number(event?.revision)).toBe(seen);
    seen += 1;
    if (seen % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    if (seen === 500) break;
  }
  expect(seen).toBe(500);
});

it('filters by stream or type and tells how far it is', async () => {
  const { client } = await filled(100);
  await client.appendToStream('space-1', anEvent(), { expectedRevision: NO_STREAM });
  const checkpoints: bigint[] = [];
  const byName = listen(
    client.subscribeToAll({
      ...start,
      filter: streamNameFilter({ prefixes: ['space-'], maxSearchWindow: 10, checkpointInterval: 2, checkpointReached: async (_, { commit }) => void checkpoints.push(commit) }),
    }),
  );
  const byType = listen(client.subscribeToAll({ ...start, filter: eventTypeFilter({ regex: '^Sai' }) }));
  const without = listen(client.subscribeToAll({ ...start, filter: excludeSystemEvents() }));
  await eventually('all are caught up', () => byName.caughtUp + byType.caughtUp + without.caughtUp === 3);
  expect(byName.heard.map((event) => event.stream)).toEqual(['space-1']);
  expect(byType.heard).toHaveLength(101);
  expect(without.heard).toHaveLength(101);
  expect(checkpoints).toHaveLength(5);
});

it('keeps what it has through a restart, on the same port', async () => {
  const { server, client } = await filled();
  const { url } = server;
  await server.restart();
  expect(server.url).toBe(url);
  expect(await eventually('the client is back', () => revisionsOf(client).catch(() => undefined))).toEqual([0, 1, 2, 3, 4]);
});

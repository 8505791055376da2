import type { EventStoreDBClient } from '@eventstore/db-client';
import { ANY, BACKWARDS, END, NO_STREAM, START, STREAM_EXISTS } from '@eventstore/db-client';
import { expect, it } from 'vitest';

import { eventually } from '../waiting.ts';
import { allOf, anEvent, aServerAndClient, failureOf, listen, someEvents } from './client.ts';

const stream = 'conversation-1';
const revisionsOf = async (client: EventStoreDBClient) => (await allOf(client.readStream(stream))).map(({ event }) => Number(event?.revision));
const ofAll = async (client: EventStoreDBClient, name = stream) => (await allOf(client.readAll())).flatMap(({ event }) => (event?.streamId === name ? [String(event.revision)] : []));

const filled = async () => {
  const { server, client } = await aServerAndClient();
  await client.appendToStream(stream, someEvents(5), { expectedRevision: NO_STREAM });
  return { server, client };
};

it('hides all but the newest by $maxCount, while $all still shows them', async () => {
  const { client } = await filled();
  await client.setStreamMetadata(stream, { maxCount: 2 });
  expect(await revisionsOf(client)).toEqual([3, 4]);
  await client.appendToStream(stream, anEvent(), { expectedRevision: 4n });
  expect(await revisionsOf(client)).toEqual([4, 5]);
  expect(await ofAll(client)).toEqual(['0', '1', '2', '3', '4', '5']);
});

it('hides what is before $tb', async () => {
  const { client } = await filled();
  await client.setStreamMetadata(stream, { truncateBefore: 4 });
  expect(await revisionsOf(client)).toEqual([4]);
  const backwards = await allOf(client.readStream(stream, { direction: BACKWARDS, fromRevision: END }));
  expect(backwards.map(({ event }) => Number(event?.revision))).toEqual([4]);
});

it('hides what is older than $maxAge', async () => {
  const { client } = await filled();
  await client.setStreamMetadata(stream, { maxAge: 2 });
  expect(await revisionsOf(client)).toHaveLength(5);
  await eventually('they are too old', async () => (await revisionsOf(client)).length === 0);
  expect(await ofAll(client)).toHaveLength(5);
});

it('shows the metadata of a stream as events of "$$stream" in $all, and only the newest in that stream', async () => {
  const { client } = await filled();
  await client.setStreamMetadata(stream, { maxCount: 3 }, { expectedRevision: NO_STREAM });
  await client.setStreamMetadata(stream, { maxCount: 4 });
  expect((await client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 4 });
  expect(await ofAll(client, `$$${stream}`)).toEqual(['0', '1']);
  expect(await allOf(client.readStream(`$$${stream}`))).toHaveLength(1);
});

it('shows metadata that was set past the client, too', async () => {
  const { server, client } = await filled();
  server.setMetadata(stream, { $maxCount: 1, $acl: { $w: 'somebody' } });
  expect((await client.getStreamMetadata(stream)).metadata).toEqual({ maxCount: 1, acl: { writeRoles: 'somebody' } });
  expect(await revisionsOf(client)).toEqual([4]);
});

it('deletes softly: missing to readers, whole in $all, and going on behind the old end', async () => {
  const { client } = await filled();
  expect(await failureOf(client.deleteStream(stream, { expectedRevision: 1n }))).toMatchObject({ type: 'wrong-expected-version', actualVersion: 4n });
  expect((await client.deleteStream(stream, { expectedRevision: 4n })).position?.commit).toBeGreaterThan(0n);
  expect(await failureOf(revisionsOf(client))).toMatchObject({ type: 'stream-not-found' });
  expect(await ofAll(client)).toHaveLength(5);
  expect(await failureOf(client.appendToStream(stream, anEvent(), { expectedRevision: STREAM_EXISTS }))).toMatchObject({ type: 'stream-deleted' });
  expect((await client.appendToStream(stream, anEvent(), { expectedRevision: NO_STREAM })).nextExpectedRevision).toBe(5n);
  expect(await revisionsOf(client)).toEqual([5]);
  expect((await client.getStreamMetadata(stream)).metadata).toEqual({ truncateBefore: 5 });
});

it('goes on after a soft deletion at the exact revision, too', async () => {
  const { client } = await filled();
  await client.deleteStream(stream);
  expect((await client.appendToStream(stream, anEvent(), { expectedRevision: 4n })).nextExpectedRevision).toBe(5n);
});

it('buries a stream for good, and shows the tombstone in $all at the largest revision', async () => {
  const { client } = await filled();
  const said = listen(client.subscribeToStream(stream, { fromRevision: START }));
  await eventually('it is caught up', () => said.caughtUp === 1);
  await client.tombstoneStream(stream, { expectedRevision: 4n });
  expect(await failureOf(revisionsOf(client))).toMatchObject({ type: 'stream-deleted', streamName: stream });
  expect(await ofAll(client)).toEqual(['0', '1', '2', '3', '4', '9223372036854775807']);
  for (const expectedRevision of [ANY, NO_STREAM, 4n] as const) expect(await failureOf(client.appendToStream(stream, anEvent(), { expectedRevision }))).toMatchObject({ type: 'stream-deleted' });
  expect(await failureOf(client.setStreamMetadata(stream, { maxCount: 1 }))).toMatchObject({ type: 'stream-deleted' });
  expect(await failureOf(client.tombstoneStream(stream))).toMatchObject({ type: 'stream-deleted' });
  await eventually('the subscription has ended', () => said.ended !== undefined);
  expect(said.ended).toMatchObject({ type: 'stream-deleted' });
});

it('loses what is hidden to a scavenge, but for the last event, and says that there was one', async () => {
  const { server, client } = await filled();
  await client.setStreamMetadata(stream, { truncateBefore: 3 });
  await client.appendToStream('gone', someEvents(3), { expectedRevision: NO_STREAM });
  await client.deleteStream('gone');
  await client.appendToStream('buried', someEvents(3), { expectedRevision: NO_STREAM });
  await client.tombstoneStream('buried');
  expect(server.scavenge()).toBe(3 + 2 + 3);
  expect(await ofAll(client)).toEqual(['3', '4']);
  expect(await ofAll(client, 'gone')).toEqual(['2']);
  expect(await ofAll(client, 'buried')).toEqual(['9223372036854775807']);
  expect(await revisionsOf(client)).toEqual([3, 4]);
  const types = (await allOf(client.readAll())).map(({ event }) => event?.type);
  expect(types).toEqual(expect.arrayContaining(['$scavengePoint', '$scavengeStarted', '$scavengeCompleted']));
  expect((await client.appendToStream(stream, anEvent(), { expectedRevision: 4n })).nextExpectedRevision).toBe(5n);
});

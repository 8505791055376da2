import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, jsonEvent, NO_STREAM, WrongExpectedVersionError } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, it } from 'vitest';

import type { EventStoreStandIn } from './event-store-stand-in.ts';
import { startEventStore } from './event-store.ts';

let server: EventStoreStandIn;
let client: EventStoreDBClient;
beforeEach(async () => {
  server = await startEventStore();
  client = EventStoreDBClient.connectionString(server.url);
});
afterEach(async () => {
  await client.dispose();
  await server.close();
});

const anEvent = () => jsonEvent({ id: randomUUID(), type: 'Said', data: { text: 'grüezi' }, metadata: { schema: 1 } });

it('gives back what was appended', async () => {
  const first = anEvent();
  const { nextExpectedRevision } = await client.appendToStream('conversation-1', [first, anEvent()], { expectedRevision: NO_STREAM });
  expect(nextExpectedRevision).toBe(1n);
  await expect(client.appendToStream('conversation-1', anEvent(), { expectedRevision: NO_STREAM })).rejects.toThrow(WrongExpectedVersionError);
  const read = [];
  for await (const { event } of client.readStream('conversation-1')) read.push(event);
  expect(read[0]).toMatchObject({ id: first.id, type: 'Said', data: { text: 'grüezi' }, metadata: { schema: 1 }, revision: 0n, isJson: true });
  expect(read).toHaveLength(2);
});

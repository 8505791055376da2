import { randomUUID } from 'node:crypto';
import type { AllStreamSubscription, StreamSubscription } from '@eventstore/db-client';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { onTestFinished } from 'vitest';

import type { EventStoreStandIn } from './event-store-stand-in.ts';
import type { EventStoreOptions } from './event-store.ts';
import { startEventStore } from './event-store.ts';

export const anEvent = (own: { readonly id?: string; readonly data?: Record<string, unknown> } = {}) =>
  jsonEvent({ id: own.id ?? randomUUID(), type: 'Said', data: own.data ?? { text: 'hi' }, metadata: { schema: 1 } });
export const someEvents = (count: number) => Array.from({ length: count }, () => anEvent());

/** Ends with the test. */
export const aServer = async (options: EventStoreOptions = {}): Promise<EventStoreStandIn> => {
  const server = await startEventStore(options);
  onTestFinished(() => server.close());
  return server;
};

/** A client of the vendor's own; ends with the test. */
export const aClient = (url: string): EventStoreDBClient => {
  const client = EventStoreDBClient.connectionString(url);
  onTestFinished(() => client.dispose());
  return client;
};

export const aServerAndClient = async (options: EventStoreOptions = {}): Promise<{ server: EventStoreStandIn; client: EventStoreDBClient }> => {
  const server = await aServer(options);
  return { server, client: aClient(server.url) };
};

export const allOf = async <Read>(read: AsyncIterable<Read>): Promise<Read[]> => {
  const found: Read[] = [];
  for await (const one of read) found.push(one);
  return found;
};

/** Positions and revisions as text, so that a failing test can show them. */
export type Heard = { readonly stream: string; readonly revision: string; readonly type: string; readonly id: string };

/** What a subscription told, and how it ended. */
export const listen = (subscription: AllStreamSubscription | StreamSubscription) => {
  const heard: Heard[] = [];
  const said = { heard, caughtUp: 0, confirmed: 0, ended: undefined as undefined | 'quietly' | { readonly code?: number; readonly message: string } };
  (subscription as AllStreamSubscription)
    .on('data', ({ event }) => {
      if (event !== undefined) heard.push({ stream: event.streamId, revision: String(event.revision), type: event.type, id: event.id });
    })
    .on('confirmation', () => (said.confirmed += 1))
    .on('caughtUp', () => (said.caughtUp += 1))
    .on('error', (error: Error & { code?: number }) => (said.ended = error))
    .on('end', () => (said.ended ??= 'quietly'));
  onTestFinished(async () => {
    if (said.ended === undefined) await subscription.unsubscribe();
  });
  return said;
};

/** What an append that must fail says: the client's own name for it. */
export const failureOf = async (doing: Promise<unknown>): Promise<{ readonly type?: string; readonly code?: number; readonly message: string; readonly [key: string]: unknown }> => {
  try {
    await doing;
  } catch (error) {
    return error as never;
  }
  throw new Error('This should have failed.');
};

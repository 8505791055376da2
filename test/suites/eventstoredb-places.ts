import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

import type { EventLog } from '#src/log/event-log.ts';
import { Connection } from '#src/log/eventstoredb/connection.ts';
import { Follower } from '#src/log/eventstoredb/follower.ts';
import { Link } from '#src/log/eventstoredb/link.ts';
import { openEventStoreLog, type EventStoreLogOptions } from '#src/log/eventstoredb/open-event-store-log.ts';
import { serverAddress } from '#src/log/eventstoredb/server-address.ts';
import type { EventStoreStandIn } from '#test/support/event-store/event-store-stand-in.ts';
import { startEventStore, type EventStoreOptions } from '#test/support/event-store/event-store.ts';
import { aFolder } from '#test/support/log-makers.ts';
import { anyLeafHref } from './eventstoredb-any-leaf.ts';

/** Everything here ends with the test. */
export const aServer = async (options: EventStoreOptions = {}): Promise<EventStoreStandIn> => {
  const server = await startEventStore(options);
  onTestFinished(() => server.close());
  return server;
};

export const aFile = async (): Promise<string> => {
  const { file, remove } = await aFolder();
  onTestFinished(() => remove());
  return file;
};

/** Impatient, so that tests are short: a second of a real cluster is a tenth here. Not so in opening: nobody waits for that deadline, and a busy machine may need it. */
export const impatient = { appendDeadlineMs: 1000, probeEveryMs: 50, silenceMs: 300, readDeadlineMs: 300, connectDeadlineMs: 15_000, cutOffAfterMs: 300 } as const;

/** A node's log on a file of its own, or on the one given; events are those of `log-makers.ts`. */
export const aLog = async (server: { readonly url: string }, own: Partial<EventStoreLogOptions> = {}): Promise<EventLog> => {
  const log = await openEventStoreLog({ url: server.url, file: own.file ?? (await aFile()), ruleHref: anyLeafHref, ...impatient, ...own });
  onTestFinished(() => log.close());
  return log;
};

/** A follower by itself, not started, whose copy has the first event of the database and no other. What it takes is not kept. */
export const aBareFollower = (server: EventStoreStandIn): Follower => {
  const [first] = server.events();
  const link = new Link(() => new Connection(serverAddress(server.url), undefined));
  onTestFinished(() => link.close());
  const at = { commit: BigInt(first!.position), prepare: BigInt(first!.position) };
  const silent = (): void => undefined;
  return new Follower(link, impatient, { handled: () => at, lastEvent: () => ({ at, id: first!.id }), take: silent, onTrouble: silent, onBroken: silent });
};

/** Resolves when the promise has not settled for so long: for what must not happen, where there is no fact to wait for. */
export const staysOpen = async (promise: Promise<unknown>, ms: number): Promise<boolean> => {
  const open = Symbol('open');
  return (await Promise.race([promise.then(() => undefined, () => undefined), pause(ms, open)])) === open;
};

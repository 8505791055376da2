import { randomUUID } from 'node:crypto';

import type { RecordedEvent } from '#src/kernel/event.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { openEventStoreLog } from '#src/log/eventstoredb/open-event-store-log.ts';
import { startEventStore } from '#test/support/event-store/event-store.ts';
import { aFolder } from '#test/support/log-makers.ts';
import { anyLeafHref } from './eventstoredb-any-leaf.ts';
import { appendCases } from './log-contract-append.ts';
import { closeCases } from './log-contract-close.ts';
import { followCases } from './log-contract-follow.ts';
import { readCases } from './log-contract-read.ts';
import { logContract, type LogPlace } from './log-contract.ts';

const onStandIn = async (): Promise<LogPlace> => {
  const server = await startEventStore();
  const { file, remove } = await aFolder();
  return {
    open: () => openEventStoreLog({ url: server.url, file, ruleHref: anyLeafHref }),
    remove: async () => {
      await server.close();
      await remove();
    },
  };
};

/** A log whose streams stand in the database with `prefix` before their names. */
const underPrefix = (log: EventLog, prefix: string): EventLog => {
  const bare = (events: readonly RecordedEvent[]): RecordedEvent[] => events.map((event) => ({ ...event, stream: event.stream.slice(prefix.length) }));
  const barePages = async function* (pages: AsyncIterable<readonly RecordedEvent[]>) {
    for await (const page of pages) yield bare(page);
  };
  return {
    ...log,
    append: (stream, ...rest) => log.append(stream === '' ? '' : prefix + stream, ...rest),
    readStream: (stream, options) => barePages(log.readStream(prefix + stream, options)),
    readAll: (options) => barePages(log.readAll(options)),
    follow: (from, onEvents) => log.follow(from, (events) => onEvents(bare(events))),
    streamHead: (stream) => log.streamHead(prefix + stream),
  };
};

/** HANSARD_TEST_ESDB is the address of a real server, with name and password in it where it wants them. What is written stays there. */
const onRealServer = (address: string) => async (): Promise<LogPlace> => {
  const { file, remove } = await aFolder();
  const prefix = `contract-${randomUUID()}-`;
  const [, scheme = '', username, password, rest = ''] = /^([^:]+:\/\/)(?:([^:]+):([^@]+)@)?(.*)$/.exec(address) ?? [];
  const credentials = username === undefined || password === undefined ? {} : { credentials: { username: decodeURIComponent(username), password: decodeURIComponent(password) } };
  return {
    open: async () => underPrefix(await openEventStoreLog({ url: scheme + rest, ...credentials, file, ruleHref: `${anyLeafHref}?prefix=${prefix}` }), prefix),
    remove,
  };
};

logContract('EventStoreDB (stand-in)', onStandIn);

const real = process.env['HANSARD_TEST_ESDB'];
const titles = [appendCases, readCases, followCases, closeCases].flatMap((cases) => Object.keys(cases));
const unnamed = Object.fromEntries(titles.map((title) => [title, 'HANSARD_TEST_ESDB names no server']));
logContract('EventStoreDB (real server)', real === undefined ? onStandIn : onRealServer(real), real === undefined ? unnamed : {});

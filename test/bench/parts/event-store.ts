import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';

import type { EventLog, EventToAppend } from '#src/log/event-log.ts';
import { openEventStoreLog } from '#src/log/eventstoredb/open-event-store-log.ts';
import { leafOf } from '#src/log/eventstoredb/our-leaves.ts';
import { spawnEventStore } from '#test/support/event-store/spawn-event-store.ts';
import { figure, type Figure } from '../support/figure.ts';

/**
 * The EventStoreDB engine beside the bare client, in turn, on the same server: the stand-in
 * in a process of its own, or the insecure server that HANSARD_TEST_ESDB names. Prints figures and asserts nothing. Beside each
 * rate stands the processor time of this process, all threads, because a busy machine bends the rate and not that.
 */
const [singles, batches, batchEvents, latencies] = [6_000, 160, 100, 400] as const;
const [singlesInFlight, batchesInFlight] = [64, 8] as const;
const hash = 'A'.repeat(43);
const data = JSON.stringify({ at: 1, text: 'x'.repeat(200) });
const metadata = JSON.stringify({ actor: { id: 'x'.repeat(36), kind: 'account' }, commandId: 'x'.repeat(36), ledger: { commitments: [hash], mac: hash, previous: null, writer: 'w' }, schema: 1 });

type Appending = (stream: string, expected: number, events: readonly EventToAppend[]) => Promise<unknown>;
type Measured = { readonly perSecond: number; readonly cpuUs: number };

/** Runs `count` pieces of work over lanes that each do theirs one after the other. `events`: how many one piece is worth. */
const measure = async (count: number, lanes: number, events: number, work: (lane: number, i: number) => Promise<unknown>): Promise<Measured> => {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await Promise.all(Array.from({ length: lanes }, async (_, lane) => {
    for (let i = 0; i < count / lanes; i += 1) await work(lane, i);
  }));
  const { user, system } = process.cpuUsage(cpu);
  return { perSecond: (count * events) / ((performance.now() - began) / 1000), cpuUs: (user + system) / (count * events) };
};

/** The engine compares leaves, so each event has the one that its bytes give. Made before anything is measured. */
const eventsFor = (stream: string, from: number, count: number): EventToAppend[] => Array.from({ length: count }, (_, n) => {
  const event = { id: randomUUID(), type: 'MessagePosted', data, metadata };
  return { ...event, leafHash: leafOf({ ...event, at: { commit: 0n, prepare: 0n }, stream, revision: from + n, createdMs: 0 }, null) };
});

const appends = async (append: Appending, count: number, lanes: number, each: number): Promise<Measured> => {
  const run = randomUUID();
  const prepared = Array.from({ length: lanes }, (_, lane) => {
    const stream = `conversation-${run}-${lane}`;
    return { stream, batches: Array.from({ length: Math.ceil(count / lanes) }, (_batch, i) => eventsFor(stream, i * each, each)) };
  });
  return measure(count, lanes, each, (lane, i) => append(prepared[lane]!.stream, i * each - 1, prepared[lane]!.batches[i]!));
};

const bare = (client: EventStoreDBClient): Appending => (stream, expected, events) =>
  client.appendToStream(stream, events.map(({ id, type }) => jsonEvent({ id, type, data: JSON.parse(data) as never, metadata: JSON.parse(metadata) as never })), { expectedRevision: expected < 0 ? NO_STREAM : BigInt(expected) });

const engine = (log: EventLog): Appending => async (stream, expected, events) => {
  const outcome = await log.append(stream, expected, events);
  if (outcome.kind !== 'appended') throw new Error(outcome.kind);
};

const latenciesOf = async (append: Appending): Promise<{ readonly p50: number; readonly p99: number }> => {
  const stream = `conversation-${randomUUID()}`;
  const took: number[] = [];
  for (let i = 0; i < latencies; i += 1) {
    const events = eventsFor(stream, i, 1);
    const began = performance.now();
    await append(stream, i - 1, events);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  return { p50: took[Math.floor(latencies / 2)]!, p99: took[Math.floor(latencies * 0.99)]! };
};

const caughtUpBare = async (client: EventStoreDBClient): Promise<Measured> => {
  let events = 0;
  const counted = await measure(1, 1, 1, async () => {
    const subscription = client.subscribeToAll({ fromPosition: 'start' });
    await new Promise<void>((resolve) => {
      subscription.on('data', () => (events += 1)).on('caughtUp', resolve);
    });
    await subscription.unsubscribe();
  });
  return { perSecond: events * counted.perSecond, cpuUs: counted.cpuUs / events };
};

const rounded = ({ perSecond, cpuUs }: Measured): string => `${Math.round(perSecond).toLocaleString('en')}/s, ${cpuUs.toFixed(0)} us of processor each`;
/** The aim for appends: four fifths of what the bare client reaches on the same server. */
const aimed = (theirs: Measured) => ({ least: Math.round(0.8 * theirs.perSecond) });
const line = (what: string, ours: Measured, theirs: Measured, aim?: { readonly least: number }): Figure =>
  figure(`${what} (${ours.cpuUs.toFixed(0)} us of processor each)`, ours.perSecond, 'events/s', aim, `bare client: ${rounded(theirs)}`);

export const eventStoreFigures = async (): Promise<Figure[]> => {
  const named = process.env['HANSARD_TEST_ESDB'];
  const server = named === undefined ? await spawnEventStore() : undefined;
  const url = named ?? server!.url;
  const folder = mkdtempSync(join(tmpdir(), 'hansard-event-store-'));
  const client = EventStoreDBClient.connectionString(url);
  const open = (name: string): Promise<EventLog> => openEventStoreLog({ url, file: join(folder, name) });
  const log = await open('copy.sqlite');
  const figures: Figure[] = [];
  // A first run of each warms what is compiled as it runs.
  for (const isWarm of [false, true]) {
    const single = { theirs: await appends(bare(client), singles, singlesInFlight, 1), ours: await appends(engine(log), singles, singlesInFlight, 1) };
    const batched = { theirs: await appends(bare(client), batches, batchesInFlight, batchEvents), ours: await appends(engine(log), batches, batchesInFlight, batchEvents) };
    if (!isWarm) continue;
    figures.push(line(`appends, ${singlesInFlight} at once`, single.ours, single.theirs, aimed(single.theirs)), line(`batches of ${batchEvents}, ${batchesInFlight} at once`, batched.ours, batched.theirs, aimed(batched.theirs)));
  }
  const [ours, theirs] = [await latenciesOf(engine(log)), await latenciesOf(bare(client))];
  figures.push(figure('one append at a time, half are answered within', ours.p50, 'ms', undefined, `bare client ${theirs.p50.toFixed(2)} ms; 99 % within ${ours.p99.toFixed(1)} ms, bare client ${theirs.p99.toFixed(1)} ms`));
  let size = 0;
  const anew = await measure(1, 1, 1, async () => {
    const fresh = await open('fresh.sqlite');
    ({ size } = await fresh.head());
    await fresh.close();
  });
  figures.push(line(`a copy of ${size.toLocaleString('en')} events made anew`, { perSecond: size * anew.perSecond, cpuUs: anew.cpuUs / size }, await caughtUpBare(client)));
  await log.close();
  await client.dispose();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
  return figures;
};

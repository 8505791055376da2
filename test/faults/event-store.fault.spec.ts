import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';

import { NotSent, OutcomeUnknown } from '#src/log/event-log.ts';
import { isAfter, type AllPosition } from '#src/log/eventstoredb/all-position.ts';
import { Connection } from '#src/log/eventstoredb/connection.ts';
import { Follower } from '#src/log/eventstoredb/follower.ts';
import { Link } from '#src/log/eventstoredb/link.ts';
import { LogCopy } from '#src/log/eventstoredb/log-copy.ts';
import { serverAddress } from '#src/log/eventstoredb/server-address.ts';
import type { EventStoreStandIn } from '#test/support/event-store/event-store-stand-in.ts';
import { startEventStore } from '#test/support/event-store/event-store.ts';
import { aFolder, anEventToAppend } from '#test/support/log-makers.ts';
import { openForReading } from '#src/log/sqlite/database.ts';
import * as anyLeaf from '#test/suites/eventstoredb-any-leaf.ts';
import { chance, Cluster, sameAgain, type Resending } from './event-store-rounds.ts';

/** HANSARD_FAULT_SEED runs other rounds than those of every day. */
const firstSeed = Number(process.env['HANSARD_FAULT_SEED'] ?? 4_711);
const [blocks, roundsPerBlock] = [4, 50] as const;

/** Rounds until the first complaint, or all of them. */
const run = async (seed: number, rounds: number, resend: Resending, appendDeadlineMs?: number): Promise<{ readonly complaints: readonly string[]; readonly acknowledged: number }> => {
  const cluster = await Cluster.open(appendDeadlineMs);
  try {
    for (let i = 0; i < rounds; i += 1) await cluster.round(seed + i, resend);
    return { complaints: await cluster.complaints(), acknowledged: cluster.acknowledged };
  } finally {
    await cluster.close();
  }
};

describe('under every fault that the stand-in knows, two nodes lose nothing, double nothing and order everything', () => {
  for (let block = 0; block < blocks; block += 1) {
    const seed = firstSeed + block * roundsPerBlock;
    it(`in the rounds with seeds ${seed} to ${seed + roundsPerBlock - 1}`, async () => {
      const { complaints, acknowledged } = await run(seed, roundsPerBlock, sameAgain);
      expect(complaints, `HANSARD_FAULT_SEED=${seed}`).toEqual([]);
      expect(acknowledged).toBeGreaterThanOrEqual(roundsPerBlock * 4);
    });
  }
});

/** A broken build: what is not known is decided anew, under new ids. */
const decidingAnew: Resending = async (log, stream, expected, batch) => {
  for (let ids = batch; ; ids = batch.map(({ data, metadata }) => anEventToAppend({ data, metadata }))) {
    try {
      return await log.append(stream, expected, ids);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
    }
  }
};

/** A broken build: what was sent and is not known is answered as if it never had been sent. */
const sayingNotSent: Resending = async (log, stream, expected, batch) => {
  try {
    return await log.append(stream, expected, batch);
  } catch (error) {
    throw error instanceof OutcomeUnknown ? new NotSent(error.message) : error;
  }
};

/** Follows a server that others append to while its subscriptions break, and says how the copy differs. `resumeFrom` is what a build takes for the last position it has handled. */
const follow = async (seed: number, resumeFrom: (copy: LogCopy, server: EventStoreStandIn) => AllPosition | undefined): Promise<readonly string[]> => {
  const [server, { file, remove }] = [await startEventStore(), await aFolder()];
  const copy = new LogCopy(file, anyLeaf);
  const link = new Link(() => new Connection(serverAddress(server.url), undefined));
  let broken: unknown;
  const follower = new Follower(link, { silenceMs: 200, readDeadlineMs: 500 }, {
    handled: () => resumeFrom(copy, server), lastEvent: () => copy.lastEvent(), take: (events) => void copy.take(events, []), onTrouble: () => undefined, onBroken: (error) => (broken = error),
  });
  follower.start();
  const random = chance(seed);
  server.faults.seeded(seed, { 'subscription-dropped': 0.03, 'consumer-too-slow': 0.03, 'subscription-killed': 0.02 });
  for (let i = 0; i < 150; i += 1) {
    server.append(`s${Math.floor(random() * 3)}`);
    if (random() < 0.2) await pause(5);
  }
  server.faults.none();
  const end = BigInt(server.events().at(-1)!.position);
  const deadline = performance.now() + 3000;
  while (broken === undefined && performance.now() < deadline && (copy.handled?.commit ?? -1n) < end) await pause(10);
  await follower.stop();
  await link.close();
  copy.close();
  const database = openForReading(file);
  const copied = (database.prepare('SELECT id FROM events ORDER BY position').all() as { id: string }[]).map(({ id }) => id);
  database.close();
  const ours = server.events().filter(({ stream }) => anyLeaf.isOurs(stream)).map(({ id }) => id);
  await server.close();
  await remove();
  return [...(broken === undefined ? [] : [String(broken)]), ...(JSON.stringify(copied) === JSON.stringify(ours) ? [] : [`${copied.length} events were copied of ${ours.length}`])];
};

/** A broken build: it resumes where the server is, not where it is. */
const fromTheNext = (copy: LogCopy, server: EventStoreStandIn): AllPosition | undefined => {
  const { handled } = copy;
  const next = server.events().map(({ position }) => ({ commit: BigInt(position), prepare: BigInt(position) })).find((position) => handled && isAfter(position, handled));
  return next ?? handled;
};

describe('the rounds catch a build that', () => {
  it('decides again, with new ids, what it does not know', async () => {
    // So impatient that not to know is what happens every day; the sound build stands that.
    expect((await run(firstSeed, 15, sameAgain, 40)).complaints).toEqual([]);
    const { complaints } = await run(firstSeed, 15, decidingAnew, 40);
    expect(complaints.join('\n')).toMatch(/doubled: /);
  });
  it('says of what was sent that it was not', async () => {
    const { complaints } = await run(firstSeed, 15, sayingNotSent, 40);
    expect(complaints.join('\n')).toMatch(/doubled: /);
  });
  it('resumes from another position than the last it has handled', async () => {
    expect(await follow(firstSeed, (copy) => copy.handled)).toEqual([]);
    expect(await follow(firstSeed, fromTheNext)).not.toEqual([]);
  });
});

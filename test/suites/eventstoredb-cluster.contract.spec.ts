import { expect, it } from 'vitest';

import { NotSent, OutcomeUnknown, type EventLog, type EventToAppend } from '#src/log/event-log.ts';
import { allOf, faultsOf, someEvents } from '#test/support/log-makers.ts';
import { eventually } from '#test/support/waiting.ts';
import { aLog, aServer } from './eventstoredb-places.ts';

const untilKnown = async (log: EventLog, expected: number, batch: readonly EventToAppend[]) => {
  for (;;) {
    try {
      return await log.append('a', expected, batch);
    } catch (error) {
      if (!(error instanceof OutcomeUnknown || error instanceof NotSent)) throw error;
    }
  }
};

it('finds the leader among several hosts, and by the name of any one of them', async () => {
  const server = await aServer({ nodes: 3 });
  server.elect(2);
  for (const url of [server.url, server.discoverUrl(0), server.discoverUrl(2)]) {
    const log = await aLog({ url });
    const { revision } = await log.streamHead('a');
    expect(await log.append('a', revision, someEvents(1))).toMatchObject({ kind: 'appended', revision: revision + 1 });
    await log.close();
  }
});

it('goes on when the leader dies, when it comes back and when another is elected, and nothing is lost or doubled', async () => {
  const server = await aServer({ nodes: 3, electionMs: 150, followerLagMs: 20 });
  const log = await aLog(server);
  const written: string[] = [];
  const disturbances = [() => server.kill(0), () => server.restart(0), () => server.elect(0), () => server.noLeader(300, 'stalls'), () => server.noLeader(300, 'refuses')];
  for (const [round, disturb] of disturbances.entries()) {
    const disturbed = disturb();
    for (let i = 0; i < 10; i += 1) {
      const batch = someEvents(2);
      expect(await untilKnown(log, written.length - 1, batch), `round ${round}`).toMatchObject({ kind: 'appended' });
      written.push(...batch.map(({ id }) => id));
    }
    await disturbed;
  }
  expect((await allOf(log.readAll())).map(({ id }) => id)).toEqual(written);
  expect(server.events().filter(({ stream }) => stream === 'a').map(({ id }) => id)).toEqual(written);
  expect(await faultsOf(log)).toEqual([]);
});

it('is cut off while there is no majority, acknowledges nothing, and recovers by itself', async () => {
  const server = await aServer({ nodes: 3, electionMs: 100 });
  const log = await aLog(server);
  await log.append('a', -1, someEvents(1));
  await server.kill();
  await eventually('it is cut off', () => log.cutOff());
  const batch = someEvents(1);
  await expect(log.append('a', 0, batch)).rejects.toThrow(NotSent);
  await server.restart();
  expect(await untilKnown(log, 0, batch)).toMatchObject({ kind: 'appended', revision: 1 });
  await eventually('it is back', () => log.cutOff() === undefined);
});

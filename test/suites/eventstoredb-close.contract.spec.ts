import { expect, it } from 'vitest';

import { LogStopped, OutcomeUnknown } from '#src/log/event-log.ts';
import { anEventToAppend, someEvents } from '#test/support/log-makers.ts';
import { eventually } from '#test/support/waiting.ts';
import { endless, endlessLeafHref } from './eventstoredb-endless-leaf.ts';
import { aBareFollower, aFile, aLog, aServer, staysOpen } from './eventstoredb-places.ts';

/** Far beyond what any of these takes, and far below what they took when they waited for something. */
const patienceMs = 20_000;

it('stops following also while the follower looks whether the database is the same', async () => {
  const server = await aServer();
  server.append('a');
  const follower = aBareFollower(server);
  follower.start();
  expect(await staysOpen(follower.stop(), patienceMs)).toBe(false);
});

it('does not look for a leader first, where the whole cluster is silent', async () => {
  const server = await aServer({ nodes: 3 });
  const log = await aLog(server);
  await log.append('a', -1, someEvents(1));
  server.freeze();
  server.breakConnections();
  await eventually('it is cut off', () => log.cutOff());
  expect(await staysOpen(log.close(), patienceMs)).toBe(false);
});

it('ends at its deadline when its thread does nothing any more, frees the copy, and says of what waits that it is unknown', async () => {
  const server = await aServer();
  const file = await aFile();
  const log = await aLog(server, { file, ruleHref: endlessLeafHref, closeDeadlineMs: 500 });
  await log.append('a', -1, someEvents(1));
  const waiting = expect(log.append('a', 0, [anEventToAppend({ type: endless })])).rejects.toThrow(OutcomeUnknown);
  expect(await staysOpen(log.close(), patienceMs)).toBe(false);
  await waiting;
  await expect(log.append('a', 1, someEvents(1))).rejects.toThrow(LogStopped);
  const again = await aLog(server, { file });
  expect((await again.head()).size).toBe(2);
});

import { expect, it } from 'vitest';
import { Currency } from '#appliance/house/currency.ts';
import type { EventLog } from '#src/log/event-log.ts';

/** A log of somebody else's appends, as far as currency asks it. */
const aSharedLog = () => ({ size: 0, asOf: 0, reachable: true });

const over = (log: ReturnType<typeof aSharedLog>): Pick<EventLog, 'isShared' | 'currentAsOf' | 'head' | 'cutOff' | 'makeCurrent'> => ({
  isShared: true,
  currentAsOf: () => log.asOf,
  head: () => Promise.resolve({ size: log.size, root: '' }),
  makeCurrent: () => Promise.resolve(),
  cutOff: () => (log.reachable ? undefined : 'The log has been out of reach since 12:00.'),
});

const given = async () => {
  const log = aSharedLog();
  const node = { now: 0, followed: -1, patient: false };
  // Patience costs the clock a second a look.
  const currency = new Currency(over(log) as EventLog, () => node.followed, 0, () => (node.now += node.patient ? 1_000 : 0));
  await currency.begin();
  currency.close();
  return { log, node, currency };
};

it('answers while what was acknowledged anywhere a second ago has been followed here', async () => {
  const { log, node, currency } = await given();
  Object.assign(log, { size: 10, asOf: 900 });
  node.now = 1_000;
  await currency.look();
  node.followed = 9;
  expect(await currency.refusal()).toBeUndefined();
  node.now = 1_900;
  expect(await currency.refusal()).toBeUndefined();
  node.now = 1_901;
  node.patient = true;
  expect(await currency.refusal()).toMatchObject({ code: 'unavailable' });
});

it('answers nobody while its follower is behind the log that it can read, and recovers by itself', async () => {
  const { log, node, currency } = await given();
  Object.assign(log, { size: 10, asOf: 2_000 });
  node.now = 2_000;
  node.followed = 8;
  await currency.look();
  expect(currency.behind()).toBe('This node is 2 s behind the record; it catches up by itself.');
  node.followed = 9;
  expect(currency.behind()).toBeUndefined();
});

it('waits a moment for the proof before it refuses', async () => {
  const { log, node, currency } = await given();
  Object.assign(log, { size: 1, asOf: 4_999 });
  node.followed = 0;
  node.now = 5_000;
  const asked = currency.refusal();
  await currency.look();
  expect(await asked).toBeUndefined();
});

it('says why when the log is out of reach, and is not calmed by what it had followed before', async () => {
  const { log, node, currency } = await given();
  Object.assign(log, { size: 1, asOf: 500, reachable: false });
  node.followed = 0;
  node.now = 5_000;
  await currency.look();
  expect(currency.behind()).toBe('The log has been out of reach since 12:00.');
  node.patient = true;
  expect((await currency.refusal())?.sentence).toContain('Nothing was lost');
});

it('asks nothing of a log that nobody else writes', async () => {
  const alone = new Currency({ ...over(aSharedLog()), isShared: false } as EventLog, () => -1, 0, () => 1e9);
  await alone.begin();
  expect([alone.behindMs, await alone.refusal()]).toEqual([0, undefined]);
  alone.close();
});

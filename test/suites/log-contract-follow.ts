import { expect } from 'vitest';

import type { EventLog } from '#src/log/event-log.ts';
import { aFollower } from '#test/support/log-follower.ts';
import { allOf, anEventToAppend, someEvents } from '#test/support/log-makers.ts';
import type { LogCases } from './log-contract.ts';

const positionsFrom = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);

/** `streams` people append `each` events, all at once. */
const chatter = (log: EventLog, streams: number, each: number, name = 'talk'): Promise<void[]> =>
  Promise.all(
    Array.from({ length: streams }, async (_, s) => {
      for (let i = 0; i < each; i += 1) await log.append(`${name}-${s}`, i - 1, [anEventToAppend()]);
    }),
  );

export const followCases: LogCases = {
  'hands over history and then what is appended, each once and in order': async ({ log }) => {
    await log.append('a', -1, someEvents(30));
    const follower = aFollower(log, 0);
    await follower.reaches(29);
    await log.append('a', 29, someEvents(5));
    await follower.reaches(34);
    expect(follower.events).toEqual(await allOf(log.readAll()));
  },

  'leaves no gap between history and live while others append': async ({ log }) => {
    await chatter(log, 8, 200, 'before');
    const talking = chatter(log, 8, 150);
    const followers = [0, 1, 799, 1599, 1600, 1700].map((from) => aFollower(log, from));
    await talking;
    const late = aFollower(log, 0);
    for (const follower of [...followers, late]) await follower.reaches(2799);
    for (const { events } of [...followers, late]) expect(events.map(({ position }) => position)).toEqual(positionsFrom(events[0]!.position, 2800));
    expect(followers.map(({ events }) => events[0]!.position)).toEqual([0, 1, 799, 1599, 1600, 1700]);
    expect(late.events).toEqual(await allOf(log.readAll()));
  },

  'waits for a position that is not there yet': async ({ log }) => {
    const follower = aFollower(log, 7);
    await log.append('a', -1, someEvents(5));
    await log.append('a', 4, someEvents(5));
    await follower.reaches(9);
    expect(follower.events.map(({ position }) => position)).toEqual([7, 8, 9]);
  },

  'waits for a call to return before it makes the next': async ({ log }) => {
    let running = 0;
    let most = 0;
    await chatter(log, 2, 50, 'before');
    let calls = 0;
    const follower = aFollower(log, 0, async () => {
      running += 1;
      most = Math.max(most, running);
      // The first calls write themselves, so that there is surely something to hand over before they return.
      if ((calls += 1) <= 3) await log.append(`written-in-call-${calls}`, -1, someEvents(1));
      await log.head();
      running -= 1;
    });
    await chatter(log, 4, 50);
    await follower.reaches(302);
    expect(most).toBe(1);
    expect(follower.events.map(({ position }) => position)).toEqual(positionsFrom(0, 303));
  },

  'hands over only what a read finds': async ({ log }) => {
    const unseen: number[] = [];
    const follower = aFollower(log, 0, async (events) => {
      const { size } = await log.head();
      unseen.push(...events.filter(({ position }) => position >= size).map(({ position }) => position));
    });
    await chatter(log, 4, 50);
    await follower.reaches(199);
    expect(unseen).toEqual([]);
  },

  'gives a slow follower everything, however far it falls behind': async ({ log }) => {
    const data = `"${'x'.repeat(250_000)}"`;
    const held = Promise.withResolvers<void>();
    const follower = aFollower(log, 0, () => held.promise);
    for (let revision = -1; revision < 159; revision += 2) await log.append('a', revision, someEvents(2, { data }));
    held.resolve();
    await follower.reaches(159);
    await log.append('a', 159, someEvents(1));
    await follower.reaches(160);
    expect(follower.events.map(({ position }) => position)).toEqual(positionsFrom(0, 161));
  },

  'hands nothing over for conflicts, refusals and batches that are sent again': async ({ log }) => {
    const follower = aFollower(log, 0);
    const batch = someEvents(2);
    await Promise.all([log.append('a', -1, batch), log.append('a', -1, batch), log.append('a', -1, someEvents(1)), log.append('a', 1, someEvents(501))]);
    await log.append('a', -1, batch);
    await log.append('a', 1, someEvents(1));
    await follower.reaches(2);
    expect(follower.events.map(({ id }) => id).slice(0, 2)).toEqual(batch.map(({ id }) => id));
    expect(follower.events).toHaveLength(3);
  },

  'carries what the appender put on an event to live followers, and never stores it': async ({ log }) => {
    const carry = { opened: 'hi' };
    const live = aFollower(log, 0);
    await log.append('a', -1, [anEventToAppend({ carry }), anEventToAppend()]);
    await live.reaches(1);
    expect(live.events[0]!.carry).toBe(carry);
    expect(live.events[1]!.carry).toBeUndefined();
    const later = aFollower(log, 0);
    await later.reaches(1);
    expect([...later.events, ...(await allOf(log.readAll()))].map((event) => event.carry)).toEqual([undefined, undefined, undefined, undefined]);
  },

  'ends the following with what its call threw, and hurts no append and no other follower': async ({ log }) => {
    const other = aFollower(log, 0);
    const thrown = new Error('cannot take this');
    const sync = log.follow(0, () => {
      throw thrown;
    });
    const waiting = log.follow(0, () => Promise.reject(thrown));
    const over = Promise.all([expect(sync.ended).rejects.toBe(thrown), expect(waiting.ended).rejects.toBe(thrown)]);
    expect(await log.append('a', -1, someEvents(2))).toEqual({ kind: 'appended', position: 0, revision: 1 });
    await over;
    const inHistory = log.follow(0, () => Promise.reject(thrown));
    await expect(inHistory.ended).rejects.toBe(thrown);
    expect(await log.append('a', 1, someEvents(1))).toEqual({ kind: 'appended', position: 2, revision: 2 });
    await other.reaches(2);
  },

  'begins no call after stop, and stop waits for the one that runs': async ({ log }) => {
    const held = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    let calls = 0;
    let returned = false;
    const following = log.follow(0, async () => {
      calls += 1;
      begun.resolve();
      await held.promise;
      returned = true;
    });
    const other = aFollower(log, 0);
    await log.append('a', -1, someEvents(1));
    await begun.promise;
    const stopped = following.stop();
    await log.append('a', 0, someEvents(1));
    held.resolve();
    await stopped;
    expect(returned).toBe(true);
    await following.ended;
    await log.append('a', 1, someEvents(1));
    await other.reaches(2);
    expect(calls).toBe(1);
  },
};

import { expect } from 'vitest';

import { LogStopped } from '#src/log/event-log.ts';
import { aFollower } from '#test/support/log-follower.ts';
import { allOf, someEvents } from '#test/support/log-makers.ts';
import type { LogCases } from './log-contract.ts';

export const closeCases: LogCases = {
  'says nothing about stopping while all is well': async ({ log }) => {
    await log.append('a', -1, someEvents(1));
    expect(log.stopped()).toBeUndefined();
  },

  'finds everything again when it is opened again, and goes on from there': async ({ log, reopen }) => {
    for (let i = 0; i < 20; i += 1) await log.append(`s${i % 4}`, Math.floor(i / 4) - 1, someEvents(1));
    const [before, head] = [await allOf(log.readAll()), await log.head()];
    const again = await reopen();
    expect(await allOf(again.readAll())).toEqual(before);
    expect(await again.head()).toEqual(head);
    expect(await again.streamHead('s1')).toEqual({ revision: 4, leafHash: before[17]!.leafHash });
    expect(await again.append('s1', 4, someEvents(1))).toEqual({ kind: 'appended', position: 20, revision: 5 });
    const follower = aFollower(again, 19);
    await follower.reaches(20);
  },

  'finishes what was handed over before, and refuses what comes after': async ({ log, reopen }) => {
    const handed = Array.from({ length: 100 }, (_, i) => log.append('a', i - 1, someEvents(1)));
    const closed = log.close();
    await expect(log.append('b', -1, someEvents(1))).rejects.toThrow(LogStopped);
    expect((await Promise.all(handed)).map(({ kind }) => kind)).toEqual(Array.from({ length: 100 }, () => 'appended'));
    await closed;
    await log.close();
    expect(log.stopped()).toBeTypeOf('string');
    const again = await reopen();
    expect((await again.head()).size).toBe(100);
    expect(await again.streamHead('b')).toEqual({ revision: -1, leafHash: null });
  },

  'ends every following': async ({ log }) => {
    const [one, other] = [aFollower(log, 0), aFollower(log, 500)];
    await log.append('a', -1, someEvents(1));
    await one.reaches(0);
    await log.close();
    await Promise.all([one.following.ended, other.following.ended]);
    expect(other.events).toEqual([]);
  },
};

import { describe, expect, it } from 'vitest';

import type { EventLog } from '#src/log/event-log.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { acknowledgingBeforeCommit, appendingAnywhere, forgettingBatches, handingOverBeforeCommit, hurryingFollowers, leavingGaps, repeatingPages } from '#test/support/log-broken.ts';
import { aFolder } from '#test/support/log-makers.ts';
import { appendCases } from './log-contract-append.ts';
import { followCases } from './log-contract-follow.ts';
import { readCases } from './log-contract-read.ts';
import type { LogCases } from './log-contract.ts';

type Broken = readonly [what: string, breaking: (log: EventLog) => EventLog, cases: LogCases, caughtBy: string];

const builds: readonly Broken[] = [
  ['acknowledges before the commit', acknowledgingBeforeCommit, appendCases, 'is seen by every read once it is answered'],
  ['takes the expected revision for advice', appendingAnywhere, appendCases, 'lets exactly one of many racers have a revision, and tells the others where the stream is'],
  ['does not know a batch again', forgettingBatches, appendCases, 'answers a batch that is sent again as the first time, and writes nothing'],
  ['repeats a page', repeatingPages, readCases, 'reads everything in position order, in pages of the size asked for'],
  ['hands over before the commit', handingOverBeforeCommit, followCases, 'hands over only what a read finds'],
  ['loses events between history and live', leavingGaps, followCases, 'leaves no gap between history and live while others append'],
  ['does not wait for a follower', hurryingFollowers, followCases, 'waits for a call to return before it makes the next'],
];

describe('the log contract catches a build that', () => {
  for (const [what, breaking, cases, caughtBy] of builds) {
    it(what, { timeout: 20_000 }, async () => {
      const { file, remove } = await aFolder();
      const log = await openSqliteLog({ file, reserveBytes: 0 });
      const check = cases[caughtBy]!;
      await expect(check({ log: breaking(log), reopen: async () => log })).rejects.toMatchObject({ name: 'AssertionError' });
      await log.close();
      await remove();
    });
  }
});

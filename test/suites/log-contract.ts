import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { EventLog } from '#src/log/event-log.ts';
import { faultsOf } from '#test/support/log-makers.ts';
import { appendCases } from './log-contract-append.ts';
import { closeCases } from './log-contract-close.ts';
import { followCases } from './log-contract-follow.ts';
import { readCases } from './log-contract-read.ts';

/** A place that holds one log. `open` again after `close` finds the same events. */
export type LogPlace = { readonly open: () => Promise<EventLog>; readonly remove: () => Promise<void> };

/** What a case is given: `log` is open on an empty place; `reopen` closes it and opens the place again. */
export type Given = { log: EventLog; readonly reopen: () => Promise<EventLog> };
export type LogCases = Record<string, (given: Given) => Promise<void>>;

/**
 * The written contract of `EventLog`, as cases. After each of them the whole log is read and the tree computed again. An
 * engine may leave a case out only by its title, with the reason.
 */
export const logContract = (name: string, create: () => Promise<LogPlace>, leftOut: Record<string, string> = {}): void => {
  describe(`the log contract on ${name}`, () => {
    let place: LogPlace;
    let given: Given;

    beforeEach(async () => {
      place = await create();
      given = {
        log: await place.open(),
        reopen: async () => {
          await given.log.close();
          given.log = await place.open();
          return given.log;
        },
      };
    });

    afterEach(async () => {
      const log = given.log.stopped() === undefined ? given.log : await given.reopen();
      expect(await faultsOf(log)).toEqual([]);
      await log.close();
      await place.remove();
    });

    const groups: Record<string, LogCases> = { append: appendCases, read: readCases, follow: followCases, close: closeCases };
    const titles = Object.values(groups).flatMap((cases) => Object.keys(cases));
    it('leaves out only cases that exist', () => expect(titles).toEqual(expect.arrayContaining(Object.keys(leftOut))));
    for (const [group, cases] of Object.entries(groups)) {
      describe(group, () => {
        for (const [title, check] of Object.entries(cases)) {
          if (leftOut[title] !== undefined) it.skip(`${title} (left out: ${leftOut[title]})`);
          else it(title, () => check(given));
        }
      });
    }
  });
};

import type { RecordedEvent } from '#src/kernel/event.ts';
import type { EventLog } from '#src/log/event-log.ts';

/**
 * Deliberately broken builds: what a test of durability must catch. They wrap a sound log, so that the product has no switch
 * that breaks it.
 */

/** Says yes in the next turn of the event loop, and appends in the one after. Only for streams with one writer it is right about revisions. */
export const acknowledgingBeforeCommit = (log: EventLog): EventLog => ({
  ...log,
  append: (stream, expected, events, appendClass) =>
    new Promise((resolve) => {
      setImmediate(() => {
        resolve({ kind: 'appended', position: 0, revision: expected + events.length });
        setImmediate(() => void log.append(stream, expected, events, appendClass).catch(() => undefined));
      });
    }),
});

/** Takes an error of the disk for a success. */
export const acknowledgingInSpiteOfErrors = (log: EventLog): EventLog => {
  let afterError = 0;
  return {
    ...log,
    append: async (stream, expected, events, appendClass) => {
      try {
        return await log.append(stream, expected, events, appendClass);
      } catch (error) {
        afterError += 1;
        if (afterError > 50) throw error;
        return { kind: 'appended', position: 0, revision: expected + events.length };
      }
    },
  };
};

/** Shows followers what is not in the log yet. */
export const handingOverBeforeCommit = (log: EventLog): EventLog => {
  const followers: ((events: readonly RecordedEvent[]) => void | Promise<void>)[] = [];
  // One at a time, so that the positions are right and only the moment is wrong.
  let before: Promise<unknown> = Promise.resolve();
  return {
    ...log,
    follow: (from, onEvents) => {
      followers.push(onEvents);
      return log.follow(from, () => undefined);
    },
    append: (stream, expected, events, appendClass) => {
      const appended = before.then(async () => {
        const { size } = await log.head();
        const early = events.map((event, i) => ({ ...event, stream, position: size + i, revision: expected + 1 + i }));
        for (const follower of followers) await follower(early);
        return log.append(stream, expected, events, appendClass);
      });
      before = appended;
      return appended;
    },
  };
};

/** Takes the expected revision for advice. */
export const appendingAnywhere = (log: EventLog): EventLog => ({
  ...log,
  append: async (stream, expected, events, appendClass) => {
    let outcome = await log.append(stream, expected, events, appendClass);
    while (outcome.kind === 'conflict') outcome = await log.append(stream, outcome.revision, events, appendClass);
    return outcome;
  },
});

/** Does not know a batch again. */
export const forgettingBatches = (log: EventLog): EventLog => {
  let sent = 0;
  return {
    ...log,
    append: (stream, expected, events, appendClass) => log.append(stream, expected, events.map((event) => ({ ...event, id: `${event.id}-${(sent += 1)}` })), appendClass),
  };
};

/** Loses what is appended between history and live. */
export const leavingGaps = (log: EventLog): EventLog => ({
  ...log,
  follow: (from, onEvents) => {
    let batches = 0;
    return log.follow(from, (events) => ((batches += 1) === 2 ? undefined : onEvents(events)));
  },
});

/** Hands over the next events while the last are still worked on. */
export const hurryingFollowers = (log: EventLog): EventLog => ({
  ...log,
  follow: (from, onEvents) =>
    log.follow(from, (events) => {
      void onEvents(events);
    }),
});

/** Gives a page twice at a page's end. */
export const repeatingPages = (log: EventLog): EventLog => ({
  ...log,
  async *readAll(options) {
    for await (const page of log.readAll(options)) {
      yield page;
      if (page.length >= 500) yield page;
    }
  },
});

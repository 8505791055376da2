import type { EventLog } from '#src/log/event-log.ts';

/**
 * Deliberately broken builds: what a test of durability must catch. They wrap a sound log, so that the product has no switch
 * that breaks it.
 */

/** Says yes as soon as it has the batch, and appends it a turn later. Only for streams with one writer it is right about revisions. */
export const acknowledgingBeforeCommit = (log: EventLog): EventLog => ({
  ...log,
  append: async (stream, expected, events, appendClass) => {
    setImmediate(() => void log.append(stream, expected, events, appendClass).catch(() => undefined));
    return { kind: 'appended', position: 0, revision: expected + events.length };
  },
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

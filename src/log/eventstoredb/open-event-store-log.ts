import type { EventLog } from '../event-log.ts';
import { LogStopped } from '../event-log.ts';
import { assertStorable, refusedByLimits } from '../limits.ts';
import { PageReader } from '../sqlite/page-reader.ts';
import type { LogAlarm } from './alarms.ts';
import { EngineSide } from './engine-side.ts';
import { serverAddress, type Credentials } from './server-address.ts';

export type EventStoreLogOptions = {
  /** `esdb://host:2113`, several hosts with commas between them, or `esdb+discover://name:2113`; with no name and password in it. */
  readonly url: string;
  /** Path of this node's copy of the log; its folder must exist. It can be deleted: it is then read anew from the database. */
  readonly file: string;
  /** The user must be allowed to read `$all`, and to write. Sent over TLS alone. */
  readonly credentials?: Credentials;
  /** After so long an append that is not known is answered: with `NotSent` if it never was on the wire, else with `OutcomeUnknown`. */
  readonly appendDeadlineMs?: number;
  /** How often the leader is asked how far it is. */
  readonly probeEveryMs?: number;
  /** What says nothing for so long although it should is given up and taken anew. */
  readonly silenceMs?: number;
  readonly readDeadlineMs?: number;
  /** Opening fails when the database says nothing for so long. */
  readonly connectDeadlineMs?: number;
  /** Without an answer for so long this node is cut off. */
  readonly cutOffAfterMs?: number;
  /** Closing waits so long for what was handed over and for the thread: longer than an append may, or it would be answered too early. */
  readonly closeDeadlineMs?: number;
  /** Called for everything the copy knows at each opening, and as it happens: who records it knows it again by its id. */
  readonly onAlarm?: (alarm: LogAlarm) => void;
  /** While the copy is read from the database for the first time: how many events it holds. */
  readonly onProgress?: (events: number) => void;
  /** Module with the leaf rule, where a test has events that no writer of ours made. */
  readonly ruleHref?: string;
};

/**
 * The log in EventStoreDB (ARCHITECTURE section 5): the database is the authority, and every node keeps a copy of the log in
 * a file like that of the embedded engine, written by its follower of `$all` alone, from which all reads are answered. An
 * append is answered when this node's copy holds it, or what stands in its place.
 *
 * Rejects with `Fault` for an address that may not be used, a database that cannot be reached or refuses us, and a file that
 * is in use or no copy; with `BrokenIntegrity` when copy and database contradict each other. `append` rejects with
 * `OutcomeUnknown` or `NotSent` at its deadline, and with `Fault` where somebody has deleted the stream for ever; `streamHead` with `Fault`
 * while the leader does not answer.
 */
export const openEventStoreLog = async (options: EventStoreLogOptions): Promise<EventLog> => {
  const { url, file, credentials, onAlarm, onProgress, ruleHref = new URL('./our-leaves.ts', import.meta.url).href } = options;
  serverAddress(url);
  const settings = {
    appendDeadlineMs: options.appendDeadlineMs ?? 5000,
    probeEveryMs: options.probeEveryMs ?? 250,
    silenceMs: options.silenceMs ?? 2000,
    readDeadlineMs: options.readDeadlineMs ?? 2000,
    connectDeadlineMs: options.connectDeadlineMs ?? 30_000,
    cutOffAfterMs: options.cutOffAfterMs ?? 1500,
    closeDeadlineMs: options.closeDeadlineMs ?? 15_000,
  };
  const reader = new PageReader({ file });
  try {
    return logOver(await EngineSide.start({ url, credentials, file, ruleHref, settings }, (from, limit) => reader.all(from, limit), { onAlarm, onProgress }), reader);
  } catch (error) {
    await reader.close();
    throw error;
  }
};

const logOver = (engine: EngineSide, reader: PageReader): EventLog => {
  let closed: Promise<void> | undefined;

  const closeAll = async (): Promise<void> => {
    engine.tail.close();
    await reader.close();
    // Last, so that its connection is the one that folds the WAL into the file.
    await engine.close();
  };

  return {
    async append(stream, expected, events) {
      if (closed) throw new LogStopped('The log is closed.');
      assertStorable(stream, expected, events);
      return refusedByLimits(events) ?? engine.append(stream, expected, events);
    },
    readStream: (stream, { from, backwards = false, limit = Infinity } = {}) => reader.stream(stream, from ?? (backwards ? Number.MAX_SAFE_INTEGER : 0), backwards, limit),
    readAll: ({ from = 0, limit = Infinity, pageEvents } = {}) => reader.all(from, limit, pageEvents),
    follow: (from, onEvents) => engine.tail.follow(from, onEvents),
    async streamHead(stream) {
      await engine.makeCurrent();
      return reader.streamHead(stream);
    },
    head: () => reader.head(),
    stopped: () => (closed ? 'The log is closed.' : engine.stopped),
    isShared: true,
    currentAsOf: () => engine.currentAsOf,
    makeCurrent: () => engine.makeCurrent(),
    cutOff: () => engine.cutOff,
    close: () => (closed ??= closeAll()),
  };
};

import type { EventLog } from '../event-log.ts';
import { LogStopped } from '../event-log.ts';
import { assertStorable, refusedByLimits } from '../limits.ts';
import { AppendQueue } from './append-queue.ts';
import { PageReader } from './page-reader.ts';

export type SqliteLogOptions = {
  /** Path of the database; its folder must exist. `-wal`, `-shm` and `.lock` lie beside it. */
  readonly file: string;
  /** Free bytes below which posts are refused. Default: 5 % of the disk, 512 MiB at least. */
  readonly reserveBytes?: number;
};

/**
 * The embedded engine (ARCHITECTURE section 5): a writer and a reader, each in a thread of its own. Rejects with `Fault` when
 * the file is in use, no log, or cannot be made durable, and with `BrokenIntegrity` when it contradicts itself.
 */
export const openSqliteLog = async ({ file, reserveBytes }: SqliteLogOptions): Promise<EventLog> => {
  // Both threads start at once; nothing is read before the writer has made and checked the file.
  const reader = new PageReader({ file });
  try {
    return logOver(await AppendQueue.start({ file, reserveBytes: reserveBytes ?? null }, (from, limit) => reader.all(from, limit)), reader);
  } catch (error) {
    await reader.close();
    throw error;
  }
};

const logOver = (queue: AppendQueue, reader: PageReader): EventLog => {
  let closed: Promise<void> | undefined;

  const closeAll = async (): Promise<void> => {
    queue.tail.close();
    await reader.close();
    // Last, so that its connection is the one that folds the WAL into the file.
    await queue.close();
  };

  return {
    async append(stream, expected, events, appendClass = 'posts') {
      if (closed) throw new LogStopped('The log is closed.');
      assertStorable(stream, expected, events);
      return refusedByLimits(events) ?? queue.append(stream, expected, events, appendClass);
    },
    readStream: (stream, { from, backwards = false, limit = Infinity } = {}) => reader.stream(stream, from ?? (backwards ? Number.MAX_SAFE_INTEGER : 0), backwards, limit),
    readAll: ({ from = 0, limit = Infinity, pageEvents } = {}) => reader.all(from, limit, pageEvents),
    follow: (from, onEvents) => queue.tail.follow(from, onEvents),
    streamHead: (stream) => reader.streamHead(stream),
    head: () => reader.head(),
    stopped: () => (closed ? 'The log is closed.' : queue.stopped),
    isShared: false,
    currentAsOf: () => performance.now(),
    makeCurrent: () => Promise.resolve(),
    cutOff: () => undefined,
    close: () => (closed ??= closeAll()),
  };
};

import type { EventLog } from '../event-log.ts';
import { LogStopped } from '../event-log.ts';
import { assertStorable, refusedByLimits } from '../limits.ts';
import { AppendQueue } from './append-queue.ts';
import { LiveTail } from './live-tail.ts';
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
  // The reader starts when the writer has made the file; nobody follows before both are there.
  let reader: PageReader | undefined;
  let tail: LiveTail | undefined;
  const queue = await AppendQueue.start({ file, reserveBytes: reserveBytes ?? null }, (size) => {
    const pages = new PageReader({ file });
    reader = pages;
    tail = new LiveTail(size, (from, limit) => pages.all(from, limit));
    return tail;
  });
  return logOver(queue, reader!, tail!);
};

const logOver = (queue: AppendQueue, reader: PageReader, tail: LiveTail): EventLog => {
  let closed: Promise<void> | undefined;

  const closeAll = async (): Promise<void> => {
    tail.close();
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
    follow: (from, onEvents) => tail.follow(from, onEvents),
    streamHead: (stream) => reader.streamHead(stream),
    head: () => reader.head(),
    stopped: () => (closed ? 'The log is closed.' : queue.stopped),
    close: () => (closed ??= closeAll()),
  };
};

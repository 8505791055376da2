import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';

import type { Connection } from './connection.ts';
import { storedEvent, type StoredEvent } from './wire.ts';

/**
 * All events of a read that its request bounds. The deadline is ours, because one that the server keeps is worth nothing when
 * the server is frozen; a read given up is cancelled, or it would hold one of the hundred places of the connection.
 */
export const readBounded = async (connection: Connection, request: ReadReq, deadlineMs: number): Promise<readonly StoredEvent[]> => {
  const { promise, resolve, reject } = Promise.withResolvers<readonly StoredEvent[]>();
  const given = new AbortController();
  const timer = setTimeout(() => {
    reject(new Error(`it did not answer within ${deadlineMs} ms`));
    given.abort();
  }, deadlineMs);
  const begin = async (): Promise<void> => {
    const reading = await connection.read(request);
    const events: StoredEvent[] = [];
    reading.on('error', reject);
    if (given.signal.aborted) reading.cancel();
    else given.signal.addEventListener('abort', () => reading.cancel(), { once: true });
    reading.on('end', () => resolve(events));
    reading.on('data', (response) => {
      const event = storedEvent(response);
      if (event) events.push(event);
    });
  };
  begin().catch(reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
};

import type { RecordedEvent } from '#src/kernel/event.ts';
import type { EventLog, Following } from '#src/log/event-log.ts';

const deadlineMs = 5000;

export type Follower = {
  readonly events: RecordedEvent[];
  readonly batches: (readonly RecordedEvent[])[];
  readonly following: Following;
  /** Waits until the event at this position has come; fails after five seconds with what came instead. */
  readonly reaches: (position: number) => Promise<void>;
};

/** Somebody who follows and keeps everything. `meanwhile` runs inside the call, and is waited for. */
export const aFollower = (log: EventLog, from: number, meanwhile?: (events: readonly RecordedEvent[]) => void | Promise<void>): Follower => {
  const events: RecordedEvent[] = [];
  const batches: (readonly RecordedEvent[])[] = [];
  let heard = Promise.withResolvers<void>();
  const following = log.follow(from, (batch) => {
    events.push(...batch);
    batches.push(batch);
    heard.resolve();
    heard = Promise.withResolvers<void>();
    return meanwhile?.(batch);
  });
  const reaches = async (position: number): Promise<void> => {
    const deadline = AbortSignal.timeout(deadlineMs);
    const late = new Promise<never>((_, reject) => {
      deadline.addEventListener('abort', () => reject(new Error(`The follower never saw position ${position}; it saw ${events.length} events, the last at ${events.at(-1)?.position}.`)));
    });
    late.catch(() => undefined);
    while ((events.at(-1)?.position ?? -1) < position) await Promise.race([heard.promise, late]);
  };
  return { events, batches, following, reaches };
};

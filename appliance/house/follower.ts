import type { Opened } from '#src/every-event.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import type { EventLog, Following } from '#src/log/event-log.ts';

type Listener = (events: readonly Opened[]) => void;

/**
 * The log's follower on this node: every view, push and process manager hears from here alone, in log order. What this
 * process wrote comes with its content (`carry`); anything else is opened first.
 */
export const followLog = (log: EventLog, from: number, open: (page: readonly RecordedEvent[]) => Promise<readonly OpenedEvent[]>, listeners: readonly Listener[], onFault: (cause: unknown) => void): Following => {
  const tell = (events: readonly Opened[]): void => {
    for (const listener of listeners) {
      try {
        listener(events);
      } catch (cause) {
        // One listener that fails must not keep the others from the record.
        onFault(cause);
      }
    }
  };
  return log.follow(from, (recorded) => {
    if (recorded.every(({ carry }) => carry !== undefined)) return tell(recorded.map(carried));
    return open(recorded).then((events) => tell(events as readonly Opened[]));
  });
};

const carried = (recorded: RecordedEvent): Opened => {
  const event = recorded.carry as { -readonly [K in keyof OpenedEvent]: OpenedEvent[K] };
  // The desk completes the same object when its append resolves; whoever comes first writes the same values.
  event.position = recorded.position;
  event.revision = recorded.revision;
  event.id = recorded.id;
  event.leafHash = recorded.leafHash;
  return event as unknown as Opened;
};

import type { FedEvent } from '#projections/runner/fed-event.ts';
import type { Opened } from '#src/every-event.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import type { EventLog, Following } from '#src/log/event-log.ts';

/** `events`: those of ours among the `recorded`. */
type Listener = (events: readonly Opened[], recorded: readonly RecordedEvent[]) => void;

/**
 * The log's follower on this node: every view, push and process manager hears from here alone, in log order. What this
 * process wrote comes with its content (`carry`); anything else is opened first.
 */
export const followLog = (log: EventLog, from: number, open: (page: readonly RecordedEvent[]) => Promise<readonly OpenedEvent[]>, listeners: readonly Listener[], onFault: (cause: unknown) => void): Following => {
  const tell = (events: readonly Opened[], recorded: readonly RecordedEvent[]): void => {
    for (const listener of listeners) {
      try {
        listener(events, recorded);
      } catch (cause) {
        // One listener that fails must not keep the others from the record.
        onFault(cause);
      }
    }
  };
  return log.follow(from, (recorded) => {
    if (recorded.every(({ carry }) => carry !== undefined)) return tell(recorded.map(carried), recorded);
    return open(recorded).then((events) => tell(events as readonly Opened[], recorded));
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

/** As the views take them: the stored texts as they are, and the content where this process wrote it; else the views open it themselves. */
export const fedOf = (recorded: readonly RecordedEvent[]): readonly FedEvent[] =>
  recorded.map(({ position, stream, revision, id, type, data, metadata, leafHash, carry }) => ({
    position, stream, revision, id, type, data, metadata, leafHash, content: carry === undefined ? null : JSON.stringify((carry as OpenedEvent).content),
  }));

import type { StoredEvent } from './wire.ts';

/**
 * Something was done in the database that can take away what is recorded, or open it to others. `id` is the same on every
 * node and at every start, so that the same alarm is recorded once.
 */
export type LogAlarm = {
  readonly id: string;
  readonly kind: 'truncated' | 'deleted' | 'tombstoned' | 'metadata-set' | 'scavenged' | 'access-changed' | 'access-open' | 'gap';
  /** The stream it was done to; for what concerns the whole database the stream that tells of it. */
  readonly stream: string;
  /** When the database took it, in milliseconds since 1970; null for what is a state, not an event. */
  readonly at: number | null;
  readonly sentence: string;
};

/** A tombstone stands at this revision (EventStoreDB, EventNumber.DeletedStream), as does `$tb` of a stream that was deleted softly. */
const deletedRevision = 2 ** 63;

/** The alarm that an event of `$all` is, or undefined. Pure: every node finds the same. `isOwnList`: an access list as the appliances put it. */
export const alarmOf = (event: StoredEvent, isOurs: (stream: string) => boolean, isOwnList: (data: string) => boolean): LogAlarm | undefined => {
  const { stream, type } = event;
  if (type === '$streamDeleted' && isOurs(stream)) return alarm(event, 'tombstoned', stream, `The stream ${stream} was deleted for ever in the database. What it held is still there until the database is scavenged, and stays in the copies of the appliances; nothing more can be recorded in it.`);
  if (stream.startsWith('$$') && isOurs(stream.slice(2))) return metadataAlarm(event, stream.slice(2));
  if (type === '$scavengeStarted') return alarm(event, 'scavenged', stream, 'A scavenge of the database was started. It removes for good what was deleted or truncated; the record must never be scavenged. The copies of the appliances keep what it removes; do not delete them.');
  if (stream === '$settings' && !isOwnList(event.data)) return alarm(event, 'access-changed', stream, 'The access list of the whole database was changed. Check that nobody but the appliances may write to it.');
  return undefined;
};

const alarm = (event: StoredEvent, kind: LogAlarm['kind'], stream: string, sentence: string): LogAlarm => ({ id: event.id, kind, stream, at: event.createdMs, sentence });

const metadataAlarm = (event: StoredEvent, stream: string): LogAlarm => {
  const set = settingsIn(event.data);
  if (Number(set['$tb']) >= deletedRevision - 1) return alarm(event, 'deleted', stream, `The stream ${stream} was deleted in the database. What it held is still there until the database is scavenged, and stays in the copies of the appliances.`);
  const cutting = ['$tb', '$maxCount', '$maxAge'].filter((name) => set[name] !== undefined && set[name] !== null);
  if (cutting.length > 0) return alarm(event, 'truncated', stream, `The stream ${stream} was cut in the database (${cutting.join(', ')} was set). What is cut is still there until the database is scavenged, and stays in the copies of the appliances.`);
  return alarm(event, 'metadata-set', stream, `The settings of the stream ${stream} were changed in the database (${Object.keys(set).join(', ') || 'all cleared'}). No appliance does that.`);
};

const settingsIn = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
};

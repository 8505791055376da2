import type { Health } from '#src/contract/administration.ts';
import { count } from '../../elements/times.ts';
import { abbreviated } from '../archive/abbreviated.ts';
import { bytesOf } from '../../elements/file-size.ts';
import { countOf, oneDecimal } from '../archive/record-times.ts';

export type CardWords = { readonly value: string; readonly says: string; readonly wrong: boolean };

/** The one sentence on top. */
export const headlineOf = (health: Health): string =>
  health.fine ? 'Everything is in order' : health.log.stopped === null ? (health.says.length > 1 ? 'Some things need you' : 'Something needs you') : 'The appliance has stopped writing';

export const logWords = ({ log }: Health): CardWords => ({
  value: count(log.events),
  says: log.stopped !== null ? `events; stopped: ${log.stopped}` : log.flushMedianMs === null ? 'events, none flushed since the start' : `events, flushed in ${oneDecimal(log.flushMedianMs)} ms (median)`,
  wrong: log.stopped !== null,
});

export const viewsWords = ({ views }: Health): CardWords => {
  const stopped = views.filter((view) => view.stopped !== null);
  const behind = Math.max(0, ...views.map((view) => view.behind));
  return {
    value: `${count(views.length - stopped.length)} of ${count(views.length)}`,
    says: stopped.length > 0 ? `running; stopped: ${stopped.map((view) => view.view).join(', ')}` : behind === 0 ? 'running, none behind the log' : `running, furthest behind ${countOf(behind, 'event', 'events')}`,
    wrong: stopped.length > 0,
  };
};

/** What can be said without a verification: whether anything stands in the log that this appliance did not write, and the root to compare. */
export const recordWords = ({ record }: Health): CardWords => ({
  value: record.foreign === 0 ? 'All ours' : `${count(record.foreign)} foreign`,
  says: record.foreign === 0 ? `no foreign event, root ${abbreviated(record.root)}` : `${record.foreign === 1 ? 'event was' : 'events were'} not written by this appliance`,
  wrong: record.foreign > 0,
});

/** `reserveBytes` is kept for sign-in, inquiries and custody when posts are refused already. */
export const diskWords = ({ disk }: Health): CardWords & { readonly used: number; readonly reserve: number } => {
  const total = Math.max(1, disk.totalBytes);
  const used = Math.min(1, Math.max(0, 1 - disk.freeBytes / total));
  return { value: `${Math.round(used * 100)} %`, says: `used, free ${bytesOf(disk.freeBytes)}; ${bytesOf(disk.reserveBytes)} kept in reserve`, wrong: disk.freeBytes <= disk.reserveBytes, used, reserve: Math.min(1, disk.reserveBytes / total) };
};

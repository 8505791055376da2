import { clock, clockWithSeconds, count, dayOf, fullTime } from '../../elements/times.ts';

/** Absolute times in the reader's locale and time zone. Filters speak of UTC days, and say so. */
const utcDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' });
const utcMonth = new Intl.DateTimeFormat(undefined, { month: 'short', year: 'numeric', timeZone: 'UTC' });
const utcYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', timeZone: 'UTC' });
const oneDigit = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

/** Thu 19 Nov 2026, 16:44:07 */
export const fullTimeWithSeconds = (at: number): string => fullTime(at).replace(clock(at), clockWithSeconds(at));
export const isSameDay = (a: number, b: number): boolean => dayOf(a) === dayOf(b);
/** The time of day where the day is known already, else day and time. */
export const timeBeside = (at: number, known: number): string => (isSameDay(at, known) ? clock(at) : fullTime(at));
export const secondsBeside = (at: number, known: number): string => (isSameDay(at, known) ? clockWithSeconds(at) : fullTimeWithSeconds(at));

export const oneDecimal = (n: number): string => oneDigit.format(n);
/** "1 event", "44 events". */
export const countOf = (n: number, one: string, many: string): string => `${count(n)} ${n === 1 ? one : many}`;
/** "once", "twice", "3 times". */
export const timesOf = (n: number): string => (n === 1 ? 'once' : n === 2 ? 'twice' : `${count(n)} times`);

const dayMs = 86_400_000;
/** "6 seconds ago"; the present moment is "now". */
export const agoOf = (at: number, now: number): string => {
  const seconds = Math.min(0, Math.round((at - now) / 1_000));
  if (seconds > -60) return relative.format(seconds, 'second');
  if (seconds > -3_600) return relative.format(Math.round(seconds / 60), 'minute');
  return relative.format(Math.round(seconds / 3_600), 'hour');
};

/** "Today, 08:57", "Yesterday, 17:20", else day and time. */
export const recentOf = (at: number, now: number): string => {
  if (isSameDay(at, now)) return `Today, ${clock(at)}`;
  return isSameDay(at, now - dayMs) ? `Yesterday, ${clock(at)}` : fullTime(at);
};

/** A span of whole UTC days, `until` exclusive, in the fewest words: "2026", "Oct 2026", "1 Oct – 20 Nov 2026", "from …", "until …". */
export const spanOf = (from: number | undefined, until: number | undefined): string => {
  if (from === undefined) return until === undefined ? 'all days' : `until ${utcDay.format(until - 1)}`;
  if (until === undefined) return `from ${utcDay.format(from)}`;
  const start = new Date(from);
  const [year, month] = [start.getUTCFullYear(), start.getUTCMonth()];
  if (from === Date.UTC(year, 0, 1) && until === Date.UTC(year + 1, 0, 1)) return utcYear.format(from);
  if (from === Date.UTC(year, month, 1) && until === Date.UTC(year, month + 1, 1)) return utcMonth.format(from);
  return until - from <= dayMs ? utcDay.format(from) : utcDay.formatRange(from, until - 1);
};

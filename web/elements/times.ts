/** Times in the reader's locale and zone; formats are made once, because making one costs more than using it. */
const format = (options: Intl.DateTimeFormatOptions): ((at: number) => string) => {
  let made: Intl.DateTimeFormat | undefined;
  return (at) => (made ??= new Intl.DateTimeFormat(undefined, options)).format(at);
};
/** 14:31 */
export const clock = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
/** 14:31:07 */
export const clockWithSeconds = format({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const weekday = format({ weekday: 'short' });
const dayAndMonth = format({ day: 'numeric', month: 'short' });
const dayMonthYear = format({ day: 'numeric', month: 'short', year: 'numeric' });
const fullDay = format({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
/** 2 March 2026 */
export const longDay = format({ day: 'numeric', month: 'long', year: 'numeric' });

/** Thu 19 Nov 2026, 16:40 */
export const fullTime = (at: number): string => `${fullDay(at).replace(/,/g, '')}, ${clock(at)}`;

/** Midnight at which the reader's day of `at` began. */
export const dayOf = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

const dayMs = 86_400_000;
/** For lists: 14:31 today, Yesterday, Tue within a week, 19 Nov within the year, else with the year. */
export const shortTime = (at: number, now = Date.now()): string => {
  const days = Math.round((dayOf(now) - dayOf(at)) / dayMs);
  if (days <= 0) return clock(at);
  if (days === 1) return 'Yesterday';
  if (days < 7) return weekday(at);
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayAndMonth(at) : dayMonthYear(at);
};

/** 1,204,881 in the reader's way. */
export const count = (() => {
  const made = new Intl.NumberFormat();
  return (n: number): string => made.format(n);
})();

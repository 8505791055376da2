import type { ArchiveFilter, ArchivePage } from '#src/contract/archive.ts';

/** The facets one may tick any number of; dates are a span and work otherwise. */
export type TickedFacet = 'kinds' | 'states' | 'people' | 'conversations';
export type FacetValue = ArchivePage['facets']['kinds'][number];
/** Days and months are UTC here, as the record counts them. `value` is `YYYY-MM`. */
export type MonthBar = { readonly value: string; readonly from: number; readonly until: number; readonly count: number };

const dayMs = 86_400_000;
export const emptyFilter: ArchiveFilter = { kinds: [], states: [], people: [], conversations: [] };

export const kindNames: Readonly<Record<ArchiveFilter['kinds'][number], string>> = { message: 'Messages', file: 'Files', link: 'Previews of links', reaction: 'Reactions', membership: 'Membership', life: 'Life of the conversation', call: 'Calls' };
export const stateNames: Readonly<Record<ArchiveFilter['states'][number], string>> = { current: 'As it stands', earlier: 'Earlier versions', retracted: 'Retracted' };

/** Ticks what was not ticked and the other way round. Order of ticking is kept, because the chips show it. */
export const toggled = (filter: ArchiveFilter, facet: TickedFacet, value: string): ArchiveFilter => {
  const ticked: readonly string[] = filter[facet];
  const next = ticked.includes(value) ? ticked.filter((one) => one !== value) : [...ticked, value];
  return { ...filter, [facet]: next };
};

/** Both ends of the span, or neither, or one: an end that is undefined is absent. */
export const withSpan = (filter: ArchiveFilter, from: number | undefined, until: number | undefined): ArchiveFilter => {
  const { from: _from, until: _until, ...rest } = filter;
  return { ...rest, ...(from === undefined ? {} : { from }), ...(until === undefined ? {} : { until }) };
};

export const isUnfiltered = (filter: ArchiveFilter): boolean =>
  filter.kinds.length + filter.states.length + filter.people.length + filter.conversations.length === 0 && filter.from === undefined && filter.until === undefined;

/** `YYYY-MM-DD` of a native date field to the first instant of that UTC day, or undefined when the field is empty or half typed. */
export const dayFrom = (value: string): number | undefined => {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return undefined;
  const at = Date.parse(`${value}T00:00:00Z`);
  return Number.isNaN(at) || at < 0 ? undefined : at;
};
/** The last day a span holds, as a field shows it; the contract's `until` is exclusive. */
export const lastDayOf = (until: number | undefined): string => (until === undefined ? '' : new Date(until - 1).toISOString().slice(0, 10));
export const firstDayOf = (from: number | undefined): string => (from === undefined ? '' : new Date(from).toISOString().slice(0, 10));
export const dayAfter = (day: number | undefined): number | undefined => (day === undefined ? undefined : day + dayMs);

const monthStart = (year: number, month: number): number => Date.UTC(year, month, 1);

/** The months facet as bars in time order, with the empty months between. Long histories become years, so that a bar stays wide enough to press. */
export const barsOf = (months: readonly FacetValue[], barsMax = 36): MonthBar[] => {
  const counted = months.flatMap(({ value, count }) => {
    const found = /^(\d{4})-(\d{2})/.exec(value);
    return found === null ? [] : [{ year: Number(found[1]), month: Number(found[2]) - 1, count }];
  });
  if (counted.length === 0) return [];
  const indexes = counted.map(({ year, month }) => year * 12 + month);
  const first = Math.min(...indexes);
  const last = Math.max(...indexes);
  const step = last - first + 1 > barsMax ? 12 : 1;
  const bars: MonthBar[] = [];
  for (let index = first - (step === 12 ? first % 12 : 0); index <= last; index += step) {
    const count = counted.reduce((sum, one) => (one.year * 12 + one.month >= index && one.year * 12 + one.month < index + step ? sum + one.count : sum), 0);
    const year = Math.floor(index / 12);
    const month = index % 12;
    bars.push({ value: step === 12 ? String(year) : `${year}-${String(month + 1).padStart(2, '0')}`, from: monthStart(year, month), until: monthStart(year, month + step), count });
  }
  return bars;
};

/** One bar pressed: that month alone; pressed again: every month; `extend`: the span from what is chosen to here. */
export const spanPressed = (filter: ArchiveFilter, bar: MonthBar, extend: boolean): ArchiveFilter => {
  if (extend && filter.from !== undefined && filter.until !== undefined) return withSpan(filter, Math.min(filter.from, bar.from), Math.max(filter.until, bar.until));
  return filter.from === bar.from && filter.until === bar.until ? withSpan(filter, undefined, undefined) : withSpan(filter, bar.from, bar.until);
};

/** A facet's rows to show: what is ticked stays, even when nothing of it is left to count. */
export const rowsOf = (values: readonly FacetValue[], ticked: readonly string[], nameOf: (value: string) => string): FacetValue[] => [
  ...values,
  ...ticked.filter((value) => !values.some((one) => one.value === value)).map((value) => ({ value, name: nameOf(value), count: 0 })),
];

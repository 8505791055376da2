import { describe, expect, it } from 'vitest';
import { barsOf, dayAfter, dayFrom, emptyFilter, isUnfiltered, lastDayOf, rowsOf, spanPressed, toggled, withSpan } from '#web/screens/archive/filter-state.ts';

const month = (value: string, count: number) => ({ value, name: value, count });
const october = Date.UTC(2026, 9, 1);
const november = Date.UTC(2026, 10, 1);

describe('the filter of an archive search', () => {
  it('is ticked and unticked, in the order of ticking', () => {
    const filter = toggled(toggled(emptyFilter, 'people', 'b'), 'people', 'a');
    expect(filter.people).toEqual(['b', 'a']);
    expect(isUnfiltered(filter)).toBe(false);
    expect(isUnfiltered(toggled(toggled(filter, 'people', 'a'), 'people', 'b'))).toBe(true);
  });
  it('speaks of whole days, the last one included', () => {
    const filter = withSpan(emptyFilter, dayFrom('2026-10-01'), dayAfter(dayFrom('2026-10-31')));
    expect(filter).toMatchObject({ from: october, until: november });
    expect(lastDayOf(filter.until)).toBe('2026-10-31');
    expect(dayFrom('')).toBeUndefined();
    expect(dayFrom('2026-99-99')).toBeUndefined();
  });
  it('leaves out an end that was not given', () => {
    expect(Object.keys(withSpan({ ...emptyFilter, from: 1, until: 2 }, undefined, 5))).not.toContain('from');
  });
  it('shows the empty months between, in time order', () => {
    expect(barsOf([month('2026-11', 3), month('2026-08', 2)]).map(({ value, count }) => [value, count])).toEqual([['2026-08', 2], ['2026-09', 0], ['2026-10', 0], ['2026-11', 3]]);
    expect(barsOf([])).toEqual([]);
  });
  it('counts by years where the months are too many to press', () => {
    const bars = barsOf([month('2004-07', 1), month('2004-12', 4), month('2010-01', 2)]);
    expect(bars.map(({ value, count }) => [value, count])).toEqual([['2004', 5], ['2005', 0], ['2006', 0], ['2007', 0], ['2008', 0], ['2009', 0], ['2010', 2]]);
    expect(bars[0]).toMatchObject({ from: Date.UTC(2004, 0, 1), until: Date.UTC(2005, 0, 1) });
  });
  it('takes the month that is pressed, lets it go when pressed again, and spans to one pressed with Shift', () => {
    const [first, , last] = barsOf([month('2026-09', 1), month('2026-11', 1)]);
    if (!first || !last) throw new Error('two bars expected');
    const one = spanPressed(emptyFilter, first, false);
    expect(one).toMatchObject({ from: first.from, until: first.until });
    expect(spanPressed(one, last, true)).toMatchObject({ from: first.from, until: last.until });
    expect(isUnfiltered(spanPressed(one, first, false))).toBe(true);
  });
  it('keeps what is ticked on screen when nothing of it is left', () => {
    expect(rowsOf([month('a', 2)], ['a', 'z'], () => 'Zoe')).toEqual([month('a', 2), { value: 'z', name: 'Zoe', count: 0 }]);
  });
});

import { describe, expect, it } from 'vitest';
import { bytesOf } from '#web/elements/file-size.ts';
import { agoOf, countOf, recentOf, spanOf, timeBeside, timesOf } from '#web/screens/archive/record-times.ts';

const noon = new Date(2026, 10, 19, 12, 0, 0).getTime();

describe('times and counts on the officer\'s screens', () => {
  it('name a span in the fewest words', () => {
    expect(spanOf(Date.UTC(2026, 0, 1), Date.UTC(2027, 0, 1))).toBe('2026');
    expect(spanOf(Date.UTC(2026, 9, 1), Date.UTC(2026, 10, 1))).toMatch(/Oct.*2026/);
    expect(spanOf(Date.UTC(2026, 9, 1), undefined)).toMatch(/^from .*2026/);
    expect(spanOf(undefined, Date.UTC(2026, 10, 1))).toMatch(/^until .*31/);
    expect(spanOf(undefined, undefined)).toBe('all days');
  });
  it('are relative only for moments just past, and never in the future', () => {
    expect(agoOf(noon - 6_000, noon)).toBe('6 seconds ago');
    expect(agoOf(noon + 5_000, noon)).toBe('now');
    expect(agoOf(noon - 7_200_000, noon)).toBe('2 hours ago');
  });
  it('leave the day out where it is known', () => {
    expect(timeBeside(noon + 60_000, noon)).not.toMatch(/2026/);
    expect(timeBeside(noon + 86_400_000, noon)).toMatch(/2026/);
    expect(recentOf(noon - 3_600_000, noon)).toMatch(/^Today, /);
    expect(recentOf(noon - 86_400_000, noon)).toMatch(/^Yesterday, /);
    expect(recentOf(noon - 5 * 86_400_000, noon)).toMatch(/2026/);
  });
  it('count as people do', () => {
    expect([countOf(1, 'event', 'events'), countOf(1_204, 'event', 'events')]).toEqual(['1 event', `${(1_204).toLocaleString()} events`]);
    expect([1, 2, 3].map(timesOf)).toEqual(['once', 'twice', '3 times']);
    expect([0, 999, 184e9].map(bytesOf)).toEqual(['0 bytes', '999 bytes', '184 GB']);
  });
});

import { describe, expect, it } from 'vitest';
import { fileFilter } from '#src/contract/files.ts';
import { bytesIn, filtersIn, hashIn, megabytesOf, noFileFilter, withEnd } from '#web/screens/archive/file-filter-state.ts';

describe('what narrows a search for files', () => {
  it('is put and taken away without a trace', () => {
    const narrowed = withEnd(withEnd(noFileFilter, 'sizeFrom', 5), 'until', 9);
    expect(narrowed).toEqual({ ...noFileFilter, sizeFrom: 5, until: 9 });
    expect(withEnd(withEnd(narrowed, 'sizeFrom', undefined), 'until', undefined)).toEqual(noFileFilter);
    expect(fileFilter.safeParse(narrowed).success).toBe(true);
  });
  it('is counted as people see it: a span is one', () => {
    expect(filtersIn(noFileFilter)).toBe(0);
    expect(filtersIn({ ...noFileFilter, sizeFrom: 0, sizeTo: 9, types: ['image/'], until: 4 })).toBe(3);
    expect(filtersIn({ ...noFileFilter, unread: true })).toBe(1);
  });
  it('takes sizes in megabytes, with a point or a comma', () => {
    expect(['1.5', ' 1,5 ', '0', '', ' ', 'two', '-1'].map(bytesIn)).toEqual([1_500_000, 1_500_000, 0, undefined, undefined, undefined, undefined]);
    expect([megabytesOf(1_500_000), megabytesOf(undefined)]).toEqual(['1.5', '']);
  });
  it('takes a hash as it was pasted, and no other text', () => {
    const hash = 'ab01'.repeat(16);
    expect(hashIn(` ${hash.toUpperCase().replace(/(.{8})/g, '$1 ')}`)).toBe(hash);
    expect([hashIn(''), hashIn('ab01'), hashIn('x'.repeat(64))]).toEqual([undefined, null, null]);
  });
});

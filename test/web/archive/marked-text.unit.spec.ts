import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excerptOf, partsOf } from '#web/screens/archive/marked-text.ts';

describe('the text of a hit', () => {
  it('is marked where the words stand', () => {
    expect(partsOf('old concentrator in hall C.', [[20, 26], [4, 16]])).toEqual([
      { text: 'old ', marked: false }, { text: 'concentrator', marked: true }, { text: ' in ', marked: false }, { text: 'hall C', marked: true }, { text: '.', marked: false },
    ]);
  });
  it('stays whole, whatever marks come with it', () => {
    const mark = fc.tuple(fc.integer({ min: -5, max: 40 }), fc.integer({ min: -5, max: 60 }));
    fc.assert(fc.property(fc.string({ maxLength: 40 }), fc.array(mark, { maxLength: 6 }), (text, marks) => {
      expect(partsOf(text, marks).map((part) => part.text).join('')).toBe(text);
    }));
  });
  it('is shortened around the first mark, and the marks move along', () => {
    const text = `${'before '.repeat(100)}concentrator ${'after '.repeat(100)}`;
    const { text: shown, marks } = excerptOf(text, [[700, 712]], 200);
    expect(shown.length).toBeLessThan(220);
    expect(shown.startsWith('… ')).toBe(true);
    expect(marks.map(([from, to]) => shown.slice(from, to))).toEqual(['concentrator']);
  });
  it('is left alone when it is short', () => {
    expect(excerptOf('short', [[0, 5]])).toEqual({ text: 'short', marks: [[0, 5]] });
  });
});

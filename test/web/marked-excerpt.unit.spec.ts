import { describe, expect, it } from 'vitest';
import { excerpt } from '#web/screens/search/marked.ts';

describe('the excerpt of a hit', () => {
  it('shows a short text whole, its marks where they are', () => {
    expect(excerpt('the concentrator in hall C', [[4, 16]])).toEqual({ text: 'the concentrator in hall C', marks: [[4, 16]] });
  });
  it('begins a long text a little before its first hit, and moves the marks along', () => {
    const text = `${'word '.repeat(200)}concentrator ${'tail '.repeat(200)}`;
    const at = text.indexOf('concentrator');
    const shown = excerpt(text, [[at, at + 12]]);
    expect(shown.marks.map(([from, to]) => shown.text.slice(from, to))).toEqual(['concentrator']);
    expect(shown.text.length).toBeLessThan(450);
  });
  it('never cuts a character in half', () => {
    const shown = excerpt('𝒳'.repeat(400), []);
    expect(shown.text.isWellFormed()).toBe(true);
  });
});

import { describe, expect, it } from 'vitest';
import { faultOf, faultOfRefusal, plainQuotes, queryGrammar, withTerm } from '#web/screens/archive/query-grammar.ts';

const pointedAt = (query: string): string | undefined => {
  const fault = faultOf(query);
  return fault && query.slice(fault.from, fault.to);
};

describe('the query an officer writes', () => {
  it('is readable in every form that the help offers', () => {
    for (const { example } of queryGrammar) expect(faultOf(example), example).toBeUndefined();
    expect(faultOf('concentrator "hall C" OR delivery* -from:mara before:2026-11-01')).toBeUndefined();
    expect(faultOf('from:"Mara Okonjo" AT&T 10.0.0.1 https://example.org:8080/a')).toBeUndefined();
    expect(faultOf('')).toBeUndefined();
  });
  it('is told which quotation mark is never closed', () => {
    expect(faultOf('the "hall C')).toMatchObject({ from: 4, to: 11 });
    expect(faultOf('from:"Mara')).toMatchObject({ from: 5, to: 10 });
    expect(faultOf('a "b" c"')).toMatchObject({ from: 7, to: 8 });
  });
  it('is told which OR has nothing beside it', () => {
    expect(pointedAt('OR delivery')).toBe('OR');
    expect(faultOf('delivery OR')).toMatchObject({ from: 9 });
    expect(faultOf('a OR OR b')).toMatchObject({ from: 5 });
    expect(faultOf('either or both')).toBeUndefined();
  });
  it('is told which day does not exist, and which field is empty', () => {
    expect(pointedAt('after:2026-13-01')).toBe('2026-13-01');
    expect(pointedAt('meter before:2026-02-30')).toBe('2026-02-30');
    expect(pointedAt('before:yesterday')).toBe('yesterday');
    expect(pointedAt('x from: mara')).toBe('from:');
    expect(pointedAt('in:""')).toBe('in:""');
  });
  it('means plain quotation marks where a letter had typographic ones', () => {
    expect(plainQuotes('“hall C” OR „x“')).toBe('"hall C" OR "x"');
    expect(faultOf('“hall C')).toMatchObject({ from: 0 });
  });
  it('is pointed at where the appliance names the character', () => {
    expect(faultOfRefusal('abc )', 'There is a bracket too many at character 5.')).toMatchObject({ from: 4, to: 5 });
    expect(faultOfRefusal('(a', 'This parenthesis is never closed. At character 1.')).toEqual({ from: 0, to: 1, says: 'This parenthesis is never closed.' });
    expect(faultOfRefusal('abc', 'This cannot be read.')).toMatchObject({ from: 0, to: 3 });
  });
  it('grows by one term at a time', () => {
    expect(withTerm('  ', 'from:mara')).toBe('from:mara');
    expect(withTerm('meter ', 'from:mara')).toBe('meter from:mara');
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { featureRows, type FeatureRow } from './feature-rows.ts';

/** docs/features.md may not lie: what it says works has a test, the test is there, and it has that title. */

const root = new URL('../../', import.meta.url);
const rows = featureRows(readFileSync(new URL('docs/features.md', root), 'utf8'));
const upTo = (letter: string, last: number): string[] => Array.from({ length: last }, (_, index) => `${letter}${index + 1}`);
const codes = [...upTo('Z', 60), ...upTo('S', 19), ...upTo('K', 9), ...upTo('M', 32), ...upTo('E', 10), ...upTo('F', 68), ...upTo('N', 14)];

const texts = new Map<string, string>();
const textOf = (file: string): string => {
  if (!texts.has(file)) texts.set(file, readFileSync(new URL(file, root), 'utf8'));
  return texts.get(file)!;
};
/** Titles are compared as they are written in the source, with their quotes escaped or not. */
const hasTitle = (file: string, title: string): boolean => [title, title.replaceAll("'", "\\'")].some((written) => textOf(file).includes(written));

const complaintsOf = ({ code, state, says, tests }: FeatureRow): readonly string[] => {
  if (state === 'not yet') return tests.length > 0 ? [`${code} is not there yet and names a test`] : [];
  const complaints = tests.flatMap(({ file, title }) => {
    if (!existsSync(new URL(file, root))) return [`${code} names ${file}, which is not there`];
    return hasTitle(file, title) ? [] : [`${code} names "${title}", which ${file} does not have`];
  });
  if (tests.length === 0) complaints.push(`${code} says ${state} and names no test`);
  if (state === 'partly' && !says.includes('Missing: ')) complaints.push(`${code} works partly and does not say what is missing`);
  return complaints;
};

describe('the feature page', () => {
  it('has every code once', () => {
    expect(rows.map(({ code }) => code).toSorted()).toEqual(codes.toSorted());
  });
  it('knows three states', () => {
    expect(rows.filter(({ state }) => !['works', 'partly', 'not yet'].includes(state))).toEqual([]);
  });
  it('names a test that is there for whatever works', () => {
    expect(rows.flatMap(complaintsOf)).toEqual([]);
  });
  it('is caught when it claims without a test, with one that is gone, or under a title that no test has', () => {
    const file = 'test/docs/features.spec.ts';
    const claims = featureRows(['| F1 | works | | |', '| F2 | works | | `test/gone.spec.ts` "x" |', `| F3 | works | | \`${file}\` "${'no such '}title" |`, `| F4 | partly | | \`${file}\` "has every code once" |`].join('\n'));
    expect(claims.map((row) => complaintsOf(row).length)).toEqual([1, 1, 1, 1]);
  });
});

import { marksOf } from '#projections/search/match.ts';
import type { Condition } from '#projections/search/query.ts';

export type Excerpt = { readonly text: string; readonly marks: [number, number][] };

/** Looked through at a time: most findings stand early, and a whole book need not be split into words for them. */
const blockChars = 16_384;
/** Blocks overlap by more than a phrase is long. */
const overlapChars = 1_024;
const excerptChars = 280;
const leadChars = 80;

const blankAfter = (text: string, at: number, most: number): number => {
  for (let i = at; i < Math.min(text.length, at + most); i += 1) if (/\s/.test(text[i]!)) return i + 1;
  return at;
};

/** Some characters around the first place where what was looked for stands; null where it stands nowhere, as when only something was left out. */
export const excerptOf = (text: string, condition: Condition | null): Excerpt | null => {
  if (!condition) return null;
  for (let from = 0; from < text.length; ) {
    const end = Math.min(text.length, from + blockChars);
    // Not cut within a word, where there are words.
    const to = end === text.length ? end : Math.max(text.lastIndexOf(' ', end), text.lastIndexOf('\n', end), from + blockChars / 2);
    const marks = marksOf(text.slice(from, to), condition);
    if (marks.length > 0) return around(text, marks.map(([start, stop]) => [start + from, stop + from]));
    if (to === text.length) return null;
    from = blankAfter(text, to - overlapChars, overlapChars);
  }
  return null;
};

const around = (text: string, marks: readonly (readonly [number, number])[]): Excerpt => {
  const first = marks[0]!;
  const wanted = Math.max(0, first[0] - leadChars);
  const from = wanted === 0 ? 0 : Math.min(blankAfter(text, wanted, leadChars), first[0]);
  const to = Math.max(first[1], Math.min(text.length, from + excerptChars));
  const before = from > 0 ? '… ' : '';
  const shift = before.length - from;
  return {
    text: `${before}${text.slice(from, to).replaceAll(/\s/g, ' ').toWellFormed()}${to < text.length ? ' …' : ''}`,
    marks: marks.filter(([, stop]) => stop <= to).map(([start, stop]) => [start + shift, stop + shift]),
  };
};

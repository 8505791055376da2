/** Something that can be found by name. `weight` lifts it among equals: recent, unread, one's own. */
export type Findable = { readonly name: string; readonly also?: string };
export type Prepared<T extends Findable> = { readonly item: T; readonly folded: string; readonly also: string };
export type Match<T extends Findable> = { readonly item: T; readonly score: number; readonly marks: readonly number[] };

/** Lower case without accents, one character for one where that is possible, so that marks fall on the right letters. */
export const fold = (text: string): string => {
  const lower = text.toLowerCase();
  if (!/[^ -~]/.test(lower)) return lower;
  let folded = '';
  for (const character of lower) {
    const bare = character.normalize('NFD').replace(/\p{M}/gu, '');
    folded += bare.length === character.length ? bare : character;
  }
  return folded;
};

/** Done once for a list; asking is then a walk over short strings. */
export const prepare = <T extends Findable>(items: readonly T[]): Prepared<T>[] => items.map((item) => ({ item, folded: fold(item.name), also: fold(item.also ?? '') }));

const betweenWords = new Set(' \u00a0\t._-/#@(,');
const isBoundary = (text: string, at: number): boolean => at === 0 || betweenWords.has(text[at - 1]!);

/** Letters in order with gaps; each at the start of a word if it can be. Undefined: they are not all there. */
const scattered = (folded: string, typed: string): { readonly score: number; readonly marks: number[] } | undefined => {
  const marks: number[] = [];
  let from = 0;
  let starts = 0;
  for (const letter of typed) {
    if (letter === ' ') continue;
    const next = folded.indexOf(letter, from);
    if (next < 0) return undefined;
    let at = next;
    if (!isBoundary(folded, at) && at !== from) for (let later = folded.indexOf(letter, at + 1); later >= 0; later = folded.indexOf(letter, later + 1)) if (isBoundary(folded, later)) { at = later; break; }
    if (isBoundary(folded, at)) starts++;
    marks.push(at);
    from = at + 1;
  }
  if (marks.length === 0) return undefined;
  const spread = marks.at(-1)! - marks[0]! + 1 - marks.length;
  return { score: 100 + 60 * (starts / marks.length) - Math.min(60, spread * 3) - Math.min(20, folded.length / 4), marks };
};

const run = (from: number, length: number): number[] => Array.from({ length }, (_, n) => from + n);

/** How well a name answers what was typed (both folded): its start, a word's start, inside, each word somewhere, letters in order; 0 not at all. */
const scoreOf = (folded: string, typed: string): { readonly score: number; readonly marks: number[] } | undefined => {
  const at = folded.indexOf(typed);
  if (at === 0) return { score: 400 - Math.min(50, folded.length - typed.length), marks: run(0, typed.length) };
  if (at > 0) {
    let word = at;
    while (word >= 0 && !isBoundary(folded, word)) word = folded.indexOf(typed, word + 1);
    return word >= 0 ? { score: 330 - Math.min(50, folded.length / 2), marks: run(word, typed.length) } : { score: 240 - Math.min(50, folded.length / 2), marks: run(at, typed.length) };
  }
  return scattered(folded, typed);
};

/**
 * The best `most` of a prepared list for what was typed, best first; equals keep the order of the list. `liftOf` is added to each match (recency, unread).
 * Nothing typed: everything matches alike.
 */
export const findBest = <T extends Findable>(prepared: readonly Prepared<T>[], typed: string, most: number, liftOf: (item: T) => number = () => 0): Match<T>[] => {
  const wanted = fold(typed.trim());
  const found: Match<T>[] = [];
  let least = -Infinity;
  for (const { item, folded, also } of prepared) {
    const match = wanted === '' ? { score: 1, marks: [] } : (scoreOf(folded, wanted) ?? (also.includes(wanted) ? { score: 180, marks: [] } : undefined));
    if (!match) continue;
    const score = match.score + liftOf(item);
    if (found.length >= most && score <= least) continue;
    let place = found.length;
    while (place > 0 && found[place - 1]!.score < score) place--;
    found.splice(place, 0, { item, score, marks: match.marks });
    if (found.length > most) found.pop();
    least = found.at(-1)!.score;
  }
  return found;
};

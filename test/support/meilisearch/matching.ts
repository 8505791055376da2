/** Words, prefixes and slips of the keys, roughly as Meilisearch takes them: enough for a test to tell a guess from an exact search, no more. */
type Word = { readonly word: string; readonly from: number; readonly to: number };
const fold = (text: string): string => text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
export const wordsOf = (text: string): readonly Word[] => [...text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map(({ 0: word, index }) => ({ word: fold(word), from: index, to: index + word.length }));

const distance = (one: string, other: string): number => {
  let row = Array.from({ length: other.length + 1 }, (_, n) => n);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)));
    row = next;
  }
  return row.at(-1)!;
};

/** Slips with which a word is taken for another; undefined where it is not. Numbers are never guessed. */
const slips = (asked: string, word: string, mayGoOn: boolean): number | undefined => {
  if (word === asked || (mayGoOn && word.startsWith(asked))) return 0;
  const allowed = /\d/.test(asked) || asked.length < 5 ? 0 : asked.length < 9 ? 1 : 2;
  const beginnings = mayGoOn ? [-1, 0, 1].map((more) => word.slice(0, asked.length + more)) : [];
  const away = Math.min(...[word, ...beginnings].map((compared) => distance(asked, compared)));
  return away <= allowed ? away : undefined;
};

export type Matched = { readonly slips: number; /** [from, to) of each attribute's findings */ readonly places: Readonly<Record<string, readonly Word[]>> };

/** Whether all words asked for are in these attributes; with `least` 1 the first word is enough. */
export const matched = (asked: string, texts: Readonly<Record<string, string>>, least: number): Matched | undefined => {
  const wanted = wordsOf(asked).slice(0, 10);
  const places: Record<string, Word[]> = {};
  let total = 0;
  let found = 0;
  for (const [n, { word }] of wanted.entries()) {
    let best: number | undefined;
    for (const [attribute, text] of Object.entries(texts)) {
      for (const one of wordsOf(text)) {
        const away = slips(word, one.word, n === wanted.length - 1);
        if (away === undefined) continue;
        best = Math.min(best ?? away, away);
        (places[attribute] ??= []).push(one);
      }
    }
    if (best === undefined) break;
    total += best;
    found += 1;
  }
  return found >= Math.min(least, wanted.length) ? { slips: total, places } : undefined;
};

export const highlighted = (text: string, places: readonly Word[], before: string, after: string): string => {
  let shown = '';
  let at = 0;
  for (const { from, to } of [...places].sort((one, other) => one.from - other.from)) {
    if (from < at) continue;
    shown += `${text.slice(at, from)}${before}${text.slice(from, to)}${after}`;
    at = to;
  }
  return shown + text.slice(at);
};

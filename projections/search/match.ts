import type { Condition, Phrase } from './query.ts';
import { tokensOf } from './tokens.ts';

/**
 * An FTS5 expression, with what must not match apart where nothing else is asked. `within` must stand before each: it keeps them to the
 * texts, and is empty where nothing asked for can be a scope token, because FTS5 then counts 7 % faster (measured).
 */
export type Match = { readonly find: string | null; readonly except: string | null; readonly within: string };

const isScopeLike = /^[cp]\d+$/;
const mayBecomeScopeLike = /^[cp]\d*$/;
// Whatever FTS5 holds for letters, these are: one of them keeps a whole phrase out of the scope.
const isAsciiWord = /^[a-z0-9]+$/;

/** Whether a phrase might be found among the scope tokens of full-text.ts. */
const mayBeScope = ({ terms, prefix }: Phrase): boolean =>
  !terms.some((term, i) => isAsciiWord.test(term) && !(prefix && i === terms.length - 1 ? mayBecomeScopeLike : isScopeLike).test(term));

/** Everything in quotes; terms hold letters, digits, marks and symbols only, and are quoted all the same. */
const phraseText = ({ terms, prefix }: Phrase): string => `"${terms.map((term) => term.replaceAll('"', '""')).join(' ')}"${prefix ? ' *' : ''}`;

const expression = (condition: Condition): string => {
  switch (condition.is) {
    case 'phrase':
      return phraseText(condition);
    case 'near':
      return condition.phrases.length === 1 ? phraseText(condition.phrases[0]!) : `NEAR(${condition.phrases.map(phraseText).join(' ')}, ${condition.distance})`;
    case 'or':
      return `(${condition.of.map(expression).join(' OR ')})`;
    case 'and': {
      const { find, except } = matchOf(condition);
      return except === null ? find! : `(${find!} NOT ${except})`;
    }
    case 'not':
      throw new Error('A negation stands for nothing by itself.');
  }
};

export const matchOf = (condition: Condition | null): Match => {
  if (!condition) return { find: null, except: null, within: '' };
  const parts = condition.is === 'and' ? condition.of : [condition];
  const positive = parts.filter((part) => part.is !== 'not').map(expression);
  const negative = parts.flatMap((part) => (part.is === 'not' ? [expression(part.of)] : []));
  return { find: positive.length === 0 ? null : `(${positive.join(' AND ')})`, except: negative.length === 0 ? null : `(${negative.join(' OR ')})`, within: everyPhraseOf(condition).some(mayBeScope) ? 'tokens : ' : '' };
};

const everyPhraseOf = (condition: Condition): readonly Phrase[] => {
  switch (condition.is) {
    case 'phrase':
      return [condition];
    case 'near':
      return condition.phrases;
    case 'and':
    case 'or':
      return condition.of.flatMap(everyPhraseOf);
    case 'not':
      return everyPhraseOf(condition.of);
  }
};

/** Phrases that a text is found by. */
const phrasesOf = (condition: Condition | null): readonly Phrase[] => {
  switch (condition?.is) {
    case 'phrase':
      return [condition];
    case 'near':
      return condition.phrases;
    case 'and':
    case 'or':
      return condition.of.flatMap(phrasesOf);
    default:
      return [];
  }
};

/** Where in the text its findings stand: ascending [from, to) in UTF-16 units, not overlapping. */
export const marksOf = (text: string, condition: Condition | null): [number, number][] => {
  const phrases = phrasesOf(condition);
  if (phrases.length === 0) return [];
  const tokens = tokensOf(text);
  const found: [number, number][] = [];
  for (const { terms, prefix } of phrases) {
    for (let start = 0; start + terms.length <= tokens.length; start += 1) {
      const isHere = terms.every((term, i) => {
        const token = tokens[start + i]!.term;
        return prefix && i === terms.length - 1 ? token.startsWith(term) : token === term;
      });
      if (isHere) found.push([tokens[start]!.from, tokens[start + terms.length - 1]!.to]);
    }
  }
  found.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const marks: [number, number][] = [];
  for (const [from, to] of found) {
    const last = marks.at(-1);
    if (last && from < last[1]) last[1] = Math.max(last[1], to);
    else marks.push([from, to]);
  }
  return marks;
};

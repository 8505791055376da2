import { limits } from '#src/contract/limits.ts';

/** Where a query cannot be read: [from, to) in UTF-16 units, so that the screen can point at it. */
export type QueryFault = { readonly from: number; readonly to: number; readonly says: string };
type Token = { readonly is: 'phrase' | 'or' | 'field' | 'word'; readonly from: number; readonly to: number; readonly text: string };

/** What can be written, with an example each; the help shows it and inserts the example. */
export const queryGrammar = [
  { example: 'concentrator delivery', says: 'both words, anywhere in the text' },
  { example: '"hall C"', says: 'this phrase, word for word' },
  { example: 'deliver*', says: 'words that begin so' },
  { example: 'concentrator OR meter', says: 'either' },
  { example: '(meter OR concentrator) lyon', says: 'brackets group' },
  { example: 'NEAR(concentrator "hall C", 5)', says: 'at most five words apart' },
  { example: '-firmware', says: 'without this word' },
  { example: 'from:mara', says: 'said by this person; quote a name of several words' },
  { example: 'in:"Field trials"', says: 'in this conversation' },
  { example: 'after:2026-10-01', says: 'from this day on, UTC' },
  { example: 'before:2026-11-01', says: 'up to the day before, UTC' },
] as const;

/** Typographic quotes come with text pasted from a letter and mean the plain ones. Lengths stay, so marks and faults still fit. */
export const plainQuotes = (query: string): string => query.replace(/[“”„‟«»]/g, '"');

/** Tokens in order; a phrase that never ends is a fault instead. */
const tokensOf = (query: string): Token[] | QueryFault => {
  const tokens: Token[] = [];
  const word = /-?(?:([a-z]+):)?(?:"[^"]*"|[^\s"]+)|-?([a-z]+):(?=\s|$)|-?(?:[a-z]+:)?"/gy;
  for (let at = 0; at < query.length; ) {
    if (/\s/.test(query[at] ?? '')) {
      at += 1;
      continue;
    }
    word.lastIndex = at;
    const text = word.exec(query)?.[0] ?? query.slice(at, at + 1);
    const to = at + text.length;
    if ((text.match(/"/g)?.length ?? 0) % 2 === 1) return { from: to - 1, to: query.length, says: 'This quotation mark is never closed.' };
    const is = text === 'OR' ? 'or' : /^-?(from|in|before|after):/.test(text) ? 'field' : text.includes('"') ? 'phrase' : 'word';
    tokens.push({ is, from: at, to, text });
    at = to;
  }
  return tokens;
};

const isDay = (value: string): boolean => {
  const at = Date.parse(`${value}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(value);
};

const faultOfField = ({ from, to, text }: Token): QueryFault | undefined => {
  const colon = text.indexOf(':');
  const name = text.slice(text.startsWith('-') ? 1 : 0, colon);
  const value = text.slice(colon + 1).replaceAll('"', '');
  if (value.trim() === '') return { from, to, says: `${name}: needs ${name === 'from' ? 'a name' : name === 'in' ? 'a conversation' : 'a day, as 2026-11-01'} right after the colon.` };
  if ((name === 'before' || name === 'after') && !isDay(value)) return { from: from + colon + 1, to, says: 'A day is written as year-month-day, for example 2026-11-01.' };
  return undefined;
};

const faultOfOr = (tokens: readonly Token[], n: number): QueryFault | undefined => {
  const token = tokens[n];
  if (token?.is !== 'or') return undefined;
  const { from, to } = token;
  if (n === 0 || tokens[n - 1]?.is === 'or') return { from, to, says: 'OR stands between two words; there is none before it.' };
  return n === tokens.length - 1 ? { from, to, says: 'OR stands between two words; there is none after it.' } : undefined;
};

/** The first place where a query has no meaning, before it is asked. The appliance reads it again and has the last word. */
export const faultOf = (query: string): QueryFault | undefined => {
  if (query.length > limits.queryMax) return { from: limits.queryMax, to: query.length, says: `A query has at most ${limits.queryMax} characters.` };
  const tokens = tokensOf(plainQuotes(query));
  if (!Array.isArray(tokens)) return tokens;
  for (const [n, token] of tokens.entries()) {
    const fault = token.is === 'field' ? faultOfField(token) : faultOfOr(tokens, n);
    if (fault) return fault;
  }
  return undefined;
};

/** The appliance's own refusal, with the place if its sentence names one ("At character 12."), which the screen says in its own way. */
export const faultOfRefusal = (query: string, sentence: string): QueryFault => {
  const named = /character (\d+)/i.exec(sentence);
  const from = named ? Math.min(Math.max(Number(named[1]) - 1, 0), Math.max(query.length - 1, 0)) : 0;
  return { from, to: named ? Math.min(from + 1, query.length) : query.length, says: sentence.replace(/\s*At character \d+\.$/i, '') };
};

/** Adds a term at the end, with one space before it. */
export const withTerm = (query: string, term: string): string => (query.trim() === '' ? term : `${query.trimEnd()} ${term}`);

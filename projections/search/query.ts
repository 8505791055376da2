import { tokensOf } from './tokens.ts';

/** Consecutive terms; with `prefix` the last one may go on. */
export type Phrase = { readonly is: 'phrase'; readonly terms: readonly string[]; readonly prefix: boolean };
export type Condition =
  | Phrase
  | { readonly is: 'near'; readonly phrases: readonly Phrase[]; readonly distance: number }
  | { readonly is: 'and' | 'or'; readonly of: readonly Condition[] }
  | { readonly is: 'not'; readonly of: Condition; readonly at: number };

/** `from`, `in`: any of these names, as written. `before`, `after`: ms UTC; `after` includes its day's beginning, `before` does not. */
export type Query = { readonly where: Condition | null; readonly from: readonly string[]; readonly in: readonly string[]; readonly before: number | null; readonly after: number | null };

/** `at`: UTF-16 units into the text, where reading stopped. */
export type Unreadable = { readonly unreadable: true; readonly at: number; readonly says: string };
export const isUnreadable = (value: object): value is Unreadable => 'unreadable' in value;

class NotReadable extends Error {
  readonly at: number;
  constructor(at: number, says: string) {
    super(says);
    this.at = at;
  }
}

type Lexeme =
  | { readonly is: 'text'; readonly text: string; readonly prefix: boolean; readonly at: number }
  | { readonly is: 'field'; readonly field: Field; readonly value: string; readonly at: number }
  | { readonly is: 'open' | 'close' | 'minus' | 'or' | 'and' | 'not' | 'near' | 'comma' | 'end'; readonly at: number };
const fields = ['from', 'in', 'before', 'after'] as const;
type Field = (typeof fields)[number];

const depthMax = 16;
const termsMax = 64;

/**
 * Reads what a person typed: words, "a phrase", prefix*, OR, -not (or NOT), from:name, in:title, before:2026-11-01, after:2026-10-01;
 * with `grouping` (the officer's language) also parentheses and NEAR(one two, 5). Words side by side must all be there; OR binds
 * weakest. Nothing of the text reaches FTS5 but terms. Never throws.
 */
export const readQuery = (text: string, options: { readonly grouping: boolean } = { grouping: false }): Query | Unreadable => {
  try {
    return new Reader(lex(text, options.grouping)).query();
  } catch (cause) {
    if (cause instanceof NotReadable) return { unreadable: true, at: cause.at, says: cause.message };
    throw cause;
  }
};

const lex = (text: string, grouping: boolean): Lexeme[] => {
  const lexemes: Lexeme[] = [];
  let at = 0;
  const quoted = (): string => {
    const end = text.indexOf('"', at + 1);
    if (end < 0) throw new NotReadable(at, 'This quotation mark is never closed.');
    const inside = text.slice(at + 1, end);
    at = end + 1;
    return inside;
  };
  const star = (): boolean => {
    if (text[at] !== '*') return false;
    at += 1;
    return true;
  };
  const bare = (): string => {
    const start = at;
    while (at < text.length && !/[\s"*]/.test(text[at]!) && !(grouping && /[(),]/.test(text[at]!))) at += 1;
    return text.slice(start, at);
  };
  while (at < text.length) {
    const start = at;
    const character = text[at]!;
    if (/[\s*]/.test(character)) at += 1;
    else if (character === '"') {
      const inside = quoted();
      lexemes.push({ is: 'text', text: inside, prefix: star(), at: start });
    } else if (grouping && /[(),]/.test(character)) {
      at += 1;
      lexemes.push({ is: character === '(' ? 'open' : character === ')' ? 'close' : 'comma', at: start });
    } else if (character === '-' && /[^\s-]/.test(text[at + 1] ?? ' ')) {
      at += 1;
      lexemes.push({ is: 'minus', at: start });
    } else lexemes.push(wordLexeme(bare(), start, { quoted, star, isQuote: () => text[at] === '"', isGroup: () => grouping && text[at] === '(' }));
  }
  lexemes.push({ is: 'end', at: text.length });
  return lexemes;
};

type Rest = { readonly quoted: () => string; readonly star: () => boolean; readonly isQuote: () => boolean; readonly isGroup: () => boolean };

const wordLexeme = (written: string, at: number, rest: Rest): Lexeme => {
  if (written === 'OR') return { is: 'or', at };
  if (written === 'AND') return { is: 'and', at };
  if (written === 'NOT') return { is: 'not', at };
  if (written === 'NEAR' && rest.isGroup()) return { is: 'near', at };
  const colon = written.indexOf(':');
  const field = fields.find((one) => one === written.slice(0, colon).toLowerCase());
  if (colon < 0 || !field) return { is: 'text', text: written, prefix: rest.star(), at };
  const value = written.slice(colon + 1) || (rest.isQuote() ? rest.quoted() : '');
  if (value.trim() === '') throw new NotReadable(at, `Nothing follows "${field}:".`);
  return { is: 'field', field, value, at };
};

class Reader {
  readonly #lexemes: readonly Lexeme[];
  #next = 0;
  #terms = 0;
  readonly #from: string[] = [];
  readonly #in: string[] = [];
  #before: number | null = null;
  #after: number | null = null;

  constructor(lexemes: readonly Lexeme[]) {
    this.#lexemes = lexemes;
  }

  query(): Query {
    const where = this.#anyOf(0);
    const rest = this.#peek();
    if (rest.is !== 'end') throw new NotReadable(rest.at, rest.is === 'close' ? 'This parenthesis closes nothing.' : 'A search cannot go on like this here.');
    const hasField = this.#from.length > 0 || this.#in.length > 0 || this.#before !== null || this.#after !== null;
    if (where === null && !hasField) throw new NotReadable(0, 'There is no word to search for.');
    return { where, from: this.#from, in: this.#in, before: this.#before, after: this.#after };
  }

  #peek(): Lexeme {
    return this.#lexemes[this.#next]!;
  }

  #take(): Lexeme {
    const lexeme = this.#peek();
    this.#next += 1;
    return lexeme;
  }

  #anyOf(depth: number): Condition | null {
    const of: Condition[] = [];
    for (;;) {
      const one = this.#allOf(depth);
      const after = this.#peek();
      if (one) of.push(one);
      if (after.is !== 'or') break;
      if (!one) throw new NotReadable(after.at, 'OR needs something on both sides.');
      this.#take();
      if (['end', 'close', 'or'].includes(this.#peek().is)) throw new NotReadable(after.at, 'OR needs something on both sides.');
    }
    const negative = of.length > 1 ? of.find((one) => isNegative(one)) : undefined;
    if (negative) throw new NotReadable(placeOf(negative), 'Beside OR there must be something to find, not only something to leave out.');
    return of.length > 1 ? { is: 'or', of } : (of[0] ?? null);
  }

  #allOf(depth: number): Condition | null {
    const of: Condition[] = [];
    for (;;) {
      const lexeme = this.#peek();
      if (lexeme.is === 'end' || lexeme.is === 'close' || lexeme.is === 'or') break;
      const one = this.#one(depth);
      if (one) of.push(one);
    }
    return of.length > 1 ? { is: 'and', of } : (of[0] ?? null);
  }

  #one(depth: number): Condition | null {
    const lexeme = this.#take();
    switch (lexeme.is) {
      case 'text':
        return this.#phrase(lexeme);
      case 'field':
        if (depth > 0) throw new NotReadable(lexeme.at, `"${lexeme.field}:" cannot stand inside parentheses.`);
        this.#setField(lexeme);
        return null;
      case 'and':
      case 'comma':
        return null;
      case 'minus':
      case 'not': {
        if (['end', 'close', 'or', 'minus', 'not', 'and', 'field'].includes(this.#peek().is)) throw new NotReadable(lexeme.at, 'Here a word, a phrase or a group to leave out must follow.');
        const of = this.#one(depth);
        if (of && isNegative(of)) throw new NotReadable(lexeme.at, 'Leaving out what is left out is not a search.');
        return of && { is: 'not', of, at: lexeme.at };
      }
      case 'open': {
        if (depth >= depthMax) throw new NotReadable(lexeme.at, `Groups cannot be nested deeper than ${depthMax}.`);
        const inside = this.#anyOf(depth + 1);
        const end = this.#take();
        if (end.is !== 'close') throw new NotReadable(lexeme.at, 'This parenthesis is never closed.');
        if (inside && isNegative(inside)) throw new NotReadable(lexeme.at, 'In a group there must be something to find, not only something to leave out.');
        return inside;
      }
      case 'near':
        return this.#near(lexeme.at);
      default:
        throw new NotReadable(lexeme.at, 'A search cannot go on like this here.');
    }
  }

  #phrase({ text, prefix, at }: { readonly text: string; readonly prefix: boolean; readonly at: number }): Phrase | null {
    const terms = tokensOf(text).map((token) => token.term);
    this.#terms += terms.length;
    if (this.#terms > termsMax) throw new NotReadable(at, `A search has at most ${termsMax} words.`);
    return terms.length === 0 ? null : { is: 'phrase', terms, prefix };
  }

  #near(at: number): Condition | null {
    this.#take();
    const phrases: Phrase[] = [];
    let distance = 10;
    for (;;) {
      const lexeme = this.#take();
      if (lexeme.is === 'close') break;
      if (lexeme.is === 'text') {
        const phrase = this.#phrase(lexeme);
        if (phrase) phrases.push(phrase);
      } else if (lexeme.is === 'comma') {
        const count = this.#take();
        const end = this.#take();
        if (count.is !== 'text' || !/^\d{1,4}$/.test(count.text) || end.is !== 'close') throw new NotReadable(lexeme.at, 'After the comma NEAR takes one number of words.');
        distance = Number(count.text);
        break;
      } else throw new NotReadable(lexeme.is === 'end' ? at : lexeme.at, lexeme.is === 'end' ? 'This NEAR is never closed.' : 'NEAR takes words and phrases only.');
    }
    return phrases.length === 0 ? null : { is: 'near', phrases, distance };
  }

  #setField({ field, value, at }: Extract<Lexeme, { is: 'field' }>): void {
    if (field === 'from') this.#from.push(value);
    else if (field === 'in') this.#in.push(value);
    else {
      const time = /^\d{4}-\d{2}-\d{2}$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN;
      if (Number.isNaN(time)) throw new NotReadable(at, `"${field}:" takes a date like 2026-11-01.`);
      if (field === 'before') this.#before = time;
      else this.#after = time;
    }
  }
}

const isNegative = (condition: Condition): boolean => condition.is === 'not' || (condition.is === 'and' && condition.of.every(isNegative));
const placeOf = (condition: Condition): number => (condition.is === 'not' ? condition.at : condition.is === 'and' ? placeOf(condition.of[0]!) : 0);

/**
 * How texts become terms, the same at index and query time. Words are runs of letters, digits, marks, private-use characters and
 * symbols. Scripts that are written without spaces, and pictographs, give one term a character, so that a phrase of characters
 * finds them anywhere, two at a time or one.
 */
export const tokenizer = `tokenize = "unicode61 remove_diacritics 0 categories 'L* N* M* Co So'"`;

// oxlint-disable-next-line no-control-regex
const isAscii = (text: string): boolean => /^[\u0000-\u007f]*$/.test(text);

const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\p{Extended_Pictographic}`;
// Digits, # and * are pictographic to Unicode; they are ordinary characters here.
const single = new RegExp(`(?![0-9#*])[${unspaced}]`, 'gu');
const word = /[\p{L}\p{N}\p{M}\p{Co}\p{So}]+/gu;
/** The same in ASCII, where a run is always one term. */
const asciiWord = /[a-z0-9]+/gi;

/** The text as the full-text table is given it: FTS5 splits and folds it further, in the same way for texts and questions. */
export const segmented = (text: string): string => (isAscii(text) ? text : text.normalize('NFKC').toLowerCase().replace(single, ' $& '));

export type Token = { readonly term: string; /** UTF-16 units of the text given, `to` exclusive. */ readonly from: number; readonly to: number };

/** The terms of a text with their places in it, as written. */
export const tokensOf = (text: string): Token[] => {
  const tokens: Token[] = [];
  if (isAscii(text)) {
    for (const { 0: run, index } of text.matchAll(asciiWord)) tokens.push({ term: run.toLowerCase(), from: index, to: index + run.length });
    return tokens;
  }
  for (const { 0: run, index } of text.matchAll(word)) {
    for (const piece of piecesOf(run)) {
      const place = { from: index + piece.from, to: index + piece.to };
      // A compatibility character may stand for several terms; they share its place.
      for (const [term] of segmented(run.slice(piece.from, piece.to)).toLowerCase().matchAll(word)) tokens.push({ term, ...place });
    }
  }
  return tokens;
};

const piecesOf = (run: string): { readonly from: number; readonly to: number }[] => {
  if (isAscii(run)) return [{ from: 0, to: run.length }];
  const pieces: { from: number; to: number }[] = [];
  let next = 0;
  for (const { 0: character, index } of run.matchAll(single)) {
    if (index > next) pieces.push({ from: next, to: index });
    pieces.push({ from: index, to: index + character.length });
    next = index + character.length;
  }
  if (next < run.length) pieces.push({ from: next, to: run.length });
  return pieces;
};

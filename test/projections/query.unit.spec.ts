import { DatabaseSync } from 'node:sqlite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fullTextSchema } from '#projections/search/full-text.ts';
import { marksOf, matchOf } from '#projections/search/match.ts';
import { isUnreadable, readQuery, type Query } from '#projections/search/query.ts';
import { segmented } from '#projections/search/tokens.ts';

const tableOf = (texts: readonly string[]): DatabaseSync => {
  const db = new DatabaseSync(':memory:');
  db.exec(fullTextSchema('texts'));
  const put = db.prepare('INSERT INTO texts (rowid, tokens, scope) VALUES (?, ?, ?)');
  for (const [n, text] of texts.entries()) put.run(n, segmented(text), `c1 p${n}`);
  return db;
};
const readable = (text: string, grouping = false): Query => {
  const query = readQuery(text, { grouping });
  if (isUnreadable(query)) throw new Error(`${query.says} (${query.at})`);
  return query;
};
const find = (db: DatabaseSync, text: string, grouping = false): number[] => {
  const { find: match, except, within } = matchOf(readable(text, grouping).where);
  return found(db, `${match === null ? 'scope : "c1"' : `${within}${match}`}${except === null ? '' : ` NOT ${within}${except}`}`);
};
const found = (db: DatabaseSync, expression: string): number[] => {
  return (db.prepare('SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rowid').all(expression) as { rowid: number }[]).map((row) => row.rowid);
};

describe('the search language', () => {
  const db = tableOf(['the ledger of the year', 'Not a single word', '我在上海工作', 'ledgers AND clauses', 'e-mail to bob@example.org', 'ÜBER die Brücke', '👍👍 done']);
  it.each([
    ['ledger', [0]], ['ledger*', [0, 3]], ['"of the"', [0]], ['the AND of', [0]], ['not', [1]], ['上海', [2]], ['海上', []], ['工', [2]], ['ledger OR word', [0, 1]], ['single -word', []],
    ['-ledger', [1, 2, 3, 4, 5, 6]], ['a NOT ledger', [1]], ['e-mail', [4]], ['bob@example.org', [4]], ['über', [5]], ['BRÜCKE', [5]], ['👍', [6]], ['"AND"', [3]],
  ])('finds %s', (text, rows) => expect(find(db, text)).toEqual(rows));

  it.each([['NEAR(ledger year, 2)', [0]], ['NEAR(ledger year, 1)', []], ['(ledger OR word) a', [1]], ['the (ledger -clauses)', [0]]])('finds for officers %s', (text, rows) => expect(find(db, text, true)).toEqual(rows));

  describe('among the tokens of whose and where', () => {
    const words = ['c1', 'p2', 'c1 p3', 'C1 done', 'the c1', 'c', 'p', 'c12', 'é', 'x1'];
    const scoped = tableOf(words);
    it.each([
      ['c1', [0, 2, 3, 4]], ['p2', [1]], ['p4', []], ['c*', [0, 2, 3, 4, 5, 7]], ['p*', [1, 2, 6]], ['c1*', [0, 2, 3, 4, 7]], ['"c1 p3"', [2]], ['"c1 p4"', []], ['"c1 p"*', [2]],
      ['done -c1', []], ['the c1', [4]], ['the OR p4', [4]], ['é OR c1', [0, 2, 3, 4, 8]], ['x1 -p9', [9]], ['-c1', [1, 5, 6, 7, 8, 9]],
    ])('finds nothing by %s but texts', (text, rows) => expect(find(scoped, text)).toEqual(rows));

    it('says the same whatever is asked for as if it always kept to the texts', () => {
      const word = fc.constantFrom('c', 'p', 'c1', 'p3', 'C12', 'x1', 'é', 'done', 'the', '½c1');
      const phrase = fc.tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '*')).map(([terms, star]) => `"${terms.join(' ')}"${star}`);
      fc.assert(
        fc.property(fc.array(fc.tuple(fc.constantFrom('', '-', 'OR '), phrase), { minLength: 1, maxLength: 4 }), (parts) => {
          const query = readQuery(parts.map(([before, text]) => `${before}${text}`).join(' '));
          if (isUnreadable(query)) return;
          const { find: match, except } = matchOf(query.where);
          const always = `${match === null ? 'scope : "c1"' : `tokens : ${match}`}${except === null ? '' : ` NOT tokens : ${except}`}`;
          expect(find(scoped, parts.map(([before, text]) => `${before}${text}`).join(' '))).toEqual(found(scoped, always));
        }),
        { numRuns: 1_000 },
      );
    });

    it('would be seen in them by a build that never kept to the texts', () => expect(found(scoped, matchOf(readable('p4').where).find!)).toEqual([4]));
  });

  it.each([['"open', 0], ['a OR', 2], ['OR a', 0], ['a OR -b', 5], ['before:soon', 0], ['a before:2026-13-45', 2], ['!!!', 0], ['a NOT', 2]])('says where %s cannot be read', (text, at) => {
    const query = readQuery(text);
    expect(isUnreadable(query) && query.at).toBe(at);
  });

  it('reads names and dates', () => {
    expect(readable('from:bob in:"Quarterly report" after:2026-10-01 before:2026-11-01 clause')).toEqual({ where: { is: 'phrase', terms: ['clause'], prefix: false }, from: ['bob'], in: ['Quarterly report'], after: Date.UTC(2026, 9, 1), before: Date.UTC(2026, 10, 1) });
  });

  it('never throws and never gives FTS5 anything it cannot read, whatever is typed', () => {
    const hostile = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"', '(', ')', '*', '-', ':', ',', '^', '+', '{', '}', 'OR ', 'AND ', 'NOT ', 'NEAR(', 'tokens:', 'scope:', '上', '\u0000', '\\', "'", ';', 'é'), maxLength: 40 });
    fc.assert(
      fc.property(fc.oneof(hostile, fc.string({ unit: 'grapheme' })), fc.boolean(), (text, grouping) => {
        const query = readQuery(text, { grouping });
        if (isUnreadable(query)) expect(query.at).toBeLessThanOrEqual(text.length);
        else find(db, text, grouping);
      }),
      { numRuns: 2_000 },
    );
  });

  it('marks a text wherever the index finds it, in its own places', () => {
    expect(marksOf('我在上海，上海', readable('上海').where)).toEqual([[2, 4], [5, 7]]);
    expect(marksOf('Ledger, ledgers', readable('ledger').where)).toEqual([[0, 6]]);
    const units = fc.constantFrom('ab', 'Ab', 'é', 'É', ' ', '上', '海', '-', '½', 'ﬁ', 'かな', '👍', 'ß');
    const texts = fc.array(units, { maxLength: 12 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, texts, (text, word) => {
        const query = readQuery(`"${word}"`);
        if (isUnreadable(query)) return;
        const one = tableOf([text]);
        expect(marksOf(text, query.where).length > 0).toBe(find(one, `"${word}"`).length > 0);
        one.close();
      }),
      { numRuns: 300 },
    );
  });
});

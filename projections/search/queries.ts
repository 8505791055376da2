import type { SearchHit } from '#src/contract/archive.ts';
import { nameKey } from '#src/contract/names.ts';
import { viewQuery, type Readers, type ViewReader } from '../view-queries.ts';
import { anyScope, conversationToken, personToken } from './full-text.ts';
import { marksOf, matchOf } from './match.ts';
import { isUnreadable, readQuery, type Query, type Unreadable } from './query.ts';

export type SearchParams = {
  readonly account: string; readonly query: string; readonly conversationId?: string;
  /** Ids of the conversations that may be searched; without it those the account is a member of. */
  readonly conversations?: readonly string[];
  /** `next` of the page before. */
  readonly before?: number;
  readonly limit: number;
};
export type SearchValue = { readonly total: number; readonly hits: readonly SearchHit[]; readonly next: number | null } | Unreadable;
const nothing = { total: 0, hits: [], next: null } as const;

const search = (read: Readers, p: SearchParams): SearchValue => {
  const query = readQuery(p.query);
  if (isUnreadable(query)) return query;
  const scopes = scopesOf(read, query, p);
  const authors = query.from.length === 0 ? null : peopleNamed(read('search'), read('directory'), query.from);
  if (scopes.length === 0 || authors?.length === 0) return nothing;
  return pageOf(read('search'), selectionOf(read('search'), query, scopes, authors, restrictionsOf(read('search'), query, scopes, p.account)), query, p);
};

/** Beyond so many, FTS5 takes longer to unite their places than to find what was asked for everywhere. */
const scopesInMatchMax = 64;
/** Findings whose rows are looked up, at less than 1 us each, before uniting the places is the cheaper way after all. */
const candidatesMax = 40_000;

/** What is found: an FTS5 expression, and what must hold of the rows beyond it. `narrowed`: to be asked where there are more than `candidatesMax`. */
type Selection = { readonly match: string; readonly rows: Conditions; readonly narrowed?: Selection };

const selectionOf = (search: ViewReader, query: Query, scopes: readonly Scope[], authors: readonly number[] | null, rows: Conditions): Selection => {
  const { find, except, within: texts } = matchOf(query.where);
  const refs = scopes.map((scope) => scope.ref);
  const within = anyScope(refs.map(conversationToken));
  const matchOfScopes = (scope: string | null, outside: string | null): string => {
    // What is few goes first: FTS5 walks its terms side by side.
    const wanted = [...(find === null ? [] : [`${texts}${find}`]), ...(scope === null ? [] : [scope]), ...(authors ? [anyScope(authors.map(personToken))] : [])];
    const unwanted = [...(except === null ? [] : [`${texts}${except}`]), ...(outside === null ? [] : [outside])];
    return `${wanted.join(' AND ')}${unwanted.length === 0 ? '' : ` NOT (${unwanted.join(' OR ')})`}`;
  };
  const narrowed: Selection = { match: matchOfScopes(within, null), rows };
  if (find === null || refs.length <= scopesInMatchMax) return narrowed;
  const all = search.get<{ n: number }>('SELECT count(*) AS n FROM conversations')!.n;
  if (all - refs.length <= scopesInMatchMax) {
    const others = search.all<{ ref: number }>(`SELECT ref FROM conversations WHERE ref NOT IN (${refs.join(', ')})`);
    return { match: matchOfScopes(null, others.length === 0 ? null : anyScope(others.map(({ ref }) => conversationToken(ref)))), rows };
  }
  return { match: matchOfScopes(null, null), rows: { sql: [`m.conversation IN (${refs.join(', ')})`, ...rows.sql], values: rows.values }, narrowed };
};

/** Sees [joined, left] of what is `sinceJoined`. */
type Scope = { readonly ref: number; readonly isRestricted: boolean };

const scopesOf = (read: Readers, query: Query, p: SearchParams): readonly Scope[] => {
  const mine = p.conversations ?? read('conversations').all<{ id: string }>('SELECT c.id FROM members m JOIN conversations c ON c.ref = m.conversation WHERE m.account = ?', p.account).map((row) => row.id);
  let ids = p.conversationId === undefined ? mine : mine.filter((id) => id === p.conversationId);
  if (query.in.length > 0) {
    const wanted = query.in.map(nameKey);
    ids = ids.filter((id) => {
      const row = read('conversations').get<{ title: string | null; space: string | null }>('SELECT CASE WHEN c.general = 1 THEN s.name ELSE c.title END AS title, s.name AS space FROM conversations c LEFT JOIN spaces s ON s.id = c.space WHERE c.id = ?', id);
      const titles = [row?.title, row?.space].flatMap((title) => (title ? [nameKey(title)] : []));
      return wanted.some((name) => titles.some((title) => title.includes(name.replace(/^#/, ''))) || id === name);
    });
  }
  // One question for all of them: a person may be in a hundred.
  const rows = read('search').all<{ ref: number; since_joined: number }>('SELECT c.ref, c.since_joined FROM json_each(?) wanted CROSS JOIN names n ON n.name = wanted.value CROSS JOIN conversations c ON c.ref = n.ref', JSON.stringify(ids.map((id) => `conversation-${id}`)));
  return rows.map(({ ref, since_joined }) => ({ ref, isRestricted: since_joined === 1 }));
};

/** People by sign-in name, by id, or by a display name that holds what was written. */
const peopleNamed = (search: ViewReader, directory: ViewReader, names: readonly string[]): number[] => {
  const refs = new Set<number>();
  for (const name of names) {
    const wanted = nameKey(name.replace(/^@/, ''));
    for (const { account } of directory.all<{ account: string }>('SELECT account FROM people WHERE sign_in_name = ?1 OR account = ?1 OR instr(sort_name, ?1) > 0', wanted)) {
      const ref = search.get<{ ref: number }>('SELECT ref FROM people WHERE name = ?', account)?.ref;
      if (ref !== undefined) refs.add(ref);
    }
  }
  return [...refs];
};

type Conditions = { readonly sql: readonly string[]; readonly values: readonly (number | string)[] };

/** Times, and memberships: conversations that show what was said since one joined are cut to one's own. */
const restrictionsOf = (search: ViewReader, query: Query, scopes: readonly Scope[], account: string): Conditions => {
  const sql: string[] = [];
  const values: (number | string)[] = [];
  for (const { ref } of scopes.filter((scope) => scope.isRestricted)) {
    const intervals = search.all<{ joined: number; left_at: number | null }>('SELECT joined, left_at FROM intervals WHERE conversation = ? AND account = ?', ref, account);
    sql.push(`(m.conversation <> ? OR ${intervals.length === 0 ? '0' : intervals.map(() => 'm.revision BETWEEN ? AND ?').join(' OR ')})`);
    values.push(ref, ...intervals.flatMap((interval) => [interval.joined, interval.left_at ?? Number.MAX_SAFE_INTEGER]));
  }
  if (query.before !== null) {
    sql.push('m.shown_at < ?');
    values.push(query.before);
  }
  if (query.after !== null) {
    sql.push('m.shown_at >= ?');
    values.push(query.after);
  }
  return { sql, values };
};

type Row = { position: number; name: string; message: string; revision: number; shown_at: number; author: string; text: string };

const joined = 'texts CROSS JOIN messages m ON m.position = texts.rowid';

/** Exact; undefined where more than `candidatesMax` would have to be looked at one by one. */
const countOf = (search: ViewReader, { match, rows, narrowed }: Selection): number | undefined => {
  // Only a condition beyond the index needs the rows for the count.
  if (rows.sql.length === 0) return search.get<{ n: number }>('SELECT count(*) AS n FROM texts WHERE texts MATCH ?', match)!.n;
  const conditions = rows.sql.join(' AND ');
  if (!narrowed) return search.get<{ n: number }>(`SELECT count(*) AS n FROM ${joined} WHERE texts MATCH ? AND ${conditions}`, match, ...rows.values)!.n;
  const { candidates, n } = search.get<{ candidates: number; n: number }>(
    `SELECT count(*) AS candidates, count(*) FILTER (WHERE ${conditions}) AS n FROM (SELECT rowid FROM texts WHERE texts MATCH ? LIMIT ?) t CROSS JOIN messages m ON m.position = t.rowid`,
    ...rows.values, match, candidatesMax + 1,
  )!;
  return candidates > candidatesMax ? undefined : n;
};

const rowsOf = (search: ViewReader, { match, rows: { sql, values } }: Selection, p: SearchParams): readonly Row[] =>
  search.all<Row>(
    `SELECT m.position, n.name, m.message, m.revision, m.shown_at, m.author, m.text FROM ${joined} JOIN names n ON n.ref = m.conversation
     WHERE ${['texts MATCH ?', ...sql].join(' AND ')} AND texts.rowid < ? ORDER BY texts.rowid DESC LIMIT ?`,
    match, ...values, p.before ?? Number.MAX_SAFE_INTEGER, p.limit + 1,
  );

const pageOf = (search: ViewReader, selection: Selection, query: Query, p: SearchParams): SearchValue => {
  // A first page that holds everything is its own count; where findings may lie far apart they are counted first.
  const first = selection.narrowed ? undefined : rowsOf(search, selection, p);
  const isAll = first !== undefined && p.before === undefined && first.length <= p.limit;
  const total = isAll ? first.length : countOf(search, selection);
  if (total === undefined) return pageOf(search, selection.narrowed!, query, p);
  const rows = first ?? (total === 0 ? [] : rowsOf(search, selection, p));
  const shown = rows.slice(0, p.limit);
  return {
    total, next: rows.length > p.limit ? shown.at(-1)!.position : null,
    hits: shown.map((row) => ({ conversationId: row.name.slice('conversation-'.length), messageId: row.message, revision: row.revision, at: row.shown_at, author: row.author, text: row.text, marks: marksOf(row.text, query.where) })),
  };
};

export const searchQueries = {
  /** The exact search in somebody's conversations: newest first, exact count, complete to the answer's position. */
  'search.messages': viewQuery<SearchParams, SearchValue>(['search', 'conversations', 'directory'], search),
};

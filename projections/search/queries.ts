import type { SearchHit } from '#src/contract/archive.ts';
import { sortNameOf } from '../directory/view.ts';
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
  const { find, except } = matchOf(query.where);
  const filters = [anyScope(scopes.map((scope) => conversationToken(scope.ref))), ...(authors ? [anyScope(authors.map(personToken))] : [])];
  // What is few goes first: FTS5 walks its terms side by side.
  const match = `${[...(find === null ? [] : [`tokens : ${find}`]), ...filters].join(' AND ')}${except === null ? '' : ` NOT tokens : ${except}`}`;
  return pageOf(read('search'), query, match, restrictionOf(read('search'), scopes, p.account), p);
};

/** Sees [joined, left] of what is `sinceJoined`. */
type Scope = { readonly ref: number; readonly isRestricted: boolean };

const scopesOf = (read: Readers, query: Query, p: SearchParams): readonly Scope[] => {
  const mine = p.conversations ?? read('conversations').all<{ id: string }>('SELECT c.id FROM members m JOIN conversations c ON c.ref = m.conversation WHERE m.account = ?', p.account).map((row) => row.id);
  let ids = p.conversationId === undefined ? mine : mine.filter((id) => id === p.conversationId);
  if (query.in.length > 0) {
    const wanted = query.in.map(sortNameOf);
    ids = ids.filter((id) => {
      const row = read('conversations').get<{ title: string | null; space: string | null }>('SELECT CASE WHEN c.general = 1 THEN s.name ELSE c.title END AS title, s.name AS space FROM conversations c LEFT JOIN spaces s ON s.id = c.space WHERE c.id = ?', id);
      const titles = [row?.title, row?.space].flatMap((title) => (title ? [sortNameOf(title)] : []));
      return wanted.some((name) => titles.some((title) => title.includes(name.replace(/^#/, ''))) || id === name);
    });
  }
  return ids.flatMap((id) => {
    const row = read('search').get<{ ref: number; since_joined: number }>('SELECT c.ref, c.since_joined FROM names n JOIN conversations c ON c.ref = n.ref WHERE n.name = ?', `conversation-${id}`);
    return row ? [{ ref: row.ref, isRestricted: row.since_joined === 1 }] : [];
  });
};

/** People by sign-in name, by id, or by a display name that holds what was written. */
const peopleNamed = (search: ViewReader, directory: ViewReader, names: readonly string[]): number[] => {
  const refs = new Set<number>();
  for (const name of names) {
    const wanted = sortNameOf(name.replace(/^@/, ''));
    for (const { account } of directory.all<{ account: string }>('SELECT account FROM people WHERE sign_in_name = ?1 OR account = ?1 OR instr(sort_name, ?1) > 0', wanted)) {
      const ref = search.get<{ ref: number }>('SELECT ref FROM people WHERE name = ?', account)?.ref;
      if (ref !== undefined) refs.add(ref);
    }
  }
  return [...refs];
};

type Restriction = { readonly sql: string; readonly values: readonly (number | string)[] };

/** Conversations that show what was said since one joined are cut to one's memberships. */
const restrictionOf = (search: ViewReader, scopes: readonly Scope[], account: string): Restriction | null => {
  const restricted = scopes.filter((scope) => scope.isRestricted);
  if (restricted.length === 0) return null;
  const parts: string[] = [];
  const values: (number | string)[] = [];
  for (const { ref } of restricted) {
    const intervals = search.all<{ joined: number; left_at: number | null }>('SELECT joined, left_at FROM intervals WHERE conversation = ? AND account = ?', ref, account);
    parts.push(`(m.conversation <> ? OR ${intervals.length === 0 ? '0' : intervals.map(() => 'm.revision BETWEEN ? AND ?').join(' OR ')})`);
    values.push(ref, ...intervals.flatMap((interval) => [interval.joined, interval.left_at ?? Number.MAX_SAFE_INTEGER]));
  }
  return { sql: parts.join(' AND '), values };
};

type Row = { position: number; name: string; message: string; revision: number; shown_at: number; author: string; text: string };

const pageOf = (search: ViewReader, query: Query, match: string, restriction: Restriction | null, p: SearchParams): SearchValue => {
  const conditions: string[] = restriction ? [restriction.sql] : [];
  const values: (number | string)[] = restriction ? [...restriction.values] : [];
  if (query.before !== null) {
    conditions.push('m.shown_at < ?');
    values.push(query.before);
  }
  if (query.after !== null) {
    conditions.push('m.shown_at >= ?');
    values.push(query.after);
  }
  const extra = conditions.length === 0 ? '' : ` AND ${conditions.join(' AND ')}`;
  // Only a condition beyond the index needs the rows for the count.
  const counted = extra === '' ? 'texts WHERE texts MATCH ?' : `texts CROSS JOIN messages m ON m.position = texts.rowid WHERE texts MATCH ?${extra}`;
  const { n: total } = search.get<{ n: number }>(`SELECT count(*) AS n FROM ${counted}`, match, ...values)!;
  const rows = total === 0 ? [] : search.all<Row>(
    `SELECT m.position, n.name, m.message, m.revision, m.shown_at, m.author, m.text FROM texts CROSS JOIN messages m ON m.position = texts.rowid JOIN names n ON n.ref = m.conversation
     WHERE texts MATCH ?${extra} AND texts.rowid < ? ORDER BY texts.rowid DESC LIMIT ?`,
    match, ...values, p.before ?? Number.MAX_SAFE_INTEGER, p.limit + 1,
  );
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

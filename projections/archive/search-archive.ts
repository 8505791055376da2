import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { ArchiveFilter, ArchiveHit, ArchivePage } from '#src/contract/archive.ts';
import { nameKey } from '#src/contract/names.ts';
import { anyScope, conversationToken, personToken } from '../search/full-text.ts';
import { marksOf, matchOf } from '../search/match.ts';
import { isUnreadable, readQuery, type Condition, type Query, type Unreadable } from '../search/query.ts';
import type { ViewReader } from '../view-queries.ts';
import { kinds, states } from './view.ts';

export type ArchiveParams = {
  readonly query: string; readonly filter: ArchiveFilter; readonly oldestFirst: boolean; /** Of the page before. */ readonly next?: string; readonly limit: number;
  /** Without: an empty list each, and less work. */
  readonly facets: boolean;
};
export type ArchiveFound = Pick<ArchivePage, 'total' | 'conversations' | 'hits' | 'next' | 'facets'>;
export type ArchiveValue = ArchiveFound | Unreadable;
/** The events of a result, in order, for digests and exports. */
export type ArchiveRefs = { readonly refs: readonly (readonly [stream: string, revision: number, position: number])[]; readonly next: string | null } | Unreadable;

/** A result as SQL: `from` and `where` with their values; `m` stands for the narrow rows. */
type Selection = { readonly source: string; readonly where: string; readonly values: readonly (string | number)[]; readonly condition: Condition | null };

/** Undefined where nothing can match (a name nobody has). */
const selectionOf = (archive: ViewReader, query: Query, filter: ArchiveFilter): Selection | undefined => {
  const people = scopeOf(archive, 'people', filter.people, query.from, peopleNamed);
  const conversations = scopeOf(archive, 'names', filter.conversations.map((id) => `conversation-${id}`), query.in, conversationsTitled);
  if (people?.length === 0 || conversations?.length === 0) return undefined;
  const { find, except, within } = matchOf(query.where);
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const anyOf = (column: string, wanted: readonly number[]): void => void conditions.push(`m.${column} IN (${wanted.join(', ')})`);
  if (filter.kinds.length > 0) anyOf('kind', filter.kinds.map((kind) => kinds.indexOf(kind)));
  if (filter.states.length > 0) anyOf('state', filter.states.map((state) => states.indexOf(state)));
  const from = Math.max(filter.from ?? 0, query.after ?? 0);
  const until = Math.min(filter.until ?? Number.MAX_SAFE_INTEGER, query.before ?? Number.MAX_SAFE_INTEGER);
  if (from > 0) {
    conditions.push('m.shown_at >= ?');
    values.push(from);
  }
  if (until < Number.MAX_SAFE_INTEGER) {
    conditions.push('m.shown_at < ?');
    values.push(until);
  }
  const scopes = [...(conversations ? [anyScope(conversations.map(conversationToken))] : []), ...(people ? [anyScope(people.map(personToken))] : [])];
  if (find !== null) {
    const match = `${[`${within}${find}`, ...scopes].join(' AND ')}${except === null ? '' : ` NOT ${within}${except}`}`;
    return { source: 'texts CROSS JOIN rows m ON m.position = texts.rowid', where: ['texts MATCH ?', ...conditions].join(' AND '), values: [match, ...values], condition: query.where };
  }
  // Nothing to look up by: the rows themselves, without what is to be left out.
  if (people) anyOf('person', people);
  if (conversations) anyOf('conversation', conversations);
  if (except !== null) {
    conditions.push('m.position NOT IN (SELECT rowid FROM texts WHERE texts MATCH ?)');
    values.push(`${within}${except}`);
  }
  return { source: 'rows m', where: conditions.join(' AND ') || '1', values, condition: query.where };
};

/** Ids of the filter and names of the query, both of which must hold; null: no restriction. */
const scopeOf = (archive: ViewReader, table: 'people' | 'names', ids: readonly string[], written: readonly string[], named: (archive: ViewReader, name: string) => number[]): number[] | null => {
  if (ids.length === 0 && written.length === 0) return null;
  const byId = ids.flatMap((id) => archive.get<{ ref: number }>(`SELECT ref FROM ${table} WHERE name = ?`, id)?.ref ?? []);
  const byName = written.flatMap((name) => named(archive, name));
  if (ids.length === 0) return [...new Set(byName)];
  return written.length === 0 ? byId : byId.filter((ref) => byName.includes(ref));
};

const peopleNamed = (archive: ViewReader, name: string): number[] => {
  const wanted = nameKey(name.replace(/^@/, ''));
  return archive.all<{ ref: number; account: string; name: string }>('SELECT p.ref, f.account, f.name FROM profiles f JOIN people p ON p.name = f.account').filter((row) => row.account === wanted || nameKey(row.name).includes(wanted)).map((row) => row.ref);
};
const conversationsTitled = (archive: ViewReader, title: string): number[] => {
  const wanted = nameKey(title.replace(/^#/, ''));
  return archive.all<{ ref: number; title: string | null; space: string | null }>('SELECT c.ref, c.title, s.name AS space FROM conversations c LEFT JOIN spaces s ON s.space = c.space')
    .filter((row) => [row.title, row.space].some((one) => one !== null && nameKey(one).includes(wanted))).map((row) => row.ref);
};

export const searchArchive = (archive: ViewReader, p: ArchiveParams): ArchiveValue => {
  const query = queryOf(p.query);
  if (isUnreadable(query)) return query;
  const selection = selectionOf(archive, query, p.filter);
  if (!selection) return { total: 0, conversations: 0, hits: [], next: null, facets: noFacets };
  const counted = countOf(archive, selection, p.facets);
  const positions = pageOf(archive, selection, p);
  return { ...counted, hits: positions.shown.map((position) => hitOf(archive, position, selection.condition)), next: positions.next };
};

export const refsOf = (archive: ViewReader, p: Omit<ArchiveParams, 'facets'>): ArchiveRefs => {
  const query = queryOf(p.query);
  if (isUnreadable(query)) return query;
  const selection = selectionOf(archive, query, p.filter);
  if (!selection) return { refs: [], next: null };
  const { shown, next } = pageOf(archive, selection, p);
  return {
    next,
    refs: shown.map((position) => {
      const row = archive.get<{ name: string; revision: number }>('SELECT n.name, d.revision FROM rows m JOIN names n ON n.ref = m.conversation JOIN details d ON d.position = m.position WHERE m.position = ?', position)!;
      return [row.name, row.revision, position];
    }),
  };
};

/** An empty query finds everything that the filter leaves. */
const queryOf = (text: string): Query | Unreadable => (text.trim() === '' ? { where: null, from: [], in: [], before: null, after: null } : readQuery(text, { grouping: true }));

const pageOf = (archive: ViewReader, { source, where, values }: Selection, p: { readonly oldestFirst: boolean; readonly next?: string; readonly limit: number }): { readonly shown: readonly number[]; readonly next: string | null } => {
  const rowid = source.startsWith('texts') ? 'texts.rowid' : 'm.position';
  const [comparison, order, start] = p.oldestFirst ? (['>', 'ASC', -1] as const) : (['<', 'DESC', Number.MAX_SAFE_INTEGER] as const);
  const after = p.next !== undefined && /^\d{1,15}$/.test(p.next) ? Number(p.next) : start;
  const rows = archive.all<{ position: number }>(`SELECT m.position FROM ${source} WHERE ${where} AND ${rowid} ${comparison} ? ORDER BY ${rowid} ${order} LIMIT ?`, ...values, after, p.limit + 1);
  const shown = rows.slice(0, p.limit).map((row) => row.position);
  return { shown, next: rows.length > p.limit ? String(shown.at(-1)!) : null };
};

type Facets = ArchivePage['facets'];
const noFacets: Facets = { kinds: [], states: [], people: [], conversations: [], months: [] };
const facetMax = 50;

/** Filled by one walk over the rows: an aggregate function that keeps its own maps, because grouping by five columns sorts every row (measured: 4 times as long). */
type Counter = { readonly people: Map<number, number>; readonly conversations: Map<number, number>; /** month * 32 + kind * 4 + state */ readonly rest: Map<number, number> };
const counters = new WeakMap<DatabaseSync, Counter>();

const counterOf = (db: DatabaseSync): Counter => {
  let counter = counters.get(db);
  if (!counter) {
    const made: Counter = { people: new Map(), conversations: new Map(), rest: new Map() };
    const step = (rows: number, person: SQLOutputValue, conversation: SQLOutputValue, rest: SQLOutputValue): number => {
      add(made.people, person as number, 1);
      add(made.conversations, conversation as number, 1);
      add(made.rest, rest as number, 1);
      return rows + 1;
    };
    db.aggregate('facets_of', { start: 0, step: step as (...values: SQLOutputValue[]) => number });
    counters.set(db, made);
    counter = made;
  }
  for (const map of Object.values(counter)) map.clear();
  return counter;
};

const add = (map: Map<number, number>, key: number, n: number): void => void map.set(key, (map.get(key) ?? 0) + n);

const countOf = (archive: ViewReader, { source, where, values }: Selection, facets: boolean): { readonly total: number; readonly conversations: number; readonly facets: Facets } => {
  const counter = counterOf(archive.db);
  const { n: total } = archive.get<{ n: number }>(`SELECT facets_of(m.person, m.conversation, m.month * 32 + m.kind * 4 + m.state) AS n FROM ${source} WHERE ${where}`, ...values)!;
  return { total, conversations: counter.conversations.size, facets: facets ? facetsFrom(archive, counter) : noFacets };
};

const facetsFrom = (archive: ViewReader, { people, conversations, rest }: Counter): Facets => {
  const [byKind, byState, byMonth] = [new Map<number, number>(), new Map<number, number>(), new Map<number, number>()];
  for (const [packed, n] of rest) {
    add(byKind, (packed >> 2) & 7, n);
    add(byState, packed & 3, n);
    add(byMonth, packed >> 5, n);
  }
  const most = (map: Map<number, number>): [number, number][] => [...map].sort((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, facetMax);
  const account = (ref: number): string => archive.get<{ name: string }>('SELECT name FROM people WHERE ref = ?', ref)!.name;
  const stream = (ref: number): string => archive.get<{ name: string }>('SELECT name FROM names WHERE ref = ?', ref)!.name;
  return {
    kinds: most(byKind).map(([kind, count]) => ({ value: kinds[kind]!, name: kinds[kind]!, count })), states: most(byState).map(([state, count]) => ({ value: states[state]!, name: states[state]!, count })),
    people: most(people).map(([ref, count]) => ({ value: account(ref), name: nameOf(archive, account(ref)), count })),
    conversations: most(conversations).map(([ref, count]) => ({ value: stream(ref).slice('conversation-'.length), name: titleOf(archive, ref), count })),
    months: [...byMonth].sort((a, b) => a[0] - b[0]).map(([month, count]) => ({ value: monthText(month), name: monthText(month), count })),
  };
};

const monthText = (month: number): string => `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`;

export const nameOf = (archive: ViewReader, account: string): string => archive.get<{ name: string }>('SELECT name FROM profiles WHERE account = ?', account)?.name ?? (account === 'appliance' ? 'The appliance' : '');

type Titled = { readonly kind: string; readonly title: string | null; readonly general: number; readonly space: string | null };
const titledOf = (archive: ViewReader, ref: number): Titled | undefined =>
  archive.get<Titled>('SELECT c.kind, c.title, c.general, s.name AS space FROM conversations c LEFT JOIN spaces s ON s.space = c.space WHERE c.ref = ?', ref);
const membersOf = (archive: ViewReader, ref: number): readonly string[] =>
  archive.all<{ account: string }>('SELECT DISTINCT account FROM intervals WHERE conversation = ? ORDER BY joined, account LIMIT 4', ref).map(({ account }) => account);

/** A channel is named with its space, `Metering rollout / General`; what has no title by its members. */
export const titleOf = (archive: ViewReader, ref: number): string => {
  const titled = titledOf(archive, ref);
  const title = titled?.general === 1 ? 'General' : titled?.title;
  if (!title) return membersOf(archive, ref).map((account) => nameOf(archive, account)).join(', ');
  return titled?.space ? `${titled.space} / ${title}` : title;
};

/** The other of a direct chat; null elsewhere. */
const directWithOf = (archive: ViewReader, ref: number, author: string): string | null =>
  titledOf(archive, ref)?.kind === 'direct' ? membersOf(archive, ref).filter((account) => account !== author).map((account) => nameOf(archive, account)).join(', ') : null;

type HitRow = { position: number; kind: number; state: number; conversation: number; shown_at: number; revision: number; at: number; author: string; message: string | null; imported: string | null; text: string | null; stream: string };

const hitOf = (archive: ViewReader, position: number, condition: Condition | null): ArchiveHit => {
  const row = archive.get<HitRow>('SELECT m.*, d.revision, d.at, d.author, d.message, d.imported, d.text, n.name AS stream FROM rows m JOIN details d ON d.position = m.position JOIN names n ON n.ref = m.conversation WHERE m.position = ?', position)!;
  const text = row.text ?? '';
  const isMessage = kinds[row.kind] === 'message' || kinds[row.kind] === 'file';
  return {
    position, conversationId: row.stream.slice('conversation-'.length), conversationTitle: titleOf(archive, row.conversation), directWith: directWithOf(archive, row.conversation, row.author), revision: row.revision, at: row.at, importedSaidAt: row.imported === null ? null : row.shown_at,
    kind: kinds[row.kind]!, state: states[row.state]!, author: row.author, authorName: nameOf(archive, row.author), messageId: row.message, text, marks: marksOf(text, condition),
    versions: isMessage ? archive.get<{ n: number }>('SELECT count(*) AS n FROM versions WHERE message = ? AND conversation = ?', row.message, row.conversation)!.n : 1,
    retractedAt: isMessage ? (archive.get<{ at: number }>('SELECT at FROM retractions WHERE message = ? AND conversation = ?', row.message, row.conversation)?.at ?? null) : null,
    before: neighbour(archive, row, '<', 'DESC'), after: neighbour(archive, row, '>', 'ASC'),
  };
};

/** What was said right before or after, by another message. */
const neighbour = (archive: ViewReader, row: HitRow, comparison: '<' | '>', order: 'ASC' | 'DESC'): string | null =>
  archive.get<{ text: string | null }>(
    `SELECT d.text FROM lines l JOIN details d ON d.position = l.position WHERE l.conversation = ? AND l.revision ${comparison} ? AND d.type IN ('MessagePosted', 'FileShared') AND d.message IS NOT ? ORDER BY l.revision ${order} LIMIT 1`,
    row.conversation, row.revision, row.message,
  )?.text ?? null;

import type { ArchivedFile, FileFilter } from '#src/contract/files.ts';
import { streams } from '#src/kernel/streams.ts';
import { titleOf } from '../archive/search-archive.ts';
import type { Readers, ViewReader } from '../view-queries.ts';
import { addName, columns, Conditions, find, from, sharedFileOf, type Page, type Row } from './found-files.ts';

export type ArchivedFilesParams = Page & { readonly name: string; readonly filter: FileFilter };
/** A file as officers see it, but for what stands inside. */
export type ArchivedRow = Omit<ArchivedFile, 'words' | 'excerpt'>;
export type ArchivedFiles = { readonly total: number; readonly bytes: number; readonly files: readonly ArchivedRow[]; readonly next: number | null };
/** Every file that a filter leaves: log positions and sizes, side by side. */
export type FilesScope = { readonly positions: readonly number[]; readonly sizes: readonly number[] };

const conditionsOf = ({ name, filter }: Omit<ArchivedFilesParams, keyof Page>): Conditions => {
  const conditions = new Conditions();
  addName(conditions, name);
  conditions.anyOf('f.author', filter.senders);
  conditions.anyOf('n.name', filter.conversations.map(streams.conversation));
  if (filter.types.length > 0) conditions.add(filter.types.map((type) => (type.endsWith('/') ? 'substr(f.type, 1, length(?)) = ?' : '? = f.type AND f.type = ?')).join(' OR '), ...filter.types.flatMap((type) => [type, type]));
  if (filter.sizeFrom !== undefined) conditions.add('f.size >= ?', filter.sizeFrom);
  if (filter.sizeTo !== undefined) conditions.add('f.size <= ?', filter.sizeTo);
  if (filter.hash !== undefined) conditions.add('f.hash = ?', filter.hash);
  if (filter.from !== undefined) conditions.add('f.at >= ?', filter.from);
  if (filter.until !== undefined) conditions.add('f.at < ?', filter.until);
  return conditions;
};

const withMessageOf = (files: ViewReader, { message, stream, position }: Row): ArchivedRow['withMessage'] => {
  if (message === null) return null;
  const { n, total } = files.get<{ n: number; total: number }>('SELECT count(*) FILTER (WHERE f.position <= ?) AS n, count(*) AS total FROM files f JOIN names n ON n.ref = f.conversation WHERE f.message = ? AND n.name = ?', position, message, stream)!;
  return { messageId: message, n, of: total };
};

/** Names and titles as the record has them, of whoever left and whatever was closed too. */
const describing = (read: Readers): ((row: Row) => ArchivedRow) => {
  const [files, archive, directory] = [read('files'), read('archive'), read('directory')];
  const titles = new Map<string, string>();
  const titleIn = (stream: string): string => {
    const ref = archive.get<{ ref: number }>('SELECT ref FROM names WHERE name = ?', stream)?.ref;
    return ref === undefined ? '' : titleOf(archive, ref);
  };
  return (row) => {
    const conversationTitle = titles.get(row.stream) ?? titleIn(row.stream);
    titles.set(row.stream, conversationTitle);
    const authorName = directory.get<{ display_name: string | null }>('SELECT display_name FROM people WHERE account = ?', row.author)?.display_name ?? '';
    return { ...sharedFileOf(row, true), position: row.position, authorName, conversationTitle, sha256: row.hash, withdrawnAt: row.withdrawn_at, withMessage: withMessageOf(files, row) };
  };
};

export const archived = (read: Readers, p: ArchivedFilesParams): ArchivedFiles => {
  const { total, bytes, rows, next } = find(read('files'), conditionsOf(p), p);
  return { total, bytes, next, files: rows.map(describing(read)) };
};

type ScopeRow = { readonly position: number; readonly size: number };
/** All of it, or, `after` a position, so many in log order. */
export type ScopeParams = Pick<ArchivedFilesParams, 'name' | 'filter'> & { readonly part?: { readonly after: number; readonly limit: number } };

export const scope = (files: ViewReader, { part, ...p }: ScopeParams): FilesScope => {
  const { sql, values } = conditionsOf(p);
  const whole = `SELECT f.position, f.size FROM ${from} WHERE ${sql}`;
  const rows = part ? files.all<ScopeRow>(`${whole} AND f.position > ? ORDER BY f.position LIMIT ?`, ...values, part.after, part.limit) : files.all<ScopeRow>(whole, ...values);
  return { positions: rows.map(({ position }) => position), sizes: rows.map(({ size }) => size) };
};

/** These files, in this order. */
export const archivedRows = (read: Readers, positions: readonly number[]): readonly ArchivedRow[] => {
  const rows = new Map(read('files').all<Row>(`SELECT ${columns} FROM ${from} WHERE f.position IN (SELECT value FROM json_each(?))`, JSON.stringify(positions)).map((row) => [row.position, row]));
  const describe = describing(read);
  return positions.flatMap((position) => rows.get(position) ?? []).map(describe);
};

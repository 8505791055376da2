import type { ArchivedFile, FileFilter, FileKind, SharedFile } from '#src/contract/files.ts';
import { streams } from '#src/kernel/streams.ts';
import { tokensOf } from '../search/tokens.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';

type Row = {
  position: number; stream: string; file: string; revision: number; at: number; author: string; name: string | null; size: number; type: string; kind: FileKind; width: number | null; height: number | null;
  hash: string | null; blob: string; withdrawn_at: number | null;
};
const columns = 'f.position, n.name AS stream, f.file, f.revision, f.at, f.author, f.name, f.size, f.type, f.kind, f.width, f.height, f.hash, f.blob, f.withdrawn_at';
const from = 'files f JOIN names n ON n.ref = f.conversation';

/** `forOfficers`: the name of a withdrawn file too. */
const sharedFileOf = (row: Row, forOfficers = false): SharedFile => ({
  conversationId: row.stream.slice('conversation-'.length), fileId: row.file, revision: row.revision, at: row.at, author: row.author, name: row.withdrawn_at === null || forOfficers ? row.name : null,
  size: row.size, type: row.type, kind: row.kind, width: row.width, height: row.height, withdrawn: row.withdrawn_at !== null,
});

/** Conditions over `files f`, with their values. */
class Conditions {
  readonly #sql: string[] = ['1'];
  readonly #values: (string | number)[] = [];

  add(sql: string, ...values: (string | number)[]): void {
    this.#sql.push(sql);
    this.#values.push(...values);
  }

  anyOf(column: string, values: readonly (string | number)[]): void {
    if (values.length > 0) this.add(`${column} IN (${values.map(() => '?').join(', ')})`, ...values);
  }

  get sql(): string {
    return this.#sql.map((one) => `(${one})`).join(' AND ');
  }

  get values(): readonly (string | number)[] {
    return this.#values;
  }
}

/** All words of the name, in any order; the last may be the beginning of one. Nothing to look for finds everything. */
const addName = (conditions: Conditions, name: string): void => {
  const terms = tokensOf(name).map(({ term }) => `"${term.replaceAll('"', '""')}"`);
  if (terms.length > 0) conditions.add('f.position IN (SELECT rowid FROM texts WHERE texts MATCH ?)', `tokens : (${terms.join(' AND ')} *)`);
  // Only what is no letter was asked for.
  else if (name.trim() !== '') conditions.add('instr(f.name, ?) > 0', name.trim());
};

type Page = { readonly before?: number; readonly limit: number };
type Found = { readonly total: number; readonly bytes: number; readonly rows: readonly Row[]; readonly next: number | null };

const find = (files: ViewReader, conditions: Conditions, { before = Number.MAX_SAFE_INTEGER, limit }: Page): Found => {
  const { sql, values } = conditions;
  const { n, bytes } = files.get<{ n: number; bytes: number }>(`SELECT count(*) AS n, coalesce(sum(f.size), 0) AS bytes FROM ${from} WHERE ${sql}`, ...values)!;
  const rows = files.all<Row>(`SELECT ${columns} FROM ${from} WHERE ${sql} AND f.position < ? ORDER BY f.position DESC LIMIT ?`, ...values, before, limit + 1);
  const shown = rows.slice(0, limit);
  return { total: n, bytes, rows: shown, next: rows.length > limit ? shown.at(-1)!.position : null };
};

export type MyFilesParams = Page & { readonly account: string; readonly name: string; readonly kind?: FileKind };
export type FilesFound = { readonly total: number; readonly files: readonly SharedFile[]; readonly next: number | null };

const mine = (files: ViewReader, p: MyFilesParams): FilesFound & { readonly used: number; readonly reserved: number } => {
  const conditions = new Conditions();
  conditions.add('f.author = ?', p.account);
  addName(conditions, p.name);
  if (p.kind !== undefined) conditions.add('f.kind = ?', p.kind);
  if (p.name.trim() !== '') conditions.add('f.withdrawn_at IS NULL');
  const { total, rows, next } = find(files, conditions, p);
  const used = files.get<{ bytes: number }>('SELECT bytes FROM used WHERE account = ?', p.account)?.bytes ?? 0;
  const reserved = files.get<{ bytes: number }>('SELECT coalesce(sum(bytes), 0) AS bytes FROM uploads WHERE account = ?', p.account)!.bytes;
  return { total, files: rows.map((row) => sharedFileOf(row)), next, used, reserved };
};

/** `conversations`: ids of those that may be searched now. */
export type FindFilesParams = Page & { readonly account: string; readonly name: string; readonly kind?: FileKind; readonly conversations: readonly string[] };

const found = (files: ViewReader, p: FindFilesParams): FilesFound => {
  const conditions = new Conditions();
  conditions.add('n.name IN (SELECT value FROM json_each(?))', JSON.stringify(p.conversations.map(streams.conversation)));
  conditions.add('f.withdrawn_at IS NULL');
  conditions.add(seen, p.account);
  addName(conditions, p.name);
  if (p.kind !== undefined) conditions.add('f.kind = ?', p.kind);
  const { total, rows, next } = find(files, conditions, p);
  return { total, files: rows.map((row) => sharedFileOf(row)), next };
};

/** Where people see what was shared since they joined, it must lie in one of their stays. */
const seen = `(SELECT since_joined FROM conversations c WHERE c.ref = f.conversation) = 0
  OR EXISTS (SELECT 1 FROM intervals i WHERE i.conversation = f.conversation AND i.account = ? AND f.revision >= i.joined AND (i.left_at IS NULL OR f.revision <= i.left_at))`;

export type ArchivedFilesParams = Page & { readonly name: string; readonly filter: FileFilter };
export type ArchivedFiles = { readonly total: number; readonly bytes: number; readonly files: readonly ArchivedFile[]; readonly next: number | null };

const conditionsOf = ({ name, filter }: ArchivedFilesParams): Conditions => {
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

const archived = (files: ViewReader, directory: ViewReader, p: ArchivedFilesParams): ArchivedFiles => {
  const { total, bytes, rows, next } = find(files, conditionsOf(p), p);
  const nameOf = (account: string): string => directory.get<{ display_name: string | null }>('SELECT display_name FROM people WHERE account = ?', account)?.display_name ?? '';
  return { total, bytes, next, files: rows.map((row) => ({ ...sharedFileOf(row, true), position: row.position, authorName: nameOf(row.author), sha256: row.hash, withdrawnAt: row.withdrawn_at })) };
};

/** Where one file is in the record. `isSeen`: whether this person may see what was said there then, membership aside. */
export type FilePlace = { readonly revision: number; readonly position: number; readonly author: string; readonly withdrawn: boolean; readonly isSeen: boolean };

const one = (files: ViewReader, p: { readonly conversationId: string; readonly fileId: string; readonly account: string }): FilePlace | null => {
  const row = files.get<{ revision: number; position: number; author: string; withdrawn_at: number | null; is_seen: number }>(
    `SELECT f.revision, f.position, f.author, f.withdrawn_at, (${seen}) AS is_seen FROM ${from} WHERE f.file = ? AND n.name = ?`, p.account, p.fileId, streams.conversation(p.conversationId),
  );
  return row ? { revision: row.revision, position: row.position, author: row.author, withdrawn: row.withdrawn_at !== null, isSeen: row.is_seen === 1 } : null;
};

/** A reservation that is still open. `shared`: its file is in the record, so that it waits to be settled. */
export type OpenUpload = { readonly account: string; readonly fileId: string; readonly bytes: number; readonly at: number; readonly shared: boolean };

export const filesQueries = {
  'files.mine': viewQuery<MyFilesParams, ReturnType<typeof mine>>(['files'], (read, p) => mine(read('files'), p)),
  'files.found': viewQuery<FindFilesParams, FilesFound>(['files'], (read, p) => found(read('files'), p)),
  'files.archived': viewQuery<ArchivedFilesParams, ArchivedFiles>(['files', 'directory'], (read, p) => archived(read('files'), read('directory'), p)),
  /** Null where there is no such file. */
  'files.one': viewQuery<{ readonly conversationId: string; readonly fileId: string; readonly account: string }, FilePlace | null>(['files'], (read, p) => one(read('files'), p)),
  'files.any': viewQuery<Record<string, never>, boolean>(['files'], (read) => read('files').get('SELECT 1 FROM files LIMIT 1') !== undefined),
  /** Which of these addresses the record names. */
  'files.named': viewQuery<{ readonly blobs: readonly string[] }, readonly string[]>(['files'], (read, p) =>
    read('files').all<{ blob: string }>('SELECT DISTINCT f.blob FROM json_each(?) wanted JOIN files f ON f.blob = wanted.value', JSON.stringify(p.blobs)).map(({ blob }) => blob)),
  /** Reservations from before a time, and those whose file was shared. */
  'files.uploads': viewQuery<{ readonly before: number }, readonly OpenUpload[]>(['files'], (read, p) =>
    read('files')
      .all<Omit<OpenUpload, 'shared'> & { shared: number }>('SELECT u.account, u.file AS fileId, u.bytes, u.at, EXISTS (SELECT 1 FROM files f WHERE f.file = u.file AND f.author = u.account) AS shared FROM uploads u ORDER BY u.at')
      .map((row) => ({ ...row, shared: row.shared === 1 }))
      .filter((row) => row.shared || row.at < p.before)),
};

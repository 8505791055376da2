import type { FileKind, SharedFile } from '#src/contract/files.ts';
import { streams } from '#src/kernel/streams.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';
import { archived, archivedRows, scope, type ArchivedFiles, type ArchivedFilesParams, type ArchivedRow, type FilesScope, type ScopeParams } from './archived-files.ts';
import { addName, Conditions, find, from, sharedFileOf, type Page } from './found-files.ts';

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

/** Where one file is in the record. `isSeen`: whether this person may see what was said there then, membership aside. */
export type FilePlace = { readonly revision: number; readonly position: number; readonly author: string; readonly withdrawn: boolean; readonly isSeen: boolean };

const one = (files: ViewReader, p: { readonly conversationId: string; readonly fileId: string; readonly account: string }): FilePlace | null => {
  const row = files.get<{ revision: number; position: number; author: string; withdrawn_at: number | null; is_seen: number }>(
    `SELECT f.revision, f.position, f.author, f.withdrawn_at, (${seen}) AS is_seen FROM ${from} WHERE f.file = ? AND n.name = ?`, p.account, p.fileId, streams.conversation(p.conversationId),
  );
  return row ? { revision: row.revision, position: row.position, author: row.author, withdrawn: row.withdrawn_at !== null, isSeen: row.is_seen === 1 } : null;
};

/** What is needed to read a file, but its key. */
export type UnreadFile = { readonly position: number; readonly conversationId: string; readonly fileId: string; readonly revision: number };
const unreadFiles = (files: ViewReader, where: string, ...values: (string | number)[]): readonly UnreadFile[] =>
  files.all<{ position: number; stream: string; file: string; revision: number }>(`SELECT f.position, n.name AS stream, f.file, f.revision FROM ${from} WHERE ${where}`, ...values)
    .map(({ position, stream, file, revision }) => ({ position, conversationId: stream.slice('conversation-'.length), fileId: file, revision }));

/** A reservation that is still open. `shared`: its file is in the record, so that it waits to be settled. */
export type OpenUpload = { readonly account: string; readonly fileId: string; readonly bytes: number; readonly at: number; readonly shared: boolean };

export const filesQueries = {
  'files.mine': viewQuery<MyFilesParams, ReturnType<typeof mine>>(['files'], (read, p) => mine(read('files'), p)),
  'files.found': viewQuery<FindFilesParams, FilesFound>(['files'], (read, p) => found(read('files'), p)),
  'files.archived': viewQuery<ArchivedFilesParams, ArchivedFiles>(['archive', 'files', 'directory'], archived),
  'files.scope': viewQuery<ScopeParams, FilesScope>(['files'], (read, p) => scope(read('files'), p)),
  'files.rows': viewQuery<{ readonly positions: readonly number[] }, readonly ArchivedRow[]>(['archive', 'files', 'directory'], (read, p) => archivedRows(read, p.positions)),
  /** In log order, those shared after a position. */
  'files.after': viewQuery<{ readonly after: number; readonly limit: number }, readonly UnreadFile[]>(['files'], (read, p) => unreadFiles(read('files'), 'f.position > ? ORDER BY f.position LIMIT ?', p.after, p.limit)),
  'files.at': viewQuery<{ readonly positions: readonly number[] }, readonly UnreadFile[]>(['files'], (read, p) => unreadFiles(read('files'), 'f.position IN (SELECT value FROM json_each(?)) ORDER BY f.position', JSON.stringify(p.positions))),
  /** Those whose key is gone. */
  'files.gone': viewQuery<{ readonly upTo: number }, readonly UnreadFile[]>(['files'], (read, p) => unreadFiles(read('files'), 'f.name IS NULL AND f.position <= ?', p.upTo)),
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

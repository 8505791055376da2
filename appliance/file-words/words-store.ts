import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { removeFile } from '#projections/runner/view-file.ts';
import { fullTextSchema } from '#projections/search/full-text.ts';
import { matchOf } from '#projections/search/match.ts';
import { isUnreadable, readQuery, type Condition, type Unreadable } from '#projections/search/query.ts';
import { segmented } from '#projections/search/tokens.ts';
import type { ReadInside, WordsState } from '#src/contract/files.ts';
import { excerptOf, type Excerpt } from './excerpt.ts';
import type { Reading } from './reading.ts';

/** Raised whenever the same file would come out differently: then everything is read again. */
const version = 1;

/** `position`: of the sharing, which names the file here. */
export type FilePlace = { readonly position: number; readonly conversationId: string; readonly fileId: string };
export type Progress = { readonly position: number; readonly leafHash: string };
const nowhere: Progress = { position: -1, leafHash: '' };

/** `positions` and `sizes` side by side: the files that the other conditions leave. `words` empty: all of them. */
export type InsideParams = { readonly positions: Float64Array; readonly sizes: Float64Array; readonly words: string; readonly unread: boolean; readonly before?: number; readonly limit: number };
export type FoundInside = { readonly total: number; readonly bytes: number; readonly page: readonly number[]; readonly next: number | null; readonly inside: ReadInside };
export type InsideOfFile = { readonly position: number; readonly words: WordsState; readonly excerpt: Excerpt | null };

const schema = `
  CREATE TABLE progress (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, log TEXT NOT NULL, position INTEGER NOT NULL, leaf TEXT NOT NULL) STRICT;
  CREATE TABLE files (position INTEGER PRIMARY KEY, conversation TEXT NOT NULL, file TEXT NOT NULL, state TEXT NOT NULL, text BLOB) STRICT;
  CREATE UNIQUE INDEX files_by_id ON files (file, conversation);
  CREATE INDEX files_missing ON files (position) WHERE state = 'missing';
  ${fullTextSchema('texts')}`;

const opened = (file: string, logId: string): DatabaseSync => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const open = (): DatabaseSync => {
    const db = new DatabaseSync(file, { timeout: 10_000 });
    // Nothing waits for the disk: what a power cut takes is read again. Torn, it is made anew.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF');
    return db;
  };
  let db: DatabaseSync | undefined;
  try {
    db = open();
    const row = db.prepare('SELECT version, log FROM progress').get();
    db.exec('SELECT 1 FROM files LIMIT 1; SELECT 1 FROM texts LIMIT 1');
    if (row?.['version'] === version && row['log'] === logId) return db;
  } catch {
    // Missing, damaged and of another version are the same.
  }
  db?.close();
  removeFile(file);
  db = open();
  db.exec(`BEGIN; ${schema} COMMIT`);
  db.prepare('INSERT INTO progress VALUES (1, ?, ?, ?, ?)').run(version, logId, nowhere.position, nowhere.leafHash);
  return db;
};

const packed = (text: string): Uint8Array => zstdCompressSync(text);
const unpacked = (text: Uint8Array): string => zstdDecompressSync(text).toString();

const queryOf = (words: string): { readonly where: Condition | null } | Unreadable => {
  if (words.trim() === '') return { where: null };
  const query = readQuery(words, { grouping: true });
  if (isUnreadable(query)) return query;
  const hasField = query.from.length > 0 || query.in.length > 0 || query.before !== null || query.after !== null;
  return hasField ? { unreadable: true, at: 0, says: 'Inside files only words can be looked for. Choose senders, conversations and dates among the filters.' } : query;
};

/** The words inside files, on this node: derived from the bytes of the files, disposable, read again when it is lost. Synchronous, for a thread that may wait for a disk. */
export class WordsStore {
  readonly #db: DatabaseSync;

  constructor(file: string, logId: string) {
    this.#db = opened(file, logId);
  }

  progress(): Progress {
    const { position, leaf } = this.#db.prepare('SELECT position, leaf FROM progress').get() as { position: number; leaf: string };
    return { position, leafHash: leaf };
  }

  /** What became of one file, and with it how far reading has come, at once. What was forgotten meanwhile stays so. */
  put({ position, conversationId, fileId }: FilePlace, { state, text }: Reading, progress?: Progress): void {
    this.#together(() => {
      const isForgotten = this.#db.prepare("SELECT 1 FROM files WHERE position = ? AND state = 'gone'").get(position) !== undefined;
      if (!isForgotten) {
        this.#db.prepare('DELETE FROM texts WHERE rowid = ?').run(position);
        this.#db.prepare('INSERT INTO files VALUES (?, ?, ?, ?, ?) ON CONFLICT (position) DO UPDATE SET state = excluded.state, text = excluded.text').run(position, conversationId, fileId, state, text === '' ? null : packed(text));
        if (text !== '') this.#db.prepare("INSERT INTO texts (rowid, tokens, scope) VALUES (?, ?, '')").run(position, segmented(text));
      }
      if (progress) this.#db.prepare('UPDATE progress SET position = ?, leaf = ?').run(progress.position, progress.leafHash);
    });
  }

  /** Nothing of its words stays, on disk either; nor are they taken in when they are being read at this moment. */
  forget({ position, conversationId, fileId }: FilePlace): void {
    this.#together(() => {
      this.#db.prepare('DELETE FROM texts WHERE rowid = ?').run(position);
      this.#db.prepare("INSERT INTO files VALUES (?, ?, ?, 'gone', NULL) ON CONFLICT (position) DO UPDATE SET state = 'gone', text = NULL").run(position, conversationId, fileId);
    });
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  clear(): void {
    this.#together(() => {
      this.#db.exec('DELETE FROM texts; DELETE FROM files');
      this.#db.prepare('UPDATE progress SET position = ?, leaf = ?').run(nowhere.position, nowhere.leafHash);
    });
    this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  /** Files whose bytes could not be had; they may have been brought back. */
  missing(): readonly number[] {
    return this.#db.prepare("SELECT position FROM files WHERE state = 'missing' ORDER BY position").all().map((row) => row['position'] as number);
  }

  find({ positions, sizes, words, unread, before = Number.MAX_SAFE_INTEGER, limit }: InsideParams): FoundInside | Unreadable {
    const query = queryOf(words);
    if (isUnreadable(query)) return query;
    const sizeOf = new Map([...positions].map((position, n) => [position, sizes[n]!]));
    // What is written between the two must not make a file count as read whose words were not among those looked through.
    const [states, holds] = this.#atOneMoment(() => [this.#statesOf(positions), this.#holding(query.where)] as const);
    const wanted = [...sizeOf.keys()].filter((position) => (holds === undefined || holds.has(position)) && (!unread || states.get(position) !== 'read')).sort((a, b) => b - a);
    const later = wanted.filter((position) => position < before);
    const page = later.slice(0, limit);
    const counts = new Map<WordsState, number>();
    for (const position of sizeOf.keys()) {
      const state = states.get(position) ?? 'waiting';
      counts.set(state, (counts.get(state) ?? 0) + 1);
    }
    return {
      total: wanted.length, bytes: wanted.reduce((sum, position) => sum + sizeOf.get(position)!, 0), page, next: later.length > limit ? page.at(-1)! : null,
      inside: { of: sizeOf.size, states: [...counts].map(([state, count]) => ({ state, count })).sort((a, b) => b.count - a.count || (a.state < b.state ? -1 : 1)) },
    };
  }

  /** For each of a page of files, in that order. */
  insides(positions: readonly number[], words: string): readonly InsideOfFile[] {
    const query = queryOf(words);
    const where = isUnreadable(query) ? null : query.where;
    const one = this.#db.prepare('SELECT state, text FROM files WHERE position = ?');
    return positions.map((position) => {
      const row = one.get(position) as { readonly state: WordsState; readonly text: Uint8Array | null } | undefined;
      return { position, words: row?.state ?? 'waiting', excerpt: row?.text && where ? excerptOf(unpacked(row.text), where) : null };
    });
  }

  close(): void {
    this.#db.close();
  }

  /** A file without a row has not been read: nothing is concluded from how far reading has come. */
  #statesOf(positions: Float64Array): ReadonlyMap<number, WordsState> {
    const rows = this.#db.prepare('SELECT f.position, f.state FROM json_each(?) s CROSS JOIN files f ON f.position = s.value').all(JSON.stringify([...positions]));
    return new Map(rows.map((row) => [row['position'] as number, row['state'] as WordsState]));
  }

  /** Files with these words; undefined where none are asked for. Where something is only left out, every file that was read and lacks it. */
  #holding(where: Condition | null): ReadonlySet<number> | undefined {
    if (!where) return undefined;
    // No column but the words holds a term here, so that none has to be named.
    const { find, except } = matchOf(where);
    const rows = find === null
      ? this.#db.prepare('SELECT position FROM files WHERE text IS NOT NULL AND position NOT IN (SELECT rowid FROM texts WHERE texts MATCH ?)').all(except)
      : this.#db.prepare('SELECT rowid AS position FROM texts WHERE texts MATCH ?').all(except === null ? find : `${find} NOT ${except}`);
    return new Set(rows.map((row) => row['position'] as number));
  }

  /** All of it reads what was committed when it began. */
  #atOneMoment<T>(read: () => T): T {
    this.#db.exec('BEGIN');
    try {
      return read();
    } finally {
      this.#db.exec('COMMIT');
    }
  }

  #together(work: () => void): void {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.#db.exec('COMMIT');
    } catch (cause) {
      this.#db.exec('ROLLBACK');
      throw cause;
    }
  }
}

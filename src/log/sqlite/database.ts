import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { Fault } from '../../kernel/fault.ts';
import { emptyRoot } from '../../ledger/tree.ts';

/** The log itself, or a node's copy of a log whose authority is elsewhere: read alike, never taken for each other. */
export type FileKind = 'log' | 'copy';

/** "HnLg" and "HnLc" in the header of the file, so that no other SQLite file is taken for a log, and no copy for the log itself. */
const applicationIds: Readonly<Record<FileKind, number>> = { log: 0x486e4c67, copy: 0x486e4c63 };
const schemaVersion = 1;

// 3.7.0 to 3.51.2 can corrupt a database when the WAL is reset (sqlite.org, release 3.51.3).
const sqliteVersionMin = [3, 51, 3] as const;

const schema = `
  CREATE TABLE streams (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    revision INTEGER NOT NULL,
    leaf TEXT NOT NULL
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL, -- streams.id, written in the same transaction
    revision INTEGER NOT NULL,
    id TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    metadata TEXT NOT NULL,
    leaf TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_stream ON events (stream, revision);
  CREATE TABLE tree (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    size INTEGER NOT NULL,
    peaks BLOB NOT NULL,
    root TEXT NOT NULL
  ) STRICT;
`;

const numberOf = (database: DatabaseSync, pragma: string): number => {
  const row = database.prepare(`PRAGMA ${pragma}`).get() as Record<string, unknown> | undefined;
  return Number(Object.values(row ?? {})[0]);
};

const assertVersion = (database: DatabaseSync): void => {
  const { version } = database.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  const parts = version.split('.').map(Number);
  for (const [i, least] of sqliteVersionMin.entries()) {
    const part = parts[i] ?? 0;
    if (part > least) return;
    if (part < least) throw new Fault(`SQLite ${version} can damage a log; ${sqliteVersionMin.join('.')} or newer is needed. Use a newer Node 24.`);
  }
};

/**
 * Takes the lock that makes this process the only one on `file`, on a database of its own so that readers stay free. The
 * operating system drops it with the process, so a crash leaves nothing behind. Throws `Fault` when another holds it.
 */
export const takeLock = (file: string): DatabaseSync => {
  const lock = new DatabaseSync(`${file}.lock`, { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    // SQLITE_BUSY (sqlite.org/rescode.html).
    if ((error as { errcode?: number }).errcode === 5) throw new Fault(`The log ${file} is in use by another appliance. Only one may run on a data folder.`);
    throw new Fault(`The log ${file} cannot be locked: ${(error as Error).message}.`, { cause: error });
  }
};

// SQLite keeps the mode of the main file for its -wal and -shm. Durable before the first event: the file's name in its folder.
const createPrivately = (file: string): void => {
  closeSync(openSync(file, 'a', 0o600));
  const folder = openSync(dirname(file), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

/** How far a copy has come, in the authority's own positions (decimal texts), and what it saw that people must hear of. */
const copySchema = `
  CREATE TABLE upstream (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    handled_commit TEXT NOT NULL,
    handled_prepare TEXT NOT NULL,
    last_commit TEXT, -- of the last event in the copy
    last_prepare TEXT
  ) STRICT;
  CREATE TABLE alarms (
    id TEXT PRIMARY KEY,
    alarm TEXT NOT NULL
  ) STRICT;
`;

const createSchema = (database: DatabaseSync, kind: FileKind): void => {
  database.exec('BEGIN IMMEDIATE');
  database.exec(schema);
  if (kind === 'copy') database.exec(copySchema);
  database.prepare('INSERT INTO tree (one, size, peaks, root) VALUES (1, 0, ?, ?)').run(Buffer.alloc(0), emptyRoot().toString('base64url'));
  database.exec(`PRAGMA application_id = ${applicationIds[kind]}; PRAGMA user_version = ${schemaVersion}; COMMIT`);
};

const assertOurs = (file: string, database: DatabaseSync, kind: FileKind): void => {
  const found = numberOf(database, 'application_id');
  if (kind === 'log' && found === applicationIds.copy) throw new Fault(`The file ${file} is a copy of a log that is kept in EventStoreDB. It was left as it is; say where the log is in HANSARD_LOG.`);
  if (kind === 'copy' && found === applicationIds.log) throw new Fault(`The file ${file} is a log of its own, not a copy of one. It was left as it is.`);
  if (found !== applicationIds[kind]) throw new Fault(`The file ${file} is not a Hansard log.`);
  const version = numberOf(database, 'user_version');
  if (version !== schemaVersion) throw new Fault(`The log ${file} has format ${version}; this version of Hansard reads format ${schemaVersion}.`);
};

/**
 * Opens the log for writing, creates it when it is missing, and makes everything that a crash left in the WAL durable.
 * The lock must be held. Throws `Fault` when the file is no log of ours or cannot promise durability. A copy may lose its
 * last commits in a power cut, because its authority has them; it is never torn.
 */
export const openForWriting = (file: string, kind: FileKind = 'log'): DatabaseSync => {
  createPrivately(file);
  const database = new DatabaseSync(file, { timeout: 0 });
  try {
    assertVersion(database);
    // Before anything is changed: the file may be somebody else's.
    const isNew = numberOf(database, 'schema_version') === 0;
    if (!isNew) assertOurs(file, database, kind);
    const { journal_mode: journal } = database.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string };
    if (journal !== 'wal') throw new Fault(`The log ${file} cannot use a write-ahead log here (${journal}); its file system does not fit.`);
    // Checkpoints are the writer's own: those that SQLite makes by itself hide their errors.
    database.exec(`PRAGMA synchronous = ${kind === 'log' ? 'FULL' : 'NORMAL'}; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -65536; PRAGMA trusted_schema = OFF`);
    if (kind === 'log' && numberOf(database, 'synchronous') !== 2) throw new Fault(`The log ${file} does not flush its commits (synchronous is not FULL).`);
    if (isNew) createSchema(database, kind);
    // What a crashed process wrote may be in the page cache alone. Flushed into the main file, it is durable before anybody reads it.
    checkpoint(database, 'TRUNCATE');
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
};

/** A connection that cannot write. The writer must have opened the file before. */
export const openForReading = (file: string): DatabaseSync => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  database.exec('PRAGMA cache_size = -32768; PRAGMA trusted_schema = OFF');
  return database;
};

/** Pages now in the WAL. */
export const walPages = (database: DatabaseSync): number => (database.prepare('PRAGMA wal_checkpoint(NOOP)').get() as { log: number }).log;

/** Moves the WAL into the main file and flushes it. Readers may hold some back; any other failure throws. */
export const checkpoint = (database: DatabaseSync, how: 'PASSIVE' | 'TRUNCATE'): void => {
  database.prepare(`PRAGMA wal_checkpoint(${how})`).get();
};

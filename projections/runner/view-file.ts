import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { View, ViewName } from '../view.ts';

/** Where a view has come: the position and leaf hash of the last event it has applied. -1: none. */
export type Checkpoint = { readonly position: number; readonly leafHash: string };
export const nowhere: Checkpoint = { position: -1, leafHash: '' };

export const fileOf = (folder: string, view: ViewName): string => join(folder, `${view}.sqlite`);
/** Where a rebuild writes, beside the running file. */
export const rebuildingFileOf = (folder: string, view: ViewName): string => join(folder, `${view}.rebuilding.sqlite`);

const checkpointSchema = `CREATE TABLE checkpoint (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL, position INTEGER NOT NULL, leaf TEXT NOT NULL) STRICT;`;

export const removeFile = (file: string): void => {
  for (const ending of ['', '-wal', '-shm', '-journal']) rmSync(`${file}${ending}`, { force: true });
};

/** Makes an empty file for a view. Views are disposable, so nothing waits for the disk: a file that a power cut left torn is rebuilt. */
export const createFile = (file: string, view: View): DatabaseSync => {
  removeFile(file);
  const db = new DatabaseSync(file);
  // auto_vacuum off, larger pages: what clusters by conversation is read by the page.
  db.exec('PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA secure_delete = ON');
  db.exec('BEGIN');
  db.exec(view.schema);
  db.exec(checkpointSchema);
  db.prepare('INSERT INTO checkpoint VALUES (1, ?, -1, ?)').run(view.version, '');
  db.exec('COMMIT');
  return db;
};

/** While a rebuild fills a file that nobody else has: no journal, because it is thrown away when anything fails. */
export const fillInBulk = (db: DatabaseSync): void => {
  // A defensive connection, which is the default, silently keeps its journal.
  db.enableDefensive(false);
  const { journal_mode: journal } = db.prepare('PRAGMA journal_mode = OFF').get() as { journal_mode: string };
  if (journal !== 'off') throw new Error(`A file that is rebuilt keeps a journal (${journal}).`);
  db.enableDefensive(true);
  // What is written in order needs no more: three times as much is not faster, and there are as many caches as views.
  db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -8192');
};

/** Opens a view's file for writing, or undefined where it is missing, damaged, or of another version. */
export const openFile = (file: string, view: View): DatabaseSync | undefined => {
  if (!existsSync(file)) return undefined;
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    db.exec('PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; PRAGMA secure_delete = ON');
    const row = db.prepare('SELECT version FROM checkpoint').get() as { version: number } | undefined;
    if (row?.version === view.version) return db;
  } catch {
    // Unreadable is the same as missing: the log has it all.
  }
  db?.close();
  return undefined;
};

/** A connection that only reads. The file must exist. */
export const openFileForReading = (file: string): DatabaseSync => {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  db.exec('PRAGMA cache_size = -32768; PRAGMA mmap_size = 1073741824; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF');
  return db;
};

export const readCheckpoint = (db: DatabaseSync): Checkpoint => {
  const row = db.prepare('SELECT position, leaf FROM checkpoint').get() as { position: number; leaf: string };
  return { position: row.position, leafHash: row.leaf };
};

import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import { scopeName, type Scope } from '#src/sealing/scopes.ts';
import { keyringFile, readMasterKey } from './key-files.ts';
import { unwrap, wrap } from './wrapping.ts';

const schema = `
  CREATE TABLE secret (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE key_encryption_key (id INTEGER PRIMARY KEY AUTOINCREMENT, month TEXT NOT NULL, wrapped BLOB NOT NULL) STRICT;
  CREATE TABLE data_key (
    id TEXT PRIMARY KEY, stream TEXT NOT NULL, subject TEXT NOT NULL, class TEXT NOT NULL, month TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'gone')),
    wrapped_by INTEGER REFERENCES key_encryption_key, wrapped BLOB, CHECK ((state = 'gone') = (wrapped IS NULL))
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX data_key_by_scope ON data_key (stream, subject, class, month);
  PRAGMA user_version = 1;
`;

/** A data key as it is in memory while it is used; `key` has 32 bytes. */
export type StoredKey = { readonly id: string; readonly key: Buffer };
type Row = { readonly id: string; readonly stream: string; readonly subject: string; readonly class: string; readonly month: string; readonly state: string; readonly wrapped_by: number; readonly wrapped: Uint8Array };

const monthText = (scope: Scope): string => scope.month ?? '';
const kekName = (month: string): string => `hansard/key-encryption-key/1/${month}`;
const dataKeyName = (id: string, scope: string): string => `hansard/data-key/1/${id}/${scope}`;
const secretName = (name: string): string => `hansard/secret/1/${name}`;
const rowName = (row: Row): string => dataKeyName(row.id, `${row.stream}/${row.subject}/${row.class}/${row.month}`);

/**
 * The keyring on disk, synchronous: one writing instance, in the keyring's thread, and any number of read-only ones.
 * Master key wraps secrets and key-encryption keys, one of those per month wraps data keys (AES-256-GCM each).
 * Every method that writes is one transaction, flushed when it returns.
 */
export class KeyringStore {
  readonly #db: DatabaseSync;
  readonly #master: KeyObject;
  readonly #keks = new Map<number, KeyObject>();
  readonly #kekOfMonth = new Map<string, number>();
  readonly #byId: StatementSync;
  readonly #openByScope: StatementSync;

  /** `folder` is the folder of the keys. Throws `Fault` naming the file that is missing. */
  constructor(folder: string, mode: 'create' | 'write' | 'read') {
    const path = join(folder, keyringFile);
    if (mode !== 'create' && !existsSync(path)) throw new Fault(`The keyring is missing: ${path}. Put the folder of the keys back from the backup.`);
    this.#master = createSecretKey(readMasterKey(folder));
    this.#db = new DatabaseSync(path, { readOnly: mode === 'read', timeout: 5_000 });
    if (mode !== 'read') this.#makeDurable();
    if (mode === 'create') this.#db.exec(schema);
    this.#byId = this.#db.prepare('SELECT * FROM data_key WHERE id = ?');
    this.#openByScope = this.#db.prepare(
      `SELECT * FROM data_key WHERE stream = ? AND subject = ? AND class = ? AND month = ? AND state = 'open' ORDER BY id LIMIT 1`,
    );
  }

  #makeDurable(): void {
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;');
    const read = (pragma: string): unknown => Object.values(this.#db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
    const set = [read('journal_mode'), read('synchronous'), read('secure_delete')];
    if (set.join() !== 'wal,2,1') throw new Fault(`The keyring cannot be written safely: SQLite answers ${set.join()} for journal_mode, synchronous, secure_delete.`);
  }

  /** What never changes: the log secret (`log`) and the keys of writers (`writer/<id>`), oldest first. */
  secrets(): ReadonlyMap<string, Buffer> {
    const rows = this.#db.prepare('SELECT name, wrapped FROM secret ORDER BY name').all() as { name: string; wrapped: Uint8Array }[];
    return new Map(rows.map(({ name, wrapped }) => [name, unwrap(this.#master, secretName(name), wrapped)]));
  }

  putSecret(name: string, secret: Uint8Array): void {
    this.#db.prepare('INSERT INTO secret (name, wrapped) VALUES (?, ?)').run(name, wrap(this.#master, secretName(name), secret));
  }

  key(id: string): StoredKey | 'gone' | 'unknown' {
    const row = this.#byId.get(id) as Row | undefined;
    if (!row) return 'unknown';
    return row.state === 'gone' ? 'gone' : this.#unwrapped(row);
  }

  /** An open key for each scope, in their order; those that are missing are made, all in one transaction. */
  openKeys(scopes: readonly Scope[]): readonly StoredKey[] {
    const found = scopes.map((scope) => this.#openByScope.get(scope.stream, scope.subject, scope.class, monthText(scope)) as Row | undefined);
    if (found.every((row) => row !== undefined)) return found.map((row) => this.#unwrapped(row));
    return this.#inTransaction(() => {
      const insert = this.#db.prepare(
        `INSERT INTO data_key (id, stream, subject, class, month, state, wrapped_by, wrapped) VALUES (?, ?, ?, ?, ?, 'open', ?, ?)`,
      );
      return scopes.map((scope, index) => {
        const row = found[index];
        if (row) return this.#unwrapped(row);
        const made = { id: uuidv7(Date.now()), key: randomBytes(32) };
        const kek = this.#currentKek(monthText(scope));
        const wrapped = wrap(this.#kek(kek), dataKeyName(made.id, scopeName(scope)), made.key);
        insert.run(made.id, scope.stream, scope.subject, scope.class, monthText(scope), kek, wrapped);
        return made;
      });
    });
  }

  /** Nothing is sealed under the scope's keys any more. Returns their ids; those that are gone are not among them. */
  closeScope(scope: Scope): readonly string[] {
    return this.#inTransaction(() => this.#change(`UPDATE data_key SET state = 'closed' WHERE %s AND state <> 'gone' RETURNING id`, scope));
  }

  /** Destroys the scope's closed keys and returns their ids. Bytes are overwritten in the database and cleared from its log. */
  destroyScope(scope: Scope): readonly string[] {
    const ids = this.#inTransaction(() =>
      this.#change(`UPDATE data_key SET state = 'gone', wrapped = NULL, wrapped_by = NULL WHERE %s AND state = 'closed' RETURNING id`, scope),
    );
    const { busy } = this.#db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    if (busy) throw new Fault('A reader of the keyring was in the way, so destroyed keys may still stand in its write-ahead log. Try again.');
    return ids;
  }

  close(): void {
    this.#db.close();
  }

  #change(sql: string, scope: Scope): readonly string[] {
    const statement = this.#db.prepare(sql.replace('%s', 'stream = ? AND subject = ? AND class = ? AND month = ?'));
    return (statement.all(scope.stream, scope.subject, scope.class, monthText(scope)) as { id: string }[]).map(({ id }) => id);
  }

  #inTransaction<R>(work: () => R): R {
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.#db.exec('COMMIT');
      return result;
    } catch (cause) {
      // What was made in memory for a transaction that is not there must not be used.
      this.#keks.clear();
      this.#kekOfMonth.clear();
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw cause;
    }
  }

  #unwrapped(row: Row): StoredKey {
    return { id: row.id, key: unwrap(this.#kek(row.wrapped_by), rowName(row), row.wrapped) };
  }

  #kek(id: number): KeyObject {
    const known = this.#keks.get(id);
    if (known) return known;
    const row = this.#db.prepare('SELECT month, wrapped FROM key_encryption_key WHERE id = ?').get(id) as { month: string; wrapped: Uint8Array } | undefined;
    if (!row) throw new Fault(`The keyring lacks its key-encryption key ${id}.`);
    const kek = createSecretKey(unwrap(this.#master, kekName(row.month), row.wrapped));
    this.#keks.set(id, kek);
    return kek;
  }

  /** The newest of the month; made when there is none. */
  #currentKek(month: string): number {
    const known = this.#kekOfMonth.get(month);
    if (known !== undefined) return known;
    const newest = this.#db.prepare('SELECT max(id) AS id FROM key_encryption_key WHERE month = ?').get(month) as { id: number | null };
    const id = newest.id ?? this.#makeKek(month);
    this.#kekOfMonth.set(month, id);
    return id;
  }

  #makeKek(month: string): number {
    const wrapped = wrap(this.#master, kekName(month), randomBytes(32));
    const made = this.#db.prepare('INSERT INTO key_encryption_key (month, wrapped) VALUES (?, ?) RETURNING id').get(month, wrapped) as { id: number };
    return made.id;
  }
}

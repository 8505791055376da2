import { createSecretKey, randomBytes, timingSafeEqual, type KeyObject } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import type { Scope, SealingClass } from '#src/sealing/scopes.ts';
import { KeyEncryptionKeys } from './key-encryption-keys.ts';
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
/** A data key with what it covers; a month that does not apply is the empty text. */
export type NewKey = StoredKey & { readonly stream: string; readonly subject: string; readonly class: SealingClass; readonly month: string };
export type KeyRow = Omit<NewKey, 'key'> & { readonly state: 'open' | 'closed' | 'gone'; readonly wrapped_by: number; readonly wrapped: Uint8Array };

const monthText = (scope: Scope): string => scope.month ?? '';
/** What a wrapped data key is bound to. */
export const dataKeyName = ({ id, stream, subject, class: ofClass, month }: Omit<NewKey, 'key'>): string => `hansard/data-key/1/${id}/${stream}/${subject}/${ofClass}/${month}`;

/** A new key for a scope, in memory only. */
export const newKey = (scope: Scope): NewKey => ({ id: uuidv7(Date.now()), key: randomBytes(32), stream: scope.stream, subject: scope.subject, class: scope.class, month: monthText(scope) });

const ofScope = 'stream = ? AND subject = ? AND class = ? AND month = ?';

/**
 * The keyring on disk, synchronous: one writing instance, in the keyring's thread, and any number of read-only ones.
 * Master key wraps secrets and the epoch's key, that wraps one key-encryption key per month, those wrap data keys (AES-256-GCM each).
 * Every method that writes is one transaction, flushed when it returns.
 */
export class KeyringStore {
  readonly db: DatabaseSync;
  readonly master: KeyObject;
  readonly #keks: KeyEncryptionKeys;
  readonly #mode: 'create' | 'write' | 'read';
  readonly #byId: StatementSync;
  #openByScope: StatementSync;

  /** `folder` holds keyring.sqlite, `common` the master key. Throws `Fault` naming the file that is missing. */
  constructor(folder: string, mode: 'create' | 'write' | 'read', common = folder) {
    const path = join(folder, keyringFile);
    if (mode !== 'create' && !existsSync(path)) throw new Fault(`The keyring is missing: ${path}. Put the folder of the keys back from the backup.`);
    this.master = createSecretKey(readMasterKey(common));
    this.db = new DatabaseSync(path, { readOnly: mode === 'read', timeout: 5_000 });
    this.#mode = mode;
    if (mode !== 'read') this.#makeDurable();
    if (mode === 'create') this.db.exec(schema);
    this.#keks = new KeyEncryptionKeys(this.db, folder, this.master);
    if (mode === 'create') this.#beginEpoch(() => []);
    this.#byId = this.db.prepare('SELECT * FROM data_key WHERE id = ?');
    this.#openByScope = this.db.prepare(`SELECT * FROM data_key WHERE ${ofScope} AND state = 'open' ORDER BY id LIMIT 1`);
  }

  #makeDurable(): void {
    this.db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;');
    const read = (pragma: string): unknown => Object.values(this.db.prepare(`PRAGMA ${pragma}`).get() ?? {})[0];
    const set = [read('journal_mode'), read('synchronous'), read('secure_delete')];
    if (set.join() !== 'wal,2,1') throw new Fault(`The keyring cannot be written safely: SQLite answers ${set.join()} for journal_mode, synchronous, secure_delete.`);
  }

  /** From now on only what this node made itself seals (`NodeRecords` says what that is). */
  sealWithOwnKeysAlone(): void {
    this.#openByScope = this.db.prepare(`SELECT * FROM data_key WHERE ${ofScope} AND state = 'open' AND NOT EXISTS (SELECT 1 FROM taken_over WHERE taken_over.id = data_key.id) ORDER BY id LIMIT 1`);
  }

  /** What never changes: the log secret (`log`) and the keys of writers (`writer/<id>`), oldest first; and which epoch it is. */
  secrets(): ReadonlyMap<string, Buffer> {
    const rows = this.db.prepare('SELECT name, wrapped FROM secret ORDER BY name').all() as { name: string; wrapped: Uint8Array }[];
    return new Map(rows.map(({ name, wrapped }) => [name, this.#keks.secret(name, wrapped)]));
  }

  /** Throws `Fault` naming the file without which no key of this keyring opens. */
  assertOpens(): void {
    this.#keks.wrapping();
  }

  putSecret(name: string, secret: Uint8Array): void {
    this.#keks.putSecret(name, secret);
  }

  key(id: string): StoredKey | 'gone' | 'unknown' {
    try {
      return this.#key(id);
    } catch (cause) {
      if (this.#mode !== 'read') throw cause;
      // The writer replaced the keys that wrapped it between two of the questions.
      this.#keks.forget();
      return this.#key(id);
    }
  }

  #key(id: string): StoredKey | 'gone' | 'unknown' {
    const row = this.#byId.get(id) as KeyRow | undefined;
    if (!row) return 'unknown';
    return row.state === 'gone' ? 'gone' : this.unwrapped(row);
  }

  /** For each scope an open key if there is one. */
  findOpen(scopes: readonly Scope[]): readonly (StoredKey | undefined)[] {
    return scopes.map((scope) => {
      const row = this.#openByScope.get(scope.stream, scope.subject, scope.class, monthText(scope)) as KeyRow | undefined;
      return row && this.unwrapped(row);
    });
  }

  /** An open key for each scope, in their order; those that are missing are made, all in one transaction. */
  openKeys(scopes: readonly Scope[]): readonly StoredKey[] {
    const found = this.findOpen(scopes);
    const all = found.map((key, index) => key ?? newKey(scopes[index]!));
    const made = all.filter((key, index) => key !== found[index]) as NewKey[];
    if (made.length > 0) this.inTransaction(() => this.insert(made));
    return all;
  }

  /** In a transaction: keeps keys, wrapped by the key-encryption key of their month. Those whose ids are known already stay as they are. */
  insert(keys: readonly NewKey[]): void {
    const insert = this.db.prepare(`INSERT OR IGNORE INTO data_key (id, stream, subject, class, month, state, wrapped_by, wrapped) VALUES (?, ?, ?, ?, ?, 'open', ?, ?)`);
    for (const key of keys) {
      const kek = this.#keks.current(key.month);
      insert.run(key.id, key.stream, key.subject, key.class, key.month, kek, wrap(this.#keks.get(kek), dataKeyName(key), key.key));
    }
  }

  /** In a transaction: what was destroyed elsewhere before it could be kept here. */
  insertGone({ id, stream, subject, class: ofClass, month }: Omit<NewKey, 'key'>): void {
    this.db.prepare(`INSERT OR IGNORE INTO data_key (id, stream, subject, class, month, state, wrapped_by, wrapped) VALUES (?, ?, ?, ?, ?, 'gone', NULL, NULL)`).run(id, stream, subject, ofClass, month);
  }

  /** In a transaction: the key opens, and seals no more. */
  closeKey(id: string): void {
    this.db.prepare(`UPDATE data_key SET state = 'closed' WHERE id = ? AND state = 'open'`).run(id);
  }

  /** Undefined: there is no such key. */
  stateOf(id: string): KeyRow['state'] | undefined {
    return (this.#byId.get(id) as KeyRow | undefined)?.state;
  }

  /** Nothing is sealed under the scopes' keys any more. Returns their ids; those that are gone are not among them. */
  closeScope(...scopes: readonly Scope[]): readonly string[] {
    return this.inTransaction(() => {
      const ids = this.idsOf(scopes, `state <> 'gone'`);
      for (const id of ids) this.closeKey(id);
      return ids;
    });
  }

  /** Destroys the scopes' closed keys and returns their ids. */
  destroyScope(...scopes: readonly Scope[]): readonly string[] {
    const ids = this.idsOf(scopes, `state = 'closed'`);
    this.destroy(ids);
    return ids;
  }

  /**
   * Destroys keys, for good: their bytes are overwritten in the database and cleared from its log; what survives of their months is
   * wrapped by new keys, read again and compared, and the old ones are destroyed, so that no older copy of the database opens anything.
   * With nothing to destroy it completes what an interrupted call has left. `also` belongs to the same transaction.
   */
  destroy(ids: readonly string[], also: () => void = () => undefined): void {
    if (ids.length > 0) {
      this.#beginEpoch(() => {
        const months = this.#markGone(ids);
        also();
        return [...months].flatMap((month) => this.#rewrap(month));
      });
    }
    const { busy } = this.db.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get() as { busy: number };
    if (busy) throw new Fault('A reader of the keyring was in the way, so destroyed keys may still stand in its write-ahead log. Try again.');
    this.#keks.destroyOldEpochs();
  }

  close(): void {
    this.db.close();
  }

  inTransaction<R>(work: () => R): R {
    this.db.exec('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.db.exec('COMMIT');
      return result;
    } catch (cause) {
      // What was made in memory for a transaction that is not there must not be used.
      this.#keks.forget();
      if (this.db.isTransaction) this.db.exec('ROLLBACK');
      throw cause;
    }
  }

  unwrapped(row: KeyRow): StoredKey {
    return { id: row.id, key: unwrap(this.#keks.get(row.wrapped_by), dataKeyName(row), row.wrapped) };
  }

  /** `work` returns what must open as before when everything is read again. */
  #beginEpoch(work: () => readonly StoredKey[]): void {
    const epoch = this.#keks.prepareEpoch();
    this.inTransaction(() => {
      const survivors = work();
      this.#keks.begin(epoch);
      for (const { id, key } of survivors) {
        if (!timingSafeEqual(this.unwrapped(this.#byId.get(id) as KeyRow).key, key)) throw new Fault(`The key ${id} did not survive its new wrapping; nothing was destroyed.`);
      }
    });
  }

  idsOf(scopes: readonly Scope[], condition: `state ${'=' | '<>'} '${KeyRow['state']}'`): readonly string[] {
    const find = this.db.prepare(`SELECT id FROM data_key WHERE ${ofScope} AND ${condition}`);
    return scopes.flatMap((scope) => (find.all(scope.stream, scope.subject, scope.class, monthText(scope)) as { id: string }[]).map(({ id }) => id));
  }

  /** Returns the months that the keys were of. */
  #markGone(ids: readonly string[]): ReadonlySet<string> {
    const mark = this.db.prepare(`UPDATE data_key SET state = 'gone', wrapped = NULL, wrapped_by = NULL WHERE id = ? RETURNING month`);
    return new Set(ids.flatMap((id) => (mark.all(id) as { month: string }[]).map(({ month }) => month)));
  }

  /** Wraps what the month has left by a new key-encryption key, drops the old ones, and returns what was wrapped. */
  #rewrap(month: string): readonly StoredKey[] {
    const old = (this.db.prepare('SELECT id FROM key_encryption_key WHERE month = ?').all(month) as { id: number }[]).map(({ id }) => id);
    const under = this.db.prepare('SELECT * FROM data_key WHERE wrapped_by = ?');
    const survivors = old.flatMap((id) => (under.all(id) as unknown as KeyRow[]).map((row) => ({ row, key: this.unwrapped(row).key })));
    const kek = this.#keks.make(month);
    const put = this.db.prepare('UPDATE data_key SET wrapped_by = ?, wrapped = ? WHERE id = ?');
    for (const { row, key } of survivors) put.run(kek, wrap(this.#keks.get(kek), dataKeyName(row), key), row.id);
    const drop = this.db.prepare('DELETE FROM key_encryption_key WHERE id = ?');
    for (const id of old) drop.run(id);
    return survivors.map(({ row, key }) => ({ id: row.id, key }));
  }
}

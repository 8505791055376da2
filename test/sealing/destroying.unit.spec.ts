import { createSecretKey, randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { keyFolder } from '#appliance/keys/key-files.ts';
import { makeKeyringFiles } from '#appliance/keys/keyring-files.ts';
import { KeyringStore } from '#appliance/keys/keyring-store.ts';
import { wrap } from '#appliance/keys/wrapping.ts';
import { uuidv4, uuidv7 } from '#src/kernel/ids.ts';
import { scopeName, scopeOf, type Scope } from '#src/sealing/scopes.ts';
import { aPostedText } from './sealing-makers.ts';

const base = mkdtempSync(join(tmpdir(), 'hansard-destroying-'));
afterAll(() => rmSync(base, { recursive: true }));

const aScope = (month = '2026-05'): Scope => ({ ...scopeOf(`conversation-${uuidv4()}`, aPostedText().data, 'text'), month });
const withKeys = (): string => {
  const folder = mkdtempSync(join(base, 'data-'));
  makeKeyringFiles(folder);
  return keyFolder(folder);
};
const made = (store: KeyringStore, scopes: readonly Scope[]) => store.openKeys(scopes).map(({ id, key }) => ({ id, key }));
const epochsIn = (folder: string): readonly string[] => readdirSync(folder).filter((name) => name.startsWith('epoch-'));

/** A keyring as it was made before there were epochs: the master key wraps the key-encryption key itself. */
const aKeyringWithoutEpoch = (scope: Scope): { folder: string; id: string; key: Buffer } => {
  const folder = mkdtempSync(join(base, 'before-'));
  const [master, kek, key, id] = [randomBytes(32), randomBytes(32), randomBytes(32), uuidv7(Date.now())];
  writeFileSync(join(folder, 'master.key'), `${master.toString('base64url')}\n`);
  const db = new DatabaseSync(join(folder, 'keyring.sqlite'));
  db.exec(`
    CREATE TABLE secret (name TEXT PRIMARY KEY, wrapped BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE key_encryption_key (id INTEGER PRIMARY KEY AUTOINCREMENT, month TEXT NOT NULL, wrapped BLOB NOT NULL) STRICT;
    CREATE TABLE data_key (
      id TEXT PRIMARY KEY, stream TEXT NOT NULL, subject TEXT NOT NULL, class TEXT NOT NULL, month TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('open', 'closed', 'gone')),
      wrapped_by INTEGER REFERENCES key_encryption_key, wrapped BLOB, CHECK ((state = 'gone') = (wrapped IS NULL))
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX data_key_by_scope ON data_key (stream, subject, class, month);
    PRAGMA user_version = 1;`);
  db.prepare('INSERT INTO secret VALUES (?, ?)').run('log', wrap(createSecretKey(master), 'hansard/secret/1/log', randomBytes(32)));
  db.prepare('INSERT INTO key_encryption_key (month, wrapped) VALUES (?, ?)').run(scope.month, wrap(createSecretKey(master), `hansard/key-encryption-key/1/${scope.month}`, kek));
  db.prepare(`INSERT INTO data_key VALUES (?, ?, ?, ?, ?, 'open', 1, ?)`).run(id, scope.stream, scope.subject, scope.class, scope.month, wrap(createSecretKey(kek), `hansard/data-key/1/${id}/${scopeName(scope)}`, key));
  db.close();
  return { folder, id, key };
};

/** Whether a copy of keyring.sqlite from before still gives the destroyed key, put beside the keys that remain. */
const opensFromAnOlderCopy = (destroy: (store: KeyringStore, scope: Scope, id: string) => void): boolean => {
  const folder = withKeys();
  const store = new KeyringStore(folder, 'write');
  const scope = aScope();
  const [{ id } = { id: '' }] = store.openKeys([scope]);
  store.closeScope(scope);
  const old = mkdtempSync(join(base, 'old-'));
  for (const file of readdirSync(folder).filter((name) => name.startsWith('keyring.sqlite'))) cpSync(join(folder, file), join(old, file));
  destroy(store, scope, id);
  store.close();
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.key'))) cpSync(join(folder, file), join(old, file));
  const copy = new KeyringStore(old, 'read');
  try {
    return typeof copy.key(id) === 'object';
  } catch {
    return false;
  } finally {
    copy.close();
  }
};

describe('destroying keys', () => {
  it('leaves every other key as it was, of the same month and of others, also when the keyring is opened again', () => {
    const folder = withKeys();
    const store = new KeyringStore(folder, 'write');
    const scopes = [aScope(), aScope(), aScope('2026-06'), { ...aScope(), month: null }];
    const keys = made(store, scopes);
    store.closeScope(scopes[0]!);
    const [before] = epochsIn(folder);
    expect(store.destroyScope(scopes[0]!)).toEqual([keys[0]!.id]);
    for (const one of [store, new KeyringStore(folder, 'read')]) {
      expect(one.key(keys[0]!.id)).toBe('gone');
      for (const key of keys.slice(1)) expect(one.key(key.id)).toEqual(key);
      one.close();
    }
    expect(epochsIn(folder)).toHaveLength(1);
    expect(epochsIn(folder)).not.toContain(before);
  });

  it('is seen by who reads at the same time, and nothing else is lost to them', () => {
    const folder = withKeys();
    const store = new KeyringStore(folder, 'write');
    const reader = new KeyringStore(folder, 'read');
    const scopes = [aScope(), aScope()];
    const [doomed, other] = made(store, scopes);
    expect([reader.key(doomed!.id), reader.key(other!.id)]).toEqual([doomed, other]);
    store.closeScope(scopes[0]!);
    store.destroyScope(scopes[0]!);
    expect([reader.key(doomed!.id), reader.key(other!.id)]).toEqual(['gone', other]);
    reader.close();
    store.close();
  });

  it('makes older copies of the keyring useless', () => expect(opensFromAnOlderCopy((store, scope) => void store.destroyScope(scope))).toBe(false));

  it('is caught where it only removes the key and keeps what wrapped it', () => {
    const marksOnly = (store: KeyringStore, _scope: Scope, id: string): void => store.db.exec(`UPDATE data_key SET state = 'gone', wrapped = NULL, wrapped_by = NULL WHERE id = '${id}'; PRAGMA wal_checkpoint(TRUNCATE)`);
    expect(opensFromAnOlderCopy(marksOnly)).toBe(true);
  });

  it('that was interrupted is completed by the next call', () => {
    const folder = withKeys();
    const store = new KeyringStore(folder, 'write');
    const scope = aScope();
    const [key] = made(store, [scope]);
    // As a crash leaves it: the key of a new epoch is there, and nothing is wrapped by it yet.
    cpSync(join(folder, epochsIn(folder)[0]!), join(folder, `epoch-${uuidv7(Date.now())}.key`));
    store.destroy([]);
    expect(epochsIn(folder)).toHaveLength(1);
    expect(store.key(key!.id)).toEqual(key);
    store.close();
  });
});

describe('a keyring made before there were epochs', () => {
  it('opens, and gets new keys, without one', () => {
    const scope = aScope();
    const { folder, id, key } = aKeyringWithoutEpoch(scope);
    const store = new KeyringStore(folder, 'write');
    expect(store.openKeys([scope])).toEqual([{ id, key }]);
    const [another] = made(store, [aScope()]);
    store.close();
    const again = new KeyringStore(folder, 'read');
    expect([again.key(id), again.key(another!.id)]).toEqual([{ id, key }, another]);
    again.close();
    expect(readdirSync(folder).filter((name) => name.endsWith('.key'))).toEqual(['master.key']);
  });

  it('has one from its first destruction on', () => {
    const scope = aScope();
    const { folder, id } = aKeyringWithoutEpoch(scope);
    const store = new KeyringStore(folder, 'write');
    const [other] = made(store, [aScope()]);
    store.closeScope(scope);
    store.destroyScope(scope);
    expect([store.key(id), store.key(other!.id)]).toEqual(['gone', other]);
    expect(epochsIn(folder)).toHaveLength(1);
    store.close();
  });
});

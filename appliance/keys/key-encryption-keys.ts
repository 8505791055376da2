import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import { destroyOldEpochKeys, makeEpochKey, readEpochKey } from './key-files.ts';
import { unwrap, wrap } from './wrapping.ts';

const kekName = (month: string): string => `hansard/key-encryption-key/1/${month}`;
const secretName = (name: string): string => `hansard/secret/1/${name}`;
/** Among the secrets: the id of the epoch whose key wraps the key-encryption keys. A keyring that has none yet uses the master key. */
const epochSecret = 'epoch';

type KekRow = { readonly id: number; readonly month: string; readonly wrapped: Uint8Array };

/**
 * The key-encryption keys of a keyring, one per month, and the key of the epoch that wraps them. That key has a file of its own and
 * is replaced whenever data keys are destroyed: a copy of keyring.sqlite made before then opens nothing with the keys that remain.
 */
export class KeyEncryptionKeys {
  readonly #db: DatabaseSync;
  readonly #folder: string;
  readonly #master: KeyObject;
  readonly #known = new Map<number, KeyObject>();
  readonly #ofMonth = new Map<string, number>();
  #epoch: { readonly id: string; readonly key: KeyObject } | undefined;

  constructor(db: DatabaseSync, folder: string, master: KeyObject) {
    this.#db = db;
    this.#folder = folder;
    this.#master = master;
  }

  secret(name: string, wrapped: Uint8Array): Buffer {
    return unwrap(this.#master, secretName(name), wrapped);
  }

  putSecret(name: string, secret: Uint8Array): void {
    this.#db.prepare('INSERT INTO secret (name, wrapped) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET wrapped = excluded.wrapped').run(name, wrap(this.#master, secretName(name), secret));
  }

  /** Forgets what is in memory, because a transaction was rolled back or another thread has replaced keys. */
  forget(): void {
    this.#known.clear();
    this.#ofMonth.clear();
    this.#epoch = undefined;
  }

  get(id: number): KeyObject {
    const known = this.#known.get(id);
    if (known) return known;
    const row = this.#db.prepare('SELECT id, month, wrapped FROM key_encryption_key WHERE id = ?').get(id) as KekRow | undefined;
    if (!row) throw new Fault(`The keyring lacks its key-encryption key ${id}.`);
    const kek = createSecretKey(unwrap(this.wrapping(), kekName(row.month), row.wrapped));
    this.#known.set(id, kek);
    return kek;
  }

  /** The newest of the month; made when there is none. */
  current(month: string): number {
    const known = this.#ofMonth.get(month);
    if (known !== undefined) return known;
    const newest = this.#db.prepare('SELECT max(id) AS id FROM key_encryption_key WHERE month = ?').get(month) as { id: number | null };
    return newest.id ?? this.make(month);
  }

  make(month: string): number {
    const wrapped = wrap(this.wrapping(), kekName(month), randomBytes(32));
    const { id } = this.#db.prepare('INSERT INTO key_encryption_key (month, wrapped) VALUES (?, ?) RETURNING id').get(month, wrapped) as { id: number };
    this.#ofMonth.set(month, id);
    return id;
  }

  /** The key of a new epoch, on stable storage; nothing is wrapped by it before `begin`. */
  prepareEpoch(): { readonly id: string; readonly key: KeyObject } {
    const id = uuidv7(Date.now());
    return { id, key: makeEpochKey(this.#folder, this.#master, id) };
  }

  /** In a transaction: wraps every key-encryption key by the key of the new epoch. */
  begin(epoch: { readonly id: string; readonly key: KeyObject }): void {
    const rows = this.#db.prepare('SELECT id, month, wrapped FROM key_encryption_key').all() as KekRow[];
    const before = this.wrapping();
    const put = this.#db.prepare('UPDATE key_encryption_key SET wrapped = ? WHERE id = ?');
    for (const { id, month, wrapped } of rows) put.run(wrap(epoch.key, kekName(month), unwrap(before, kekName(month), wrapped)), id);
    const after = this.#db.prepare('SELECT wrapped FROM key_encryption_key WHERE id = ?');
    for (const { id, month, wrapped } of rows) {
      const again = (after.get(id) as { wrapped: Uint8Array }).wrapped;
      if (!unwrap(epoch.key, kekName(month), again).equals(unwrap(before, kekName(month), wrapped))) throw new Fault(`The key-encryption key ${id} did not survive its new wrapping; nothing was destroyed.`);
    }
    this.putSecret(epochSecret, Buffer.from(epoch.id));
    this.forget();
  }

  /** After the transaction: what an earlier one left behind goes too. */
  destroyOldEpochs(): void {
    const id = this.#epochId();
    if (id !== undefined) destroyOldEpochKeys(this.#folder, id);
  }

  #epochId(): string | undefined {
    const row = this.#db.prepare('SELECT wrapped FROM secret WHERE name = ?').get(epochSecret) as { wrapped: Uint8Array } | undefined;
    return row && this.secret(epochSecret, row.wrapped).toString();
  }

  /** What wraps the key-encryption keys. Throws `Fault` naming the file that is missing. */
  wrapping(): KeyObject {
    if (this.#epoch) return this.#epoch.key;
    const id = this.#epochId();
    if (id === undefined) return this.#master;
    this.#epoch = { id, key: readEpochKey(this.#folder, this.#master, id) };
    return this.#epoch.key;
  }
}

import type { DatabaseSync } from 'node:sqlite';
import type { Mark } from './key-lines.ts';

const schema = `
  CREATE TABLE IF NOT EXISTS own_file (
    one INTEGER PRIMARY KEY CHECK (one = 1), node TEXT NOT NULL, edition TEXT NOT NULL, bytes INTEGER NOT NULL, mac TEXT NOT NULL,
    starts INTEGER NOT NULL, nonce TEXT NOT NULL, next_nonce TEXT NOT NULL, is_stale INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS other_file (node TEXT PRIMARY KEY, edition TEXT NOT NULL, bytes INTEGER NOT NULL, mac TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS taken_over (id TEXT PRIMARY KEY, node TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/** What this node knows of its own file. `nextNonce` is that of a start whose line may or may not be in the file. */
export type OwnFile = { readonly node: string; readonly mark: Mark; readonly starts: number; readonly nonce: string; readonly nextNonce: string; readonly isStale: boolean };
type OwnRow = { readonly node: string; readonly edition: string; readonly bytes: number; readonly mac: string; readonly starts: number; readonly nonce: string; readonly next_nonce: string; readonly is_stale: number };

/** Of the files in the shared folder, what the working copy remembers. It is kept in keyring.sqlite, so that keys and marks change together. */
export class NodeRecords {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Tells the keys of this node from those that it took over. Those of the id it had before, if any, are another's now. */
  begin(node: string): void {
    this.#db.exec(schema);
    const { node: before } = this.#db.prepare('SELECT node FROM own_file').get() as { node: string } | undefined ?? {};
    if (before === node) return;
    if (before !== undefined) this.#db.prepare('INSERT OR IGNORE INTO taken_over (id, node) SELECT id, ? FROM data_key').run(before);
    this.#db.prepare(`INSERT OR REPLACE INTO own_file (one, node, edition, bytes, mac, starts, nonce, next_nonce, is_stale) VALUES (1, ?, '', 0, '', 0, '', '', 0)`).run(node);
  }

  own(): OwnFile {
    const row = this.#db.prepare('SELECT * FROM own_file').get() as OwnRow;
    const { node, edition, bytes, mac, starts, nonce, next_nonce: nextNonce } = row;
    return { node, mark: { edition, bytes, mac }, starts, nonce, nextNonce, isStale: row.is_stale === 1 };
  }

  putMark({ edition, bytes, mac }: Mark): void {
    this.#db.prepare('UPDATE own_file SET edition = ?, bytes = ?, mac = ?').run(edition, bytes, mac);
  }

  putNextNonce(nonce: string): void {
    this.#db.prepare('UPDATE own_file SET next_nonce = ?').run(nonce);
  }

  putStart(count: number, nonce: string): void {
    this.#db.prepare('UPDATE own_file SET starts = ?, nonce = ?, next_nonce = ?').run(count, nonce, nonce);
  }

  /** Keys that the file still holds were destroyed here: it must be written anew. */
  putStale(isStale: boolean): void {
    this.#db.prepare('UPDATE own_file SET is_stale = ?').run(isStale ? 1 : 0);
  }

  other(node: string): Mark | undefined {
    return this.#db.prepare('SELECT edition, bytes, mac FROM other_file WHERE node = ?').get(node) as Mark | undefined;
  }

  putOther(node: string, { edition, bytes, mac }: Mark): void {
    this.#db.prepare('INSERT OR REPLACE INTO other_file (node, edition, bytes, mac) VALUES (?, ?, ?, ?)').run(node, edition, bytes, mac);
  }

  putTakenOver(id: string, node: string): void {
    this.#db.prepare('INSERT OR IGNORE INTO taken_over (id, node) VALUES (?, ?)').run(id, node);
  }

  /** Undefined: it is this node's own, or not known at all. */
  ownerOf(id: string): string | undefined {
    return (this.#db.prepare('SELECT node FROM taken_over WHERE id = ?').get(id) as { node: string } | undefined)?.node;
  }
}

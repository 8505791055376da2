import type { Scope } from '#src/sealing/scopes.ts';
import { newKey, type KeyringStore, type NewKey, type StoredKey } from './keyring-store.ts';
import { NodeRecords } from './node-records.ts';
import { OtherKeyFiles } from './other-key-files.ts';
import { keyLine, OwnKeyFile } from './own-key-file.ts';

/**
 * The keyring of one node among several, in the keyring's thread. What touches the shared folder goes one after the other and never
 * blocks the thread, because storage that hangs must not keep known keys from opening. A key is in the folder, flushed, before it is
 * in the working copy, and there before it is used.
 */
export class SharedKeys {
  readonly #store: KeyringStore;
  readonly #records: NodeRecords;
  readonly #own: OwnKeyFile;
  readonly #others: OtherKeyFiles;
  #turn: Promise<unknown> = Promise.resolve();

  /** `onGone` is told of keys that other nodes have destroyed. */
  constructor(store: KeyringStore, places: { readonly folder: string; readonly dataFolder: string; readonly node: string }, onGone: (keyIds: readonly string[]) => void) {
    this.#store = store;
    this.#records = new NodeRecords(store.db);
    this.#records.begin(places.node);
    store.sealWithOwnKeysAlone();
    this.#own = new OwnKeyFile(store, this.#records, places);
    this.#others = new OtherKeyFiles(store, this.#records, places, onGone);
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#own.start();
      // What cannot be read now is asked for when it is needed.
      await this.#others.takeOver().catch(() => undefined);
    });
  }

  /** As `KeyringStore.openKeys`; only what this node made itself seals. */
  async openKeys(scopes: readonly Scope[]): Promise<readonly StoredKey[]> {
    const found = this.#store.findOpen(scopes);
    if (found.every((key) => key !== undefined)) return found;
    return this.#inTurn(async () => {
      const all = this.#store.findOpen(scopes).map((key, index) => key ?? newKey(scopes[index]!));
      const made = all.filter((key): key is NewKey => 'stream' in key);
      const mark = await this.#own.append((key) => made.map((one) => keyLine(key, one)));
      this.#store.inTransaction(() => {
        this.#store.insert(made);
        this.#records.putMark(mark);
      });
      return all;
    });
  }

  /** What the other nodes have told meanwhile. */
  takeOver(): Promise<void> {
    return this.#inTurn(() => this.#others.takeOver());
  }

  /** This node's own keys of the scopes; every other node closes its own. */
  closeScope(scopes: readonly Scope[]): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      const own = this.#store.idsOf(scopes, `state <> 'gone'`).filter((id) => this.#records.ownerOf(id) === undefined);
      const open = own.filter((id) => this.#store.stateOf(id) === 'open');
      if (open.length > 0) {
        const mark = await this.#own.append(() => open.map((id) => ({ is: 'closed', id })));
        this.#store.inTransaction(() => {
          for (const id of open) this.#store.closeKey(id);
          this.#records.putMark(mark);
        });
      }
      return own;
    });
  }

  /** Every key of the scopes that its owner has closed is destroyed in the working copy, and this node's own in its file. */
  destroyScope(scopes: readonly Scope[]): Promise<readonly string[]> {
    return this.#inTurn(async () => {
      await this.#others.takeOver();
      const ids = this.#store.idsOf(scopes, `state = 'closed'`);
      const isOwn = ids.some((id) => this.#records.ownerOf(id) === undefined);
      this.#store.destroy(ids, () => isOwn && this.#records.putStale(true));
      if (this.#records.own().isStale) await this.#own.rewrite();
      return ids;
    });
  }

  /** Rejects while the shared folder cannot be used. */
  check(): Promise<void> {
    return this.#inTurn(() => this.#own.check());
  }

  /** Resolves when what was begun has ended. */
  async close(): Promise<void> {
    await this.#turn;
  }

  #inTurn<R>(work: () => Promise<R>): Promise<R> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}

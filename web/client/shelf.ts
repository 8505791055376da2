import { openDB, type IDBPDatabase, type IDBPObjectStore } from 'idb';

type Kept = { readonly account: string; readonly key: string };

/** What this browser keeps of its own, by account and key. `put` and `remove` resolve when it is stored. */
export type Shelf<T extends Kept> = {
  all(account: string): Promise<readonly T[]>;
  put(row: T): Promise<void>;
  remove(account: string, key: string): Promise<void>;
  clear(account: string): Promise<void>;
};

const names = ['outbox', 'drafts', 'left', 'uploads', 'upload-bytes'] as const;
let opened: Promise<IDBPDatabase> | undefined;
const database = (): Promise<IDBPDatabase> =>
  (opened ??= openDB('hansard', 2, {
    upgrade: (db) => {
      for (const name of names) if (!db.objectStoreNames.contains(name)) db.createObjectStore(name, { keyPath: ['account', 'key'] });
    },
    blocking: (_from, _to, event) => (event.target as IDBDatabase).close(), // Another tab runs a newer page; it must not wait for this one.
  }));
const everyKeyOf = (account: string): IDBKeyRange => IDBKeyRange.bound([account], [account, []]);

/** A shelf in IndexedDB. Where the browser refuses storage (some private windows), rows live as long as the page: nothing else is lost. */
export const indexedShelf = <T extends Kept>(name: (typeof names)[number]): Shelf<T> => {
  const quietly = async <R>(work: (db: IDBPDatabase) => Promise<R>, instead: R): Promise<R> => {
    try {
      return await work(await database());
    } catch (cause) {
      console.warn(`This browser keeps no ${name} for later.`, cause);
      return instead;
    }
  };
  /** Commits by itself at once: a transaction that waits to be found idle is dropped when the page goes away. */
  const atOnce = (ask: (store: IDBPObjectStore<unknown, string[], string, 'readwrite'>) => Promise<unknown>): Promise<void> =>
    quietly(async (db) => {
      const transaction = db.transaction(name, 'readwrite');
      const asked = ask(transaction.store as IDBPObjectStore<unknown, string[], string, 'readwrite'>);
      transaction.commit();
      await Promise.all([asked, transaction.done]);
    }, undefined);
  return {
    all: (account) => quietly<readonly T[]>((db) => db.getAll(name, everyKeyOf(account)), []),
    put: (row) => atOnce((store) => store.put(row)),
    remove: (account, key) => atOnce((store) => store.delete([account, key])),
    clear: (account) => quietly((db) => db.delete(name, everyKeyOf(account)), undefined),
  };
};

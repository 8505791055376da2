import type { Shelf } from '#web/client/shelf.ts';

/** The shelf without a browser: what is put here stays for as long as the test holds it, as IndexedDB would over a reload. */
export const memoryShelf = <T extends { readonly account: string; readonly key: string }>(): Shelf<T> => {
  const rows = new Map<string, T>();
  const nameOf = (account: string, key: string): string => `${account} ${key}`;
  return {
    all: async (account) => [...rows.values()].filter((row) => row.account === account),
    put: async (row) => void rows.set(nameOf(row.account, row.key), structuredClone(row)),
    remove: async (account, key) => void rows.delete(nameOf(account, key)),
    clear: async (account) => [...rows.values()].filter((row) => row.account === account).forEach((row) => rows.delete(nameOf(row.account, row.key))),
  };
};

import type { Client } from './client.ts';

const nobody: ReadonlySet<Client> = new Set();

/** Clients by a key. A key that nobody is under takes no memory. */
export class ClientIndex {
  readonly #entries = new Map<string, { readonly key: string; readonly clients: Set<Client> }>();

  /** The index's own copy of the key: thousands of sockets that remember it would hold as many copies of one id. */
  add(key: string, client: Client): string {
    let entry = this.#entries.get(key);
    if (!entry) this.#entries.set(key, (entry = { key, clients: new Set() }));
    entry.clients.add(client);
    return entry.key;
  }

  remove(key: string, client: Client): void {
    const clients = this.#entries.get(key)?.clients;
    clients?.delete(client);
    if (clients?.size === 0) this.#entries.delete(key);
  }

  has(key: string): boolean {
    return this.#entries.has(key);
  }

  of(key: string): ReadonlySet<Client> {
    return this.#entries.get(key)?.clients ?? nobody;
  }

  /** How many keys have somebody under them. */
  get size(): number {
    return this.#entries.size;
  }
}

import type { PresenceState } from '../../contract/shapes.ts';
import type { Client } from './client.ts';

/** Long enough for a reload or a change of network; nobody flickers. */
const graceMs = 5_000;

/**
 * Ephemera: who is here. Signed in with a socket means available; away when no tab is used; what somebody chose holds
 * until they choose otherwise. Goes only to those who have that person on screen.
 */
export class Presence {
  readonly #clients = new Map<string, Set<Client>>();
  readonly #chosen = new Map<string, PresenceState>();
  readonly #watchers = new Map<string, Set<Client>>();
  readonly #told = new Map<string, PresenceState>();

  stateOf(account: string): PresenceState {
    const clients = this.#clients.get(account);
    if (!clients || clients.size === 0) return 'offline';
    const chosen = this.#chosen.get(account);
    if (chosen) return chosen;
    for (const client of clients) if (client.active) return 'available';
    return 'away';
  }

  choose(account: string, state: PresenceState | null): void {
    if (state === null) this.#chosen.delete(account);
    else this.#chosen.set(account, state);
    this.changed(account);
  }

  arrived(client: Client): void {
    const clients = this.#clients.get(client.account);
    if (clients) clients.add(client);
    else this.#clients.set(client.account, new Set([client]));
    this.changed(client.account);
  }

  left(client: Client): void {
    this.watch(client, []);
    const clients = this.#clients.get(client.account);
    if (!clients?.delete(client)) return;
    if (clients.size === 0) this.#clients.delete(client.account);
    setTimeout(() => this.changed(client.account), graceMs).unref();
  }

  /** Replaces the list before; answers with the states as everybody was told them, so that the next change is a change for this client too. */
  watch(client: Client, accounts: readonly string[]): void {
    for (const account of client.watched) {
      const watchers = this.#watchers.get(account);
      watchers?.delete(client);
      if (watchers?.size === 0) this.#watchers.delete(account);
    }
    client.watched = new Set(accounts);
    for (const account of accounts) {
      const watchers = this.#watchers.get(account);
      if (watchers) watchers.add(client);
      else this.#watchers.set(account, new Set([client]));
    }
    if (accounts.length > 0) client.send({ is: 'presence', people: accounts.map((account) => [account, this.#told.get(account) ?? 'offline'] as const) });
  }

  changed(account: string): void {
    const state = this.stateOf(account);
    if ((this.#told.get(account) ?? 'offline') === state) return;
    if (state === 'offline') this.#told.delete(account);
    else this.#told.set(account, state);
    for (const watcher of this.#watchers.get(account) ?? []) watcher.send({ is: 'presence', people: [[account, state]] });
  }
}

import { setPresence } from '#src/contract/accounts.ts';
import { limits } from '#src/contract/limits.ts';
import type { PresenceState } from '#src/contract/shapes.ts';
import { call, socket } from './call.ts';
import { Store } from './store.ts';

/** Presence of the people on screen. Whoever shows a dot says so with `watch`; the server sends only those. */
export class Presence {
  /** Counts up whenever somebody's state changed. */
  readonly version = new Store(0);
  /** How this person chose to be seen; null follows the sockets. */
  readonly chosen = new Store<PresenceState | null>(null);
  readonly #states = new Map<string, PresenceState>();
  readonly #watchers = new Map<symbol, readonly string[]>();
  #told = '';
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    socket.listen('presence', ({ people }) => {
      for (const [account, state] of people) this.#states.set(account, state);
      this.version.set(this.version.value + 1);
    });
    socket.connection.watch((state) => {
      if (state !== 'connected') return;
      this.#told = '';
      this.#tell();
      if (this.chosen.value) void call(setPresence, { state: this.chosen.value });
    });
  }

  stateOf(account: string): PresenceState {
    return this.#states.get(account) ?? 'offline';
  }

  /** These people are on screen, until the returned function is called. */
  watch(accounts: readonly string[]): () => void {
    const watcher = Symbol('watcher');
    this.#watchers.set(watcher, accounts);
    this.#tellSoon();
    return () => {
      this.#watchers.delete(watcher);
      this.#tellSoon();
    };
  }

  async choose(state: PresenceState | null): Promise<void> {
    this.chosen.set(state);
    await call(setPresence, { state });
  }

  clear(): void {
    this.#states.clear();
    this.chosen.set(null);
    this.version.set(this.version.value + 1);
  }

  #tellSoon(): void {
    this.#telling ??= setTimeout(() => this.#tell(), 100);
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    const accounts = [...new Set([...this.#watchers.values()].flat())].slice(0, limits.watchedPeopleMax).sort();
    if (accounts.join() === this.#told) return;
    this.#told = accounts.join();
    socket.tell({ is: 'watch', accounts });
  }
}

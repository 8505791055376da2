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
  /** Nobody sees this person, and nothing alerts them: they chose Offline, here or elsewhere. What is said is kept and counted. */
  readonly unseen = new Store(false);
  /** Whose tab this is. */
  me = '';
  #restoring = false;
  readonly #states = new Map<string, PresenceState>();
  readonly #watchers = new Map<symbol, readonly string[]>();
  #told = '';
  #telling: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    socket.listen('presence', ({ people }) => {
      for (const [account, state] of people) this.#states.set(account, state);
      this.#chosenElsewhere();
      this.#judgeUnseen();
      this.version.set(this.version.value + 1);
    });
    socket.connection.watch((state) => {
      if (state !== 'connected') return;
      this.#told = '';
      this.#tell();
      if (this.chosen.value) void this.#restore(this.chosen.value);
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
    this.#judgeUnseen();
    if (state) await this.#restore(state);
    else await call(setPresence, { state });
  }

  clear(): void {
    this.#states.clear();
    this.chosen.set(null);
    this.unseen.set(false);
    this.version.set(this.version.value + 1);
  }

  /** The last choice holds in every tab and on every device: what was chosen here is over once the server says otherwise. */
  #chosenElsewhere(): void {
    const mine = this.#states.get(this.me);
    if (!this.#restoring && mine !== undefined && this.chosen.value !== null && mine !== this.chosen.value) this.chosen.set(null);
  }

  /** The server calls nobody offline who has a socket, unless they chose it. */
  #judgeUnseen(): void {
    this.unseen.set((this.chosen.value ?? this.#states.get(this.me)) === 'offline');
  }

  /** An appliance that was started anew has forgotten the choice. */
  async #restore(state: PresenceState): Promise<void> {
    this.#restoring = true;
    await call(setPresence, { state });
    this.#restoring = false;
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

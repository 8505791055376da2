import type { PresenceState } from '../../contract/shapes.ts';
import type { Bus } from './bus.ts';
import type { Shown } from './bus-frames.ts';
import { frameOf, type Client } from './client.ts';
import { PresenceExchange } from './presence-exchange.ts';

/** Long enough for a reload or a change of network; nobody flickers. */
const graceMs = 5_000;
/** When a whole node falls silent: how many people are told of in one turn of the event loop. */
const peoplePerTurn = 200;

/**
 * Ephemera: who is here. Signed in with a socket, on whichever node, means available; away when no tab is used; what somebody chose
 * holds until they choose otherwise. Goes only to those who have that person on screen.
 */
export class Presence {
  readonly #clients = new Map<string, Set<Client>>();
  readonly #chosen = new Map<string, PresenceState>();
  readonly #watchers = new Map<string, Set<Client>>();
  readonly #told = new Map<string, PresenceState>();
  /** Undefined where there is one node. */
  readonly #exchange: PresenceExchange | undefined;

  constructor(bus?: Bus, clock: () => number = Date.now) {
    this.#exchange = bus && new PresenceExchange(bus, clock, {
      shownElsewhere: (accounts) => this.#changedElsewhere(accounts),
      chosenElsewhere: (choices) => {
        for (const [account, state] of choices) this.#keep(account, state);
        this.#tell(choices.map(([account]) => account));
      },
    });
  }

  /** Other nodes heard of lately. */
  get otherNodes(): number {
    return this.#exchange?.nodes ?? 0;
  }

  /** Whether another node fell silent without taking its leave, so that nobody here can say who is not there. */
  get missesANode(): boolean {
    return this.#exchange?.missesANode ?? false;
  }

  stateOf(account: string): PresenceState {
    const [here, elsewhere] = [this.#shownHere(account), this.#exchange?.shown(account)];
    if (!here && !elsewhere) return 'offline';
    return this.#chosen.get(account) ?? (here === 'available' || elsewhere === 'available' ? 'available' : 'away');
  }

  #shownHere(account: string): Shown | undefined {
    const clients = this.#clients.get(account);
    if (!clients || clients.size === 0) return undefined;
    for (const client of clients) if (client.active) return 'available';
    return 'away';
  }

  choose(account: string, state: PresenceState | null): void {
    this.#keep(account, state);
    this.#exchange?.choose(account, state);
    this.#tell([account]);
  }

  #keep(account: string, state: PresenceState | null): void {
    if (state === null) this.#chosen.delete(account);
    else this.#chosen.set(account, state);
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
    this.#exchange?.show(client.account, this.#shownHere(client.account));
    this.#afterGrace([client.account]);
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

  /** This person's sockets here came, or are used otherwise. */
  changed(account: string): void {
    this.#exchange?.show(account, this.#shownHere(account));
    this.#tell([account]);
  }

  /** Others learn at once that this node's people are elsewhere from now on. */
  close(): void {
    this.#exchange?.close();
  }

  /** Who is nowhere any more may be on the way to another node. */
  #changedElsewhere(accounts: readonly string[]): void {
    const isGone = (account: string): boolean => this.stateOf(account) === 'offline';
    this.#tell(accounts.filter((account) => !isGone(account)));
    const gone = accounts.filter(isGone);
    if (gone.length > 0) this.#afterGrace(gone);
  }

  #afterGrace(accounts: readonly string[]): void {
    setTimeout(() => this.#tell(accounts), graceMs).unref();
  }

  #tell(accounts: readonly string[]): void {
    const changed: (readonly [account: string, state: PresenceState])[] = [];
    for (const account of accounts.slice(0, peoplePerTurn)) {
      const state = this.stateOf(account);
      if ((this.#told.get(account) ?? 'offline') === state) continue;
      if (state === 'offline') this.#told.delete(account);
      else this.#told.set(account, state);
      changed.push([account, state]);
    }
    if (changed.length === 1) this.#tellOne(changed[0]!);
    else if (changed.length > 1) this.#tellMany(changed);
    if (accounts.length > peoplePerTurn) setImmediate(() => this.#tell(accounts.slice(peoplePerTurn)));
  }

  #tellOne(person: readonly [account: string, state: PresenceState]): void {
    const watchers = this.#watchers.get(person[0]);
    if (!watchers) return;
    const frame = frameOf(JSON.stringify({ is: 'presence', people: [person] }));
    for (const watcher of watchers) watcher.write(frame);
  }

  /** One frame for each who has some of them on screen. */
  #tellMany(people: readonly (readonly [account: string, state: PresenceState])[]): void {
    const byWatcher = new Map<Client, (readonly [account: string, state: PresenceState])[]>();
    for (const person of people) {
      for (const watcher of this.#watchers.get(person[0]) ?? []) {
        const theirs = byWatcher.get(watcher);
        if (theirs) theirs.push(person);
        else byWatcher.set(watcher, [person]);
      }
    }
    for (const [watcher, theirs] of byWatcher) watcher.send({ is: 'presence', people: theirs });
  }
}

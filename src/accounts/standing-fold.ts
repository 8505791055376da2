import type { Opened } from '../every-event.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { AccountStanding, SpaceStanding, Standing } from './standing.ts';
import type { AccountKind, Role } from './events.ts';

type AccountFolded = { account: string; kind: AccountKind; roles: Set<Role>; signInName: string | null; classOfService: string | null; suspended: boolean; revision: number };
type SpaceFolded = { space: string; general: string; members: Map<string, number>; administrators: Set<string>; revision: number };
export type SessionFolded = { readonly account: string; readonly expiresAt: number };

/** What a start takes over from the desk view, as of a log position; events after it are observed. */
export type StandingSnapshot = {
  readonly accounts: readonly { readonly account: string; readonly kind: AccountKind; readonly roles: readonly Role[]; readonly signInName: string | null; readonly classOfService: string | null; readonly suspended: boolean; readonly revision: number }[];
  readonly spaces: readonly { readonly space: string; readonly general: string; readonly members: readonly (readonly [account: string, joined: number])[]; readonly administrators: readonly string[]; readonly revision: number }[];
  readonly settings: readonly (readonly [name: string, value: string])[];
  readonly settingsRevision: number;
  readonly sessions: readonly (readonly [hash: string, account: string, expiresAt: number])[];
};

/** Accounts, roles, spaces, settings and sessions of this node, folded per stream by revision. */
export class StandingFold implements Standing {
  readonly #accounts = new Map<string, AccountFolded>();
  readonly #spaces = new Map<string, SpaceFolded>();
  readonly #settings = new Map<string, string>();
  readonly #parsed = new Map<string, unknown>();
  #settingsRevision = -1;
  readonly #sessions = new Map<string, SessionFolded>();
  readonly #defaultOf: (name: string) => unknown;
  #revocations = 0;
  readonly #signedInGuests = new Set<string>();

  constructor(defaultOf: (name: string) => unknown) {
    this.#defaultOf = defaultOf;
  }

  restore(snapshot: StandingSnapshot): void {
    for (const row of snapshot.accounts) this.#accounts.set(row.account, { ...row, roles: new Set(row.roles) });
    for (const row of snapshot.spaces) this.#spaces.set(row.space, { ...row, members: new Map(row.members), administrators: new Set(row.administrators) });
    for (const [name, value] of snapshot.settings) this.#put(name, value);
    this.#settingsRevision = snapshot.settingsRevision;
    for (const [hash, account, expiresAt] of snapshot.sessions) this.#sessionBegan(hash, account, expiresAt);
  }

  account = (id: string): AccountStanding | undefined => this.#accounts.get(id);
  space = (id: string): SpaceStanding | undefined => this.#spaces.get(id);
  holdersOf = (role: Role): readonly string[] => [...this.#accounts.values()].filter((a) => a.roles.has(role)).map((a) => a.account);

  setting = <T>(name: string): T => {
    const value = this.#parsed.has(name) ? this.#parsed.get(name) : this.#defaultOf(name);
    return value as T;
  };

  /** As written, of every account that has one; the same class may be there in several ways of writing. */
  classesOfService = (): readonly string[] => [...this.#accounts.values()].flatMap(({ classOfService }) => classOfService ?? []);

  /** Rises when something that was permitted may no longer be. */
  get revocations(): number {
    return this.#revocations;
  }

  get accountsCount(): number {
    return this.#accounts.size;
  }

  get signedInCount(): number {
    return this.#sessions.size;
  }

  session(hash: string, now: number): SessionFolded | undefined {
    const session = this.#sessions.get(hash);
    return session && session.expiresAt > now ? session : undefined;
  }

  /** Guests who hold a session. */
  get signedInGuests(): ReadonlySet<string> {
    return this.#signedInGuests;
  }

  sessionsOf(account: string): number {
    let count = 0;
    for (const session of this.#sessions.values()) if (session.account === account) count += 1;
    return count;
  }

  /** Those that are forgotten now: their end is no event. */
  forgetExpired(now: number): readonly { readonly account: string; readonly hash: string }[] {
    const expired = [...this.#sessions].filter(([, { expiresAt }]) => expiresAt <= now).map(([hash, { account }]) => ({ account, hash }));
    for (const { account, hash } of expired) {
      this.#sessions.delete(hash);
      this.#guestWithout(account);
    }
    return expired;
  }

  observe(events: readonly OpenedEvent[]): void {
    for (const event of events) {
      if (event.stream.startsWith('account-')) this.#accountEvent(event as Opened);
      else if (event.stream.startsWith('space-')) this.#spaceEvent(event as Opened);
      else if (event.stream === 'settings') this.#settingsEvent(event as Opened);
    }
  }

  #accountEvent(event: Opened): void {
    if (event.type === 'AccountOpened') {
      const { account, kind, roles, signInName } = event.data;
      if (!this.#accounts.has(account)) this.#accounts.set(account, { account, kind, roles: new Set(roles), signInName, classOfService: null, suspended: false, revision: event.revision });
      return;
    }
    const account = this.#accounts.get(event.stream.slice('account-'.length));
    if (!account || event.revision <= account.revision) return;
    account.revision = event.revision;
    switch (event.type) {
      case 'RoleGranted':
        account.roles.add(event.data.role);
        break;
      case 'RoleWithdrawn':
        account.roles.delete(event.data.role);
        this.#revocations += 1;
        break;
      case 'ClassOfServiceSet':
        account.classOfService = event.data.classOfService;
        this.#revocations += 1;
        break;
      case 'AccountSuspended':
        account.suspended = true;
        this.#revocations += 1;
        this.#endSessions(account.account, null);
        break;
      case 'AccountRestored':
        account.suspended = false;
        break;
      case 'SignedIn':
        this.#sessionBegan(event.data.sessionHash, account.account, event.data.expiresAt);
        break;
      case 'SignedOut':
        this.#endSessions(account.account, event.data.sessionHash);
        break;
      default:
    }
  }

  #sessionBegan(hash: string, account: string, expiresAt: number): void {
    this.#sessions.set(hash, { account, expiresAt });
    if (this.#accounts.get(account)?.kind === 'guest') this.#signedInGuests.add(account);
  }

  /** A hash of null ends every session of the account. */
  #endSessions(account: string, hash: string | null): void {
    if (hash !== null) this.#sessions.delete(hash);
    else for (const [key, session] of this.#sessions) if (session.account === account) this.#sessions.delete(key);
    this.#guestWithout(account);
  }

  /** After the end of a session: it may have been a guest's last one. */
  #guestWithout(account: string): void {
    if (this.#signedInGuests.has(account) && this.sessionsOf(account) === 0) this.#signedInGuests.delete(account);
  }

  #spaceEvent(event: Opened): void {
    if (event.type === 'SpaceFounded') {
      const { space, general, by } = event.data;
      if (!this.#spaces.has(space)) this.#spaces.set(space, { space, general, members: new Map([[by, event.revision]]), administrators: new Set([by]), revision: event.revision });
      return;
    }
    const space = this.#spaces.get(event.stream.slice('space-'.length));
    if (!space || event.revision <= space.revision) return;
    space.revision = event.revision;
    switch (event.type) {
      case 'SpaceJoined':
        space.members.set(event.data.account, event.revision);
        break;
      case 'SpaceLeft':
        space.members.delete(event.data.account);
        space.administrators.delete(event.data.account);
        this.#revocations += 1;
        break;
      case 'AdministratorAppointed':
        space.administrators.add(event.data.account);
        break;
      default:
    }
  }

  #settingsEvent(event: Opened): void {
    if (event.revision <= this.#settingsRevision) return;
    this.#settingsRevision = event.revision;
    if (event.type === 'SettingPut' && event.data.scope.kind === 'global') this.#put(event.data.name, event.data.value);
    if (event.type === 'SettingCleared' && event.data.scope.kind === 'global') {
      this.#settings.delete(event.data.name);
      this.#parsed.delete(event.data.name);
    }
  }

  #put(name: string, value: string): void {
    this.#settings.set(name, value);
    this.#parsed.set(name, JSON.parse(value));
  }
}

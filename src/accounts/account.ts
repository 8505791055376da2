import type { Opened } from '../every-event.ts';
import { evolveQuota, noQuota, type QuotaState } from '../files/quota.ts';
import type { OpenedEvent } from '../kernel/event.ts';
import type { Fold } from '../kernel/use-case.ts';
import type { QuotaEvent } from '../files/events.ts';
import type { AccountEvent, AccountKind, Role } from './events.ts';
import type { AccountStanding } from './standing.ts';

export type OfficerRequest = { readonly act: 'grant-officer' | 'password-link'; readonly by: string; readonly at: number };
/** The newest link is the only one that works. `by`: who had it made. */
export type PasswordLink = { readonly tokenHash: string; readonly by: string; readonly expiresAt: number };

/** An account as of its head; once opened it is an `AccountStanding`. */
export type AccountState = {
  /** Empty before the opening. */
  account: string;
  kind: AccountKind;
  roles: Set<Role>;
  classOfService: string | null;
  signInName: string | null;
  suspended: boolean;
  /** The reservation of its name was given up before it was opened: it never will be. */
  abandoned: boolean;
  /** `revision`: of the event that set it. `hash` is null where its key is gone. */
  credential: { readonly hash: string | null; readonly revision: number } | null;
  link: PasswordLink | null;
  /** Somebody else had the password reset, and the holder has not said "seen" yet. */
  resetNotice: { readonly at: number; readonly by: string } | null;
  /** Session hash to its expiry, ms UTC. What had expired at the latest sign-in is gone. */
  sessions: Map<string, number>;
  /** What waits for a second officer, by request id. */
  requests: Map<string, OfficerRequest>;
  quota: QuotaState;
  revision: number;
};

const noAccount = (): AccountState => ({
  account: '', kind: 'employee', roles: new Set(), classOfService: null, signInName: null, suspended: false, abandoned: false, credential: null, link: null, resetNotice: null, sessions: new Map(), requests: new Map(), quota: noQuota(), revision: -1,
});

export const isAccountOpened = ({ account }: AccountState): boolean => account !== '';

/** Changes the state in place and returns it. */
const evolve = (state: AccountState, recorded: OpenedEvent): AccountState => {
  const event = recorded as unknown as Opened<(AccountEvent | QuotaEvent)['type']>;
  state.revision = event.revision;
  switch (event.type) {
    case 'AccountOpened':
      return opened(state, event);
    case 'Abandoned':
      state.abandoned = !isAccountOpened(state);
      return state;
    case 'CredentialSet':
      return credentialSet(state, event);
    case 'PasswordLinkMade':
      state.link = { tokenHash: event.data.tokenHash, by: event.data.by, expiresAt: event.data.expiresAt };
      if (event.data.approvedBy !== null) settleRequest(state, 'password-link');
      return state;
    case 'PasswordResetAcknowledged':
      state.resetNotice = null;
      return state;
    case 'SignedIn':
      for (const [hash, expiresAt] of state.sessions) if (expiresAt <= event.data.at) state.sessions.delete(hash);
      state.sessions.set(event.data.sessionHash, event.data.expiresAt);
      return state;
    case 'SignedOut':
      if (event.data.sessionHash === null) state.sessions.clear();
      else state.sessions.delete(event.data.sessionHash);
      return state;
    case 'OfficerActRequested':
      state.requests.set(event.data.request, { act: event.data.act, at: event.data.at, by: event.data.by });
      return state;
    case 'RoleGranted':
      return roleGranted(state, event.data.role);
    case 'RoleWithdrawn':
      state.roles.delete(event.data.role);
      return state;
    case 'ClassOfServiceSet':
      state.classOfService = event.data.classOfService;
      return state;
    case 'AccountSuspended':
      return suspend(state);
    case 'AccountRestored':
      state.suspended = false;
      return state;
    case 'QuotaReserved':
    case 'QuotaSettled':
    case 'QuotaReleased':
    case 'InfectedFileRefused':
      evolveQuota(state.quota, event);
      return state;
    default:
      return state;
  }
};

const opened = (state: AccountState, { data }: Opened<'AccountOpened'>): AccountState => {
  if (isAccountOpened(state) || state.abandoned) return state;
  state.account = data.account;
  state.kind = data.kind;
  state.roles = new Set(data.roles);
  state.signInName = data.signInName;
  return state;
};

/** A first password by a link is no reset: only who had one before is told. */
const credentialSet = (state: AccountState, { data, content, revision }: Opened<'CredentialSet'>): AccountState => {
  if (data.by === 'link' && state.credential && state.link && state.link.by !== state.account) state.resetNotice = { at: data.at, by: state.link.by };
  state.credential = { hash: content.credential?.hash ?? null, revision };
  state.link = null;
  return state;
};

/** A link made for an employee must not set an officer's password: that takes a second officer. */
const roleGranted = (state: AccountState, role: Role): AccountState => {
  state.roles.add(role);
  if (role !== 'officer') return state;
  state.link = null;
  return settleRequest(state, 'grant-officer');
};

/** Ends sessions, links and what waits for approval: coming back starts from nothing but the password. */
const suspend = (state: AccountState): AccountState => {
  state.suspended = true;
  state.link = null;
  state.sessions.clear();
  state.requests.clear();
  return state;
};

/** One approval settles every request for the same act. */
const settleRequest = (state: AccountState, act: OfficerRequest['act']): AccountState => {
  for (const [request, waiting] of state.requests) if (waiting.act === act) state.requests.delete(request);
  return state;
};

export const accountFold: Fold<AccountState> = { initial: noAccount, evolve };

/** What permits elsewhere rest on; undefined before the opening. */
export const accountStandingOf = (state: AccountState): AccountStanding | undefined => (isAccountOpened(state) ? state : undefined);

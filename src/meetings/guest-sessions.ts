import { accountFold, isAccountOpened, type AccountState } from '../accounts/account.ts';
import type { AccountOpened, SignedIn, SignedOut } from '../accounts/events.ts';
import { permitActive, permitSystem, type ActivePermit, type SystemPermit } from '../accounts/permits.ts';
import { accountIdTaken } from '../accounts/refusals.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';

export type OpenGuest = { readonly account: string; readonly meeting: string; readonly displayName: string };

/** A guest has an account for one meeting: no sign-in name, no password, no role. */
export const openGuest: UseCase<OpenGuest, AccountState, SystemPermit, World> = {
  name: 'openGuest',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account, meeting, displayName }, state, { at }) => {
    if (isAccountOpened(state)) return accountIdTaken;
    const opened: AccountOpened = { type: 'AccountOpened', data: { account, at, kind: 'guest', meeting, roles: [], signInName: null }, content: { profile: { displayName, email: null } } };
    return [opened];
  },
  isSameIntent: ({ account, meeting, displayName }, recorded) => recordsIntent(recorded, 'AccountOpened', { account, kind: 'guest', meeting }, { profile: { displayName, email: null } }),
};

export type BeginGuestSession = { readonly sessionHash: string; readonly expiresAt: number; readonly address: string; readonly agent: string };

/** The guest acts. */
export const beginGuestSession: UseCase<BeginGuestSession, AccountState, ActivePermit, World> = {
  name: 'beginGuestSession',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting) => permitActive(world, acting),
  decide: ({ account }, { sessionHash, expiresAt, address, agent }, _state, { at }) => {
    const signedIn: SignedIn = { type: 'SignedIn', data: { account, at, expiresAt, sessionHash }, content: { access: { address, agent } } };
    return [signedIn];
  },
  isSameIntent: ({ sessionHash }, recorded) => recordsIntent(recorded, 'SignedIn', { sessionHash }),
};

/** Every session of a guest ends with their place in the meeting. */
export const endGuestSessions: UseCase<{ readonly account: string }, AccountState, SystemPermit, World> = {
  name: 'endGuestSessions',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account }, { kind, sessions }, { at }) => {
    if (kind !== 'guest' || sessions.size === 0) return nothingToRecord;
    const signedOut: SignedOut = { type: 'SignedOut', data: { account, at, cause: 'meeting', sessionHash: null } };
    return [signedOut];
  },
  isSameIntent: () => true,
};

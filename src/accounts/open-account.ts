import type { openAccount as endpoint } from '../contract/accounts.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { AccountOpened, PasswordLinkMade } from './events.ts';
import { permitAdministrator, type AdministratorPermit } from './permits.ts';
import { accountIdTaken, signInNameTaken } from './refusals.ts';
import type { World } from './standing.ts';

/** The sign-in name is reserved before. `tokenHash`: SHA-256, base64url, of the one-time token with which the holder sets the password. */
export type OpenAccount = ParsedInputOf<typeof endpoint> & { readonly tokenHash: string; readonly expiresAt: number };

/** An account whose reservation was given up is never opened: its name is somebody else's by now. */
export const openAccount: UseCase<OpenAccount, AccountState, AdministratorPermit, World> = {
  name: 'openAccount',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { account, signInName, displayName, email, roles, tokenHash, expiresAt }, state, { at }) => {
    if (state.abandoned) return signInNameTaken;
    if (isAccountOpened(state)) return accountIdTaken;
    const opened: AccountOpened = {
      type: 'AccountOpened',
      data: { account, at, kind: 'employee', roles: [...new Set(roles)], signInName },
      content: { profile: { displayName, email: email ?? null } },
    };
    const link: PasswordLinkMade = { type: 'PasswordLinkMade', data: { account, approvedBy: null, at, by, expiresAt, tokenHash } };
    return [opened, link];
  },
  isSameIntent: ({ account, signInName, displayName, email, roles }, recorded) =>
    recordsIntent(recorded, 'AccountOpened', { account, roles: [...new Set(roles)], signInName }, { profile: { displayName, email: email ?? null } }),
};

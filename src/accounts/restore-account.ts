import type { restoreAccount as endpoint } from '../contract/accounts.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { AccountRestored } from './events.ts';
import { permitAdministrator, type AdministratorPermit } from './permits.ts';
import { accountNotFound } from './refusals.ts';
import type { World } from './standing.ts';

export type RestoreAccount = ParsedInputOf<typeof endpoint>;

const notSuspended = refuse('not-suspended', 'This account is not suspended. Nothing was changed.');

export const restoreAccount: UseCase<RestoreAccount, AccountState, AdministratorPermit, World> = {
  name: 'restoreAccount',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { account }, state, { at }) => {
    if (!isAccountOpened(state)) return accountNotFound;
    if (!state.suspended) return notSuspended;
    const restored: AccountRestored = { type: 'AccountRestored', data: { account, at, by } };
    return [restored];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'AccountRestored', { account }),
};

import type { withdrawRole as endpoint } from '../contract/accounts.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { RoleWithdrawn } from './events.ts';
import { permitToWithdraw, type RolePermit } from './permits.ts';
import { accountNotFound } from './refusals.ts';
import type { World } from './standing.ts';

export type WithdrawRole = ParsedInputOf<typeof endpoint>;

const notGranted = refuse('not-granted', 'This person does not have this role. Nothing was changed.');
const lastAdministrator = refuse('last-administrator', 'This is the last active administrator. Somebody else has to become one first.');
const lastOfficer = refuse('last-officer', 'This is the last active officer. Without one nobody could approve the next.');

export const withdrawRole: UseCase<WithdrawRole, AccountState, RolePermit, World> = {
  name: 'withdrawRole',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting, { account, role }) => permitToWithdraw(world, acting, account, role),
  decide: ({ by, holdersLeft }, { account, role }, state, { at }) => {
    if (!isAccountOpened(state)) return accountNotFound;
    if (!state.roles.has(role)) return notGranted;
    if (role === 'administrator' && holdersLeft === 0) return lastAdministrator;
    if (role === 'officer' && holdersLeft === 0) return lastOfficer;
    const withdrawn: RoleWithdrawn = { type: 'RoleWithdrawn', data: { account, at, by, role } };
    return [withdrawn];
  },
  isSameIntent: ({ account, role }, recorded) => recordsIntent(recorded, 'RoleWithdrawn', { account, role }),
};

import type { suspendAccount as endpoint } from '../contract/accounts.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { AccountSuspended, SignedOut } from './events.ts';
import { permitToSuspend, type SuspendingPermit } from './permits.ts';
import { accountNotFound } from './refusals.ts';
import type { World } from './standing.ts';

export type SuspendAccount = ParsedInputOf<typeof endpoint>;

const alreadySuspended = refuse('already-suspended', 'This account is suspended already. Nothing was changed.');
const notYourself = refuse('not-yourself', 'You cannot suspend your own account. Another administrator can.');
const lastAdministrator = refuse('last-administrator', 'This is the last active administrator. Somebody else has to become one first.');

/** Ends every session in the same breath. Nothing said is lost. */
export const suspendAccount: UseCase<SuspendAccount, AccountState, SuspendingPermit, World> = {
  name: 'suspendAccount',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting, { account }) => permitToSuspend(world, acting, account),
  decide: ({ by, administratorsLeft }, { account }, state, { at }) => {
    if (!isAccountOpened(state)) return accountNotFound;
    if (by === account) return notYourself;
    if (state.suspended) return alreadySuspended;
    if (state.roles.has('administrator') && administratorsLeft === 0) return lastAdministrator;
    const suspended: AccountSuspended = { type: 'AccountSuspended', data: { account, at, by } };
    const signedOut: SignedOut = { type: 'SignedOut', data: { account, at, cause: 'suspended', sessionHash: null } };
    return state.sessions.size === 0 ? [suspended] : [suspended, signedOut];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'AccountSuspended', { account }),
};

import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { Abandoned } from './events.ts';
import { permitSystem, type SystemPermit } from './permits.ts';
import { signInNameTaken } from './refusals.ts';
import type { World } from './standing.ts';

/** `name`: the stream of the sign-in name; `reservation`: the revision there that was never used. */
export type AbandonAccount = { readonly account: string; readonly name: string; readonly reservation: number };

/** Revision 0 of an account that never came: from now on it cannot come, so its name can be taken. */
export const abandonAccount: UseCase<AbandonAccount, AccountState, SystemPermit, World> = {
  name: 'abandonAccount',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { name, reservation }, state, { at }) => {
    if (isAccountOpened(state)) return signInNameTaken;
    if (state.abandoned) return nothingToRecord;
    const abandoned: Abandoned = { type: 'Abandoned', data: { at, name, reservation } };
    return [abandoned];
  },
  isSameIntent: ({ name, reservation }, recorded) => recordsIntent(recorded, 'Abandoned', { name, reservation }),
};

import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { SignedOut } from './events.ts';
import { permitActive, type ActivePermit } from './permits.ts';
import type { World } from './standing.ts';

export type SignOutEverywhere = { readonly [field: string]: never };

/** Ends every session of the account, on every device, the one that asks too. */
export const signOutEverywhere: UseCase<SignOutEverywhere, AccountState, ActivePermit, World> = {
  name: 'signOutEverywhere',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting) => permitActive(world, acting),
  decide: ({ account }, _input, state, { at }) => {
    if (state.sessions.size === 0) return nothingToRecord;
    const signedOut: SignedOut = { type: 'SignedOut', data: { account, at, cause: 'self', sessionHash: null } };
    return [signedOut];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'SignedOut', { cause: 'self', sessionHash: null }),
};

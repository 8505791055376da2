import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { SignedOut } from './events.ts';
import { permitActive, type ActivePermit } from './permits.ts';
import type { World } from './standing.ts';

/** `sessionHash`: of the session that ends. */
export type SignOut = { readonly sessionHash: string };

export const signOut: UseCase<SignOut, AccountState, ActivePermit, World> = {
  name: 'signOut',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting) => permitActive(world, acting),
  decide: ({ account }, { sessionHash }, state, { at }) => {
    if (!state.sessions.has(sessionHash)) return nothingToRecord;
    const signedOut: SignedOut = { type: 'SignedOut', data: { account, at, cause: 'self', sessionHash } };
    return [signedOut];
  },
  isSameIntent: ({ sessionHash }, recorded) => recordsIntent(recorded, 'SignedOut', { cause: 'self', sessionHash }),
};

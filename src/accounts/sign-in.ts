import { isRefusal } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { SignedIn } from './events.ts';
import { permitActive, type ActivePermit } from './permits.ts';
import { wrongCredentials } from './refusals.ts';
import type { World } from './standing.ts';

/** The password was right against the credential set at revision `credential`. The one who signs in acts. */
export type SignIn = { readonly sessionHash: string; readonly expiresAt: number; readonly address: string; readonly agent: string; readonly credential: number };

/** A suspended account and a password that was replaced meanwhile look like a wrong password. */
export const signIn: UseCase<SignIn, AccountState, ActivePermit, World> = {
  name: 'signIn',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting) => {
    const permit = permitActive(world, acting);
    return isRefusal(permit) ? wrongCredentials : permit;
  },
  decide: ({ account }, { sessionHash, expiresAt, address, agent, credential }, state, { at }) => {
    if (state.credential?.revision !== credential) return wrongCredentials;
    const signedIn: SignedIn = { type: 'SignedIn', data: { account, at, expiresAt, sessionHash }, content: { access: { address, agent } } };
    return [signedIn];
  },
  isSameIntent: ({ sessionHash }, recorded) => recordsIntent(recorded, 'SignedIn', { sessionHash }),
};

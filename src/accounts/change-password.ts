import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { CredentialSet, SignedOut } from './events.ts';
import { permitActive, type ActivePermit } from './permits.ts';
import { wrongCredentials } from './refusals.ts';
import type { World } from './standing.ts';

/** The current password was right against the credential set at revision `credential`. `keep`: hash of the session that goes on. `hash`: argon2id, PHC form. */
export type ChangePassword = { readonly hash: string; readonly credential: number; readonly keep: string | null };

// A batch of the log is bounded. Beyond this all sessions end, the kept one too, and its holder signs in again.
const endedOneByOneMax = 100;

/** Other sessions end in the same breath. */
export const changePassword: UseCase<ChangePassword, AccountState, ActivePermit, World> = {
  name: 'changePassword',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting) => permitActive(world, acting),
  decide: ({ account }, { hash, credential, keep }, state, { at }) => {
    if (state.credential?.revision !== credential) return wrongCredentials;
    const set: CredentialSet = { type: 'CredentialSet', data: { account, at, by: 'self' }, content: { credential: { hash } } };
    const others = [...state.sessions].filter(([session, expiresAt]) => session !== keep && expiresAt > at).map(([session]) => session);
    const ended: readonly (string | null)[] = others.length > endedOneByOneMax ? [null] : others;
    return [set, ...ended.map((sessionHash): SignedOut => ({ type: 'SignedOut', data: { account, at, cause: 'password', sessionHash } }))];
  },
  isSameIntent: (_input, recorded) => recordsIntent(recorded, 'CredentialSet', { by: 'self' }),
};

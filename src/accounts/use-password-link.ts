import { isRefusal } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { CredentialSet, SignedOut } from './events.ts';
import { permitActive, type ActivePermit } from './permits.ts';
import { linkSpent } from './refusals.ts';
import type { World } from './standing.ts';

/** The holder acts, known by the link alone. `hash`: argon2id, PHC form. */
export type UsePasswordLink = { readonly tokenHash: string; readonly hash: string };

/** All sessions end; who holds the account signs in afterwards. */
export const usePasswordLink: UseCase<UsePasswordLink, AccountState, ActivePermit, World> = {
  name: 'usePasswordLink',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting) => {
    const permit = permitActive(world, acting);
    return isRefusal(permit) ? linkSpent : permit;
  },
  decide: ({ account }, { tokenHash, hash }, state, { at }) => {
    if (state.link?.tokenHash !== tokenHash || state.link.expiresAt <= at) return linkSpent;
    const set: CredentialSet = { type: 'CredentialSet', data: { account, at, by: 'link', link: tokenHash }, content: { credential: { hash } } };
    const signedOut: SignedOut = { type: 'SignedOut', data: { account, at, cause: 'password', sessionHash: null } };
    return state.sessions.size === 0 ? [set] : [set, signedOut];
  },
  // Whether the password is the same, only its hash can say: `appliance` compares that.
  isSameIntent: ({ tokenHash }, recorded) => recordsIntent(recorded, 'CredentialSet', { by: 'link', link: tokenHash }),
};

import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { Acting, UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { AccountOpened, CredentialSet } from './events.ts';
import { permitSystem, type SystemPermit } from './permits.ts';
import { accountIdTaken, linkSpent, signInNameTaken } from './refusals.ts';
import type { World } from './standing.ts';

/** The one-time token was compared before, and the name is reserved. `tokenHash`: its SHA-256, base64url; `hash`: argon2id, PHC form. */
export type OpenFirstAccount = { readonly account: string; readonly signInName: string; readonly displayName: string; readonly tokenHash: string; readonly hash: string };

/** The link printed at first start makes the first administrator, and nobody after that. The appliance acts, because nobody is signed in yet. */
export const openFirstAccount: UseCase<OpenFirstAccount, AccountState, SystemPermit, World> = {
  name: 'openFirstAccount',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting) => permitToBegin(world, acting),
  decide: (_permit, { account, signInName, displayName, tokenHash, hash }, state, { at }) => {
    if (state.abandoned) return signInNameTaken;
    if (isAccountOpened(state)) return accountIdTaken;
    const opened: AccountOpened = {
      type: 'AccountOpened',
      data: { account, at, kind: 'employee', roles: ['employee', 'administrator'], signInName },
      content: { profile: { displayName, email: null } },
    };
    const credential: CredentialSet = { type: 'CredentialSet', data: { account, at, by: 'self', link: tokenHash }, content: { credential: { hash } } };
    return [opened, credential];
  },
  // Whether the password is the same, only its hash can say: `appliance` compares that.
  isSameIntent: ({ account, signInName, displayName, tokenHash }, recorded) =>
    recordsIntent(recorded, 'AccountOpened', { account, signInName }, { profile: { displayName, email: null } }) && recordsIntent(recorded, 'CredentialSet', { link: tokenHash }),
};

const permitToBegin = (world: World, acting: Acting): SystemPermit | Refusal => {
  const permit = permitSystem(acting);
  if (isRefusal(permit)) return permit;
  return world.standing.holdersOf('administrator').length > 0 ? linkSpent : permit;
};

import type { makePasswordLink as endpoint } from '../contract/accounts.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { OfficerActRequested, PasswordLinkMade } from './events.ts';
import { permitToReset, type ResettingPermit } from './permits.ts';
import { accountNotFound, accountSuspended, noOfficerYet } from './refusals.ts';
import type { World } from './standing.ts';

/** Made by the handler: `tokenHash` (SHA-256, base64url), `expiresAt` (ms UTC), and `request`, should it have to wait for an officer. */
export type MakePasswordLink = ParsedInputOf<typeof endpoint> & { readonly tokenHash: string; readonly expiresAt: number; readonly request: string };

/** For an officer it only becomes a request; the link is then made by the approval. A new link makes the one before worthless. */
export const makePasswordLink: UseCase<MakePasswordLink, AccountState, ResettingPermit, World> = {
  name: 'makePasswordLink',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting, { account }) => permitToReset(world, acting, account),
  decide: ({ by, approvers }, { account, tokenHash, expiresAt, request }, state, { at }) => {
    if (!isAccountOpened(state) || state.kind === 'nickname') return accountNotFound;
    if (state.suspended) return accountSuspended;
    if (!state.roles.has('officer')) {
      const link: PasswordLinkMade = { type: 'PasswordLinkMade', data: { account, approvedBy: null, at, by, expiresAt, tokenHash } };
      return [link];
    }
    if (approvers === 0) return noOfficerYet;
    if ([...state.requests.values()].some((waiting) => waiting.act === 'password-link' && waiting.by === by)) return nothingToRecord;
    const requested: OfficerActRequested = { type: 'OfficerActRequested', data: { account, act: 'password-link', at, by, request } };
    return [requested];
  },
  isSameIntent: ({ account }, recorded) => recordsIntent(recorded, 'PasswordLinkMade', { account }) || recordsIntent(recorded, 'OfficerActRequested', { account, act: 'password-link' }),
};

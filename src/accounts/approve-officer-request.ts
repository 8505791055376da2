import type { approveOfficerRequest as endpoint } from '../contract/accounts.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { refuse } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { PasswordLinkMade, RoleGranted } from './events.ts';
import { permitOfficer, type OfficerPermit } from './permits.ts';
import type { World } from './standing.ts';

/** `tokenHash` and `expiresAt` are for a password link; made by the handler either way. */
export type ApproveOfficerRequest = ParsedInputOf<typeof endpoint> & { readonly tokenHash: string; readonly expiresAt: number };

const requestNotFound = refuse('request-not-found', 'Nothing waits for approval under this id. It may have been approved already.');
const notYourOwn = refuse('not-your-own-request', 'Somebody else has to approve this: not who asked, and not who it is for.');

/** The second officer: neither who asked nor who it is for. */
export const approveOfficerRequest: UseCase<ApproveOfficerRequest, AccountState, OfficerPermit, World> = {
  name: 'approveOfficerRequest',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting) => permitOfficer(world, acting),
  decide: ({ account: officer }, { account, request, tokenHash, expiresAt }, state, { at }) => {
    const waiting = state.requests.get(request);
    if (!waiting) return requestNotFound;
    const { act, by } = waiting;
    if (officer === by || officer === account) return notYourOwn;
    if (act === 'grant-officer') {
      const granted: RoleGranted = { type: 'RoleGranted', data: { account, approvedBy: officer, at, by, role: 'officer' } };
      return [granted];
    }
    const link: PasswordLinkMade = { type: 'PasswordLinkMade', data: { account, approvedBy: officer, at, by, expiresAt, tokenHash } };
    return [link];
  },
  isSameIntent: ({ account }, recorded) =>
    recorded.some((event) => (event.type === 'RoleGranted' || event.type === 'PasswordLinkMade') && event.data['account'] === account && event.data['approvedBy'] !== null),
};

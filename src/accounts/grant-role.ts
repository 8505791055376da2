import type { grantRole as endpoint } from '../contract/accounts.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { nothingToRecord, refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, isAccountOpened, type AccountState } from './account.ts';
import type { OfficerActRequested, RoleGranted } from './events.ts';
import { permitToGrant, type RolePermit } from './permits.ts';
import { accountNotFound, accountSuspended, noOfficerYet } from './refusals.ts';
import type { World } from './standing.ts';

/** `request`: the id under which the officer's role waits for approval, made by the handler. */
export type GrantRole = ParsedInputOf<typeof endpoint> & { readonly request: string };

const alreadyGranted = refuse('already-granted', 'This person has this role already. Nothing was changed.');

/** Roles are granted at once, the officer's excepted: it waits for a second officer. Only the very first officer is named by the operator. */
export const grantRole: UseCase<GrantRole, AccountState, RolePermit, World> = {
  name: 'grantRole',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting, { account, role }) => permitToGrant(world, acting, account, role),
  decide: ({ by, approvers, firstOfficer }, { account, role, request }, state, { at }) => {
    if (!isAccountOpened(state) || state.kind === 'nickname') return accountNotFound;
    if (state.suspended) return accountSuspended;
    if (state.roles.has(role)) return alreadyGranted;
    if (role !== 'officer' || firstOfficer) {
      const granted: RoleGranted = { type: 'RoleGranted', data: { account, approvedBy: null, at, by, role } };
      return [granted];
    }
    if (approvers === 0) return noOfficerYet;
    if ([...state.requests.values()].some((waiting) => waiting.act === 'grant-officer' && waiting.by === by)) return nothingToRecord;
    const requested: OfficerActRequested = { type: 'OfficerActRequested', data: { account, act: 'grant-officer', at, by, request } };
    return [requested];
  },
  isSameIntent: ({ account, role }, recorded) =>
    recordsIntent(recorded, 'RoleGranted', { account, role }) || (role === 'officer' && recordsIntent(recorded, 'OfficerActRequested', { account, act: 'grant-officer' })),
};

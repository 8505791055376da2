import type { setClass as endpoint } from '../contract/classes.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { ClassOfServiceSet } from './events.ts';
import { permitAdministrator, type AdministratorPermit } from './permits.ts';
import { accountNotFound } from './refusals.ts';
import type { World } from './standing.ts';

export type SetClass = ParsedInputOf<typeof endpoint>;

/** Employees have classes; guests and nicknames are given nothing that a class could change. The name is recorded as it was written. */
export const setClass: UseCase<SetClass, AccountState, AdministratorPermit, World> = {
  name: 'setClass',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting) => permitAdministrator(world, acting),
  decide: ({ by }, { account, classOfService }, state, { at }) => {
    if (state.account !== account || state.kind !== 'employee') return accountNotFound;
    if (state.classOfService === classOfService) return nothingToRecord;
    const set: ClassOfServiceSet = { type: 'ClassOfServiceSet', data: { account, at, before: state.classOfService, by, classOfService } };
    return [set];
  },
  isSameIntent: ({ account, classOfService }, recorded) => recordsIntent(recorded, 'ClassOfServiceSet', { account, classOfService }),
};

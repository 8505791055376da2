import { accountFold, type AccountState } from '../accounts/account.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitToAccount, type AccountingPermit } from './permits.ts';
import { uploadEnded } from './refusals.ts';

/** `bytes`: of the file. */
export type CheckReservation = { readonly account: string; readonly bytes: number; readonly fileId: string };

/**
 * Whether room for a file is taken now, as the sender's own stream says. A command that is repeated is answered as it was, so that only this
 * tells a reservation that stands from one that has ended. Records nothing, ever.
 */
export const checkReservation: UseCase<CheckReservation, AccountState, AccountingPermit, World> = {
  name: 'checkReservation',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting, { account }) => permitToAccount(world, acting, account),
  decide: (_permit, { bytes, fileId }, { quota }) => (quota.reserved.get(fileId) === bytes ? nothingToRecord : uploadEnded),
  isSameIntent: () => false,
};

import { accountFold, type AccountState } from '../accounts/account.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { QuotaSettled } from './events.ts';
import { permitToAccount, type AccountingPermit } from './permits.ts';

export type SettleQuota = { readonly account: string; readonly bytes: number; readonly fileId: string };

/** After the file was shared. Until then the reservation counts as much, so nothing is gained by being late. */
export const settleQuota: UseCase<SettleQuota, AccountState, AccountingPermit, World> = {
  name: 'settleQuota',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting, { account }) => permitToAccount(world, acting, account),
  decide: (_permit, { bytes, fileId }, { quota }, { at }) => {
    if (!quota.reserved.has(fileId)) return nothingToRecord;
    const event: QuotaSettled = { type: 'QuotaSettled', data: { at, bytes, fileId } };
    return [event];
  },
  isSameIntent: ({ bytes, fileId }, recorded) => recordsIntent(recorded, 'QuotaSettled', { bytes, fileId }),
};

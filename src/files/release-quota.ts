import { accountFold, type AccountState } from '../accounts/account.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { QuotaReleased } from './events.ts';
import { permitToAccount, type AccountingPermit } from './permits.ts';

export type ReleaseQuota = { readonly account: string; readonly fileId: string };

/** An upload that was given up by its sender, or forgotten for a day. */
export const releaseQuota: UseCase<ReleaseQuota, AccountState, AccountingPermit, World> = {
  name: 'releaseQuota',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (world, acting, { account }) => permitToAccount(world, acting, account),
  decide: (_permit, { fileId }, { quota }, { at }) => {
    if (!quota.reserved.has(fileId)) return nothingToRecord;
    const event: QuotaReleased = { type: 'QuotaReleased', data: { at, fileId } };
    return [event];
  },
  isSameIntent: ({ fileId }, recorded) => recordsIntent(recorded, 'QuotaReleased', { fileId }),
};

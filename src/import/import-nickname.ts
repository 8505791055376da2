import { accountFold, isAccountOpened, type AccountState } from '../accounts/account.ts';
import type { AccountOpened, Imported } from '../accounts/events.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { permitImport, type ImportPermit } from './permits.ts';

/** `account`: UUIDv8 of HMAC(log secret, source, nickname). `imported.line`: where the nickname first appears. */
export type ImportNickname = { readonly account: string; readonly nickname: string; readonly imported: Imported };

/** Everybody who says something has an account; a nickname's can never sign in and is nobody of ours. */
export const importNickname: UseCase<ImportNickname, AccountState, ImportPermit, World> = {
  name: 'importNickname',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (_world, acting) => permitImport(acting),
  decide: (_permit, { account, nickname, imported }, state, { at }) => {
    if (isAccountOpened(state)) return nothingToRecord;
    const opened: AccountOpened = {
      type: 'AccountOpened',
      data: { account, at, imported, kind: 'nickname', roles: [], signInName: null },
      content: { profile: { displayName: nickname, email: null } },
    };
    return [opened];
  },
  isSameIntent: ({ account, nickname }, recorded) => recordsIntent(recorded, 'AccountOpened', { account, kind: 'nickname' }, { profile: { displayName: nickname, email: null } }),
};

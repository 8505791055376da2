import { accountFold, type AccountState } from '../accounts/account.ts';
import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { InfectedFileRefused } from './events.ts';

/** `account`: the sender. `hash`: of the file, SHA-256, base64url. `signature`: the scanner's name for what was found. */
export type RefuseInfectedFile = { readonly account: string; readonly conversationId: string; readonly fileId: string; readonly hash: string; readonly name: string; readonly signature: string; readonly size: number };

/** In the sender's own stream: the conversation never hears of a file that was not shared. */
export const refuseInfectedFile: UseCase<RefuseInfectedFile, AccountState, SystemPermit, World> = {
  name: 'refuseInfectedFile',
  stream: ({ account }) => streams.account(account),
  fold: accountFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { account, conversationId, fileId, hash, name, signature, size }, { quota }, { at }) => {
    if (!quota.reserved.has(fileId)) return nothingToRecord;
    const event: InfectedFileRefused = { type: 'InfectedFileRefused', data: { at, author: account, conversation: conversationId, fileId, signature, size }, content: { file: { hash, name } } };
    return [event];
  },
  isSameIntent: ({ conversationId, fileId, signature }, recorded) => recordsIntent(recorded, 'InfectedFileRefused', { conversation: conversationId, fileId, signature }),
};

import type { startHistoryDownload as endpoint } from '../contract/archive.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import { permitMembership, type MemberPermit, type Membership } from '../conversations/permits.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { accountFold, type AccountState } from './account.ts';
import type { HistoryDownloaded } from './events.ts';
import type { World } from './standing.ts';

/** `membership`: the asker's own in the conversation, undefined for none. `upTo`: the conversation's revision that the download covers. */
export type RecordHistoryDownload = ParsedInputOf<typeof endpoint> & { readonly membership: Membership | undefined; readonly upTo: number };

/** Recorded before the first byte leaves. */
export const recordHistoryDownload: UseCase<RecordHistoryDownload, AccountState, MemberPermit, World> = {
  name: 'startHistoryDownload',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting, { membership }) => permitMembership(world, acting, membership),
  decide: ({ account, conversation }, { upTo }, _state, { at }) => {
    const downloaded: HistoryDownloaded = { type: 'HistoryDownloaded', data: { account, at, conversation, upTo } };
    return [downloaded];
  },
  isSameIntent: ({ conversationId }, recorded) => recordsIntent(recorded, 'HistoryDownloaded', { conversation: conversationId }),
};

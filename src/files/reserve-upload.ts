import { accountFold, type AccountState } from '../accounts/account.ts';
import type { World } from '../accounts/standing.ts';
import type { ParsedInputOf } from '../contract/endpoint.ts';
import type { reserveUpload as endpoint } from '../contract/files.ts';
import type { Membership } from '../conversations/permits.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import type { QuotaReserved } from './events.ts';
import { forbiddenIn } from './forbidden-types.ts';
import { permitToUpload, type UploadPermit } from './permits.ts';
import { quotaTaken } from './quota.ts';
import { fileIdTaken, fileTooLarge, fileTypeForbidden, overQuota } from './refusals.ts';

/** `membership`: the asker's own in the conversation, undefined for none. */
export type ReserveUpload = ParsedInputOf<typeof endpoint> & { readonly membership: Membership | undefined };

/** Decided in the sender's own stream, one at a time: two tabs cannot both have the last of the room. */
export const reserveUpload: UseCase<ReserveUpload, AccountState, UploadPermit, World> = {
  name: 'reserveUpload',
  stream: (_input, { actor }) => streams.account(actor.id),
  fold: accountFold,
  permit: (world, acting, { membership }) => permitToUpload(world, acting, membership),
  decide: ({ maxBytes, quotaBytes, forbidden }, { fileId, name, size }, { quota }, { at }) => {
    const reserved = quota.reserved.get(fileId);
    if (reserved !== undefined) return reserved === size ? nothingToRecord : fileIdTaken;
    const word = forbiddenIn(forbidden, { name });
    if (word !== undefined) return fileTypeForbidden(word, forbidden);
    if (size > maxBytes) return fileTooLarge(size, maxBytes);
    const left = quotaBytes - quotaTaken(quota);
    if (size > left) return overQuota(size, left, quotaBytes);
    const event: QuotaReserved = { type: 'QuotaReserved', data: { at, bytes: size, fileId } };
    return [event];
  },
  isSameIntent: ({ fileId, size }, recorded) => recordsIntent(recorded, 'QuotaReserved', { bytes: size, fileId }),
};

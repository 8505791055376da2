import { permitActive, permitSystem } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import type { ConversationState } from '../conversations/conversation.ts';
import { permitMember, permitMembership, type Membership, type MemberPermit } from '../conversations/permits.ts';
import { isRefusal, type Refusal } from '../kernel/refusal.ts';
import type { Acting, Permit } from '../kernel/use-case.ts';
import { forbiddenTypes } from './forbidden-types.ts';

// Nobody outside this file can name these keys, so nobody else can make such a value.
declare const uploading: unique symbol;
declare const sharing: unique symbol;
declare const accounting: unique symbol;

/** A member who may upload for a conversation, with the limits of now, in bytes. */
export type UploadPermit = MemberPermit & { readonly maxBytes: number; readonly quotaBytes: number; readonly forbidden: readonly string[]; readonly [uploading]: true };

/** `membership`: the asker's own, undefined for none. */
export const permitToUpload = (world: World, acting: Acting, membership: Membership | undefined): UploadPermit | Refusal => {
  const member = permitMembership(world, acting, membership);
  return isRefusal(member) ? member : ({ ...member, ...uploadLimits(world), forbidden: forbiddenNow(world) } as UploadPermit);
};

/** A member who may share a file whose bytes are here; `forbidden`: types, as of now. */
export type SharingPermit = MemberPermit & { readonly forbidden: readonly string[]; readonly [sharing]: true };
export const permitToShare = (world: World, acting: Acting, state: ConversationState): SharingPermit | Refusal => {
  const member = permitMember(world, acting, state);
  return isRefusal(member) ? member : ({ ...member, forbidden: forbiddenNow(world) } as SharingPermit);
};

const forbiddenNow = ({ standing }: World): readonly string[] => forbiddenTypes(standing.setting<string>('files.forbiddenTypes'));

/** Settings of now, in bytes. */
export const uploadLimits = ({ standing }: World): { readonly maxBytes: number; readonly quotaBytes: number } => ({
  maxBytes: standing.setting<number>('files.maxBytes'), quotaBytes: standing.setting<number>('files.quotaBytes'),
});

/** Keeps the account of a sender's room: the sender for themselves, or the appliance. */
export type AccountingPermit = Permit & { readonly [accounting]: true };
export const permitToAccount = (world: World, acting: Acting, account: string): AccountingPermit | Refusal => {
  const permit = acting.actor.kind === 'account' && acting.actor.id === account ? permitActive(world, acting) : permitSystem(acting);
  return isRefusal(permit) ? permit : ({ basis: permit.basis } as unknown as AccountingPermit);
};

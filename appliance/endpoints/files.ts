import { answerWithBytes } from '#appliance/files/byte-answers.ts';
import type { Files } from '#appliance/files/files.ts';
import type { SharedFiles } from '#appliance/files/shared-files.ts';
import type { House } from '#appliance/house/house.ts';
import { openPage } from '#appliance/house/sealer.ts';
import { findFiles, listMyFiles, readFile, withdrawFile } from '#src/contract/files.ts';
import { limits } from '#src/contract/limits.ts';
import { holdsStill } from '#src/conversations/permits.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import type { Opened } from '#src/every-event.ts';
import { uploadLimits } from '#src/files/permits.ts';
import { fileNotFound, fileWithdrawn } from '#src/files/refusals.ts';
import { withdrawFile as withdrawing } from '#src/files/withdraw-file.ts';
import { isRefusal, type Refusal } from '#src/kernel/refusal.ts';
import { streams } from '#src/kernel/streams.ts';
import { fileArchiveEndpoints } from './file-archive.ts';
import { permitToRead } from './membership.ts';
import { previewEndpoints } from './previews.ts';
import { recordedOf } from './recorded.ts';
import { notSetUp, uploadEndpoints } from './uploads.ts';

type Signed = Call & { readonly caller: Caller };

/** How a file was shared, with what of it can still be opened; its key is nowhere but here. Undefined where this is no sharing. */
export const sharingAt = async ({ log, logId, keyring }: House, conversationId: string, revision: number): Promise<Opened<'FileShared'> | undefined> => {
  for await (const page of log.readStream(streams.conversation(conversationId), { from: revision, limit: 1 })) {
    const [event] = await openPage(page, logId, keyring) as readonly Opened[];
    return event?.revision === revision && event.type === 'FileShared' ? event : undefined;
  }
  return undefined;
};

/** Sharing, reading, withdrawing and finding files. */
export const fileEndpoints = (house: House, shared: SharedFiles): readonly Served[] => [
  ...uploadEndpoints(house, shared),
  serve(withdrawFile, async (input, call) => recordedOf(await house.command(withdrawing, input, call))),
  serve(readFile, (input, call) => (shared.files ? read(house, { ...shared, files: shared.files }, input, call) : notSetUp)),
  ...previewEndpoints(house, shared, { seen: seenSharing, at: sharingAt }),
  ...findingEndpoints(house),
  ...fileArchiveEndpoints(house, shared, sharingAt),
];

const read = async (house: House, { files, reads }: SharedFiles & { readonly files: Files }, input: { readonly conversationId: string; readonly fileId: string; readonly inline: 'true' | 'false' }, call: Signed): Promise<Response | Refusal> => {
  const event = await seenSharing(house, input, call);
  return isRefusal(event) ? event : reads.answer(call.caller.account, () => answerWithBytes(files, event, call.request!, input.inline === 'true', house.onFault));
};

/** How a file was shared, for somebody who may see it now. */
const seenSharing = async (house: House, { conversationId, fileId }: { readonly conversationId: string; readonly fileId: string }, call: Signed): Promise<Opened<'FileShared'> | Refusal> => {
  const permit = await permitToRead(house, call, conversationId);
  if (isRefusal(permit)) return permit;
  const { value: place } = await house.views.ask('files.one', { conversationId, fileId, account: call.caller.account }, house.hub.position);
  if (!place?.isSeen) return fileNotFound;
  if (place.withdrawn) return fileWithdrawn;
  return (await sharingAt(house, conversationId, place.revision)) ?? fileNotFound;
};

const findingEndpoints = (house: House): readonly Served[] => [
  serve(listMyFiles, async ({ name, kind, before }, { caller: { account } }) => {
    const { position, value } = await house.views.ask('files.mine', { account, name, limit: limits.filesPage, ...(kind && { kind }), ...(before !== undefined && { before }) }, house.hub.position);
    const { maxBytes, quotaBytes } = uploadLimits(house.world);
    const { total, files, next, used, reserved } = value;
    return { position, total, files: [...files], next, quota: { used, reserved, max: quotaBytes, fileMax: maxBytes } };
  }),
  serve(findFiles, async ({ name, kind, before, conversationId }, { caller: { account } }) => {
    const { value: mine } = await house.views.ask('desk.readableBy', { account }, house.hub.position);
    // Only where reading is permitted now: a channel counts while its space's join still holds.
    const conversations = mine.filter((one) => holdsStill(house.world, account, one)).map((one) => one.conversation).filter((id) => conversationId === undefined || id === conversationId);
    const { position, value } = await house.views.ask('files.found', { account, name, conversations, limit: limits.filesPage, ...(kind && { kind }), ...(before !== undefined && { before }) }, house.hub.position);
    return { position, total: value.total, files: [...value.files], next: value.next };
  }),
];

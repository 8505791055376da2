import { diskReserve, type Files } from '#appliance/files/files.ts';
import type { SharedFiles } from '#appliance/files/shared-files.ts';
import { appendUploadTo, readUploadOf } from '#appliance/files/tus.ts';
import type { House } from '#appliance/house/house.ts';
import { appendUpload, cancelUpload, readUpload, reserveUpload, shareFile } from '#src/contract/files.ts';
import type { OutputOf, ParsedInputOf } from '#src/contract/endpoint.ts';
import { limits } from '#src/contract/limits.ts';
import { serve, type Call, type Caller, type Served } from '#src/doors/door.ts';
import { releaseQuota } from '#src/files/release-quota.ts';
import { reserveUpload as reserving } from '#src/files/reserve-upload.ts';
import { isRefusal, refuse, type Refusal } from '#src/kernel/refusal.ts';
import { permitToRead } from './membership.ts';
import { recordedOf } from './recorded.ts';
import { beginCheck, share, whyNoRoom } from './share-file.ts';

type Signed = Call & { readonly caller: Caller };

export const notSetUp = refuse('files-not-set-up', 'Files cannot be shared here yet: nobody has said where all appliances of this log keep them (HANSARD_FILES). Nothing was changed.');

/** The way of a file until it is shared, or given up. */
export const uploadEndpoints = (house: House, shared: SharedFiles): readonly Served[] => {
  const { files, inTurn } = shared;
  return [
    serve(reserveUpload, (input, call) => (files ? inTurn(call.caller.account, input.fileId, () => reserve(house, files, input, call)) : notSetUp)),
    serve(readUpload, ({ fileId }, call) => (files ? readUploadOf(files, call.caller.account, fileId, call.request!) : notSetUp)),
    serve(appendUpload, ({ fileId }, call) => (files ? append(house, files, fileId, call) : notSetUp)),
    serve(cancelUpload, ({ fileId }, call) => inTurn(call.caller.account, fileId, () => cancel(house, files, fileId, call))),
    serve(shareFile, (input, call) => (files ? inTurn(call.caller.account, input.fileId, () => share(house, files, input, call)) : notSetUp)),
  ];
};

const reserve = async (house: House, files: Files, input: ParsedInputOf<typeof reserveUpload>, call: Signed): Promise<OutputOf<typeof reserveUpload> | Refusal> => {
  const { account } = call.caller;
  const { conversationId, fileId, size } = input;
  const membership = await permitToRead(house, call, conversationId);
  const handled = await house.command(reserving, { ...input, membership: isRefusal(membership) ? undefined : membership }, call);
  const result = recordedOf(handled);
  if (isRefusal(result)) return result;
  // Told once more what it was told before; meanwhile the file may have been shared, or given up.
  const ended = !isRefusal(handled) && handled.again ? await whyNoRoom(house, account, fileId, size) : undefined;
  if (ended) return ended;
  const begun = await files.begin(account, fileId, size);
  if (begun === 'disk-reserve') return diskReserve;
  return { ...result, partBytes: limits.uploadPartBytes, expiresAt: call.at + limits.uploadHours * 3_600_000 };
};

const append = async (house: House, files: Files, fileId: string, { caller: { account }, request }: Signed): Promise<Response | Refusal> => {
  const answer = await appendUploadTo(files, account, fileId, request!);
  const isWhole = !isRefusal(answer) && answer.headers.get('upload-offset') === answer.headers.get('upload-length');
  if (isWhole) void beginCheck(house, files, account, fileId).catch(house.onFault);
  return answer;
};

const cancel = async (house: House, files: Files | undefined, fileId: string, call: Signed): Promise<{ revision: number } | Refusal> => {
  const { account } = call.caller;
  const { value: unsettled } = await house.views.ask('files.uploads', { before: 0 }, house.hub.position);
  // It was shared, and what came after was cut short: its room stays taken, and the collector counts it.
  if (unsettled.some((one) => one.account === account && one.fileId === fileId)) return { revision: -1 };
  const blob = await files?.forget(account, fileId);
  const released = await house.command(releaseQuota, { account, fileId }, call);
  if (blob !== undefined && !isRefusal(released) && !released.again) await removeUnnamed(house, files!, blob, released.events.at(-1)!.position);
  return recordedOf(released);
};

/**
 * What had arrived as a whole is in the store already, and nobody's room. Here and now it goes only where one appliance writes: another
 * may be about to name it, and then the collector finds out in a day. `position`: of the record by which it was given up.
 */
const removeUnnamed = async ({ log, views }: House, files: Files, blob: string, position: number): Promise<void> => {
  if (log.isShared) return;
  const { value: named } = await views.ask('files.named', { blobs: [blob] }, position);
  if (named.length === 0) await files.remove(blob);
};

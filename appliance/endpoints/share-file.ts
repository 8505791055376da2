import type { Files } from '#appliance/files/files.ts';
import type { House } from '#appliance/house/house.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import type { ParsedInputOf } from '#src/contract/endpoint.ts';
import type { shareFile } from '#src/contract/files.ts';
import type { Call, Caller } from '#src/doors/door.ts';
import { checkReservation } from '#src/files/check-reservation.ts';
import { refuseInfectedFile } from '#src/files/refuse-infected-file.ts';
import { fileInfected, fileNotCheckable, fileNotChecked, uploadEnded } from '#src/files/refusals.ts';
import { settleQuota } from '#src/files/settle-quota.ts';
import { shareFile as sharing, type StoredFile } from '#src/files/share-file.ts';
import { causedId } from '#src/kernel/ids.ts';
import { isRefusal, nothingToRecord, type Refusal } from '#src/kernel/refusal.ts';
import { recordedOf } from './recorded.ts';

type Signed = Call & { readonly caller: Caller };
type ShareInput = ParsedInputOf<typeof shareFile>;

const readWhole = (files: Files) => ({ blob, key, size }: StoredFile) => files.read({ blob, key, size }, 0, size);

/** Begins the check for viruses, where there is one: the bytes are all here, and sharing them need not wait for it then. */
export const beginCheck = async ({ virusCheck }: House, files: Files, account: string, fileId: string): Promise<void> => {
  const stored = virusCheck && (await files.stored(account, fileId));
  if (stored) await virusCheck.begin(stored, readWhole(files));
};

/** Undefined while room for this file is taken; else why not, as far as that can be told now. */
export const whyNoRoom = async ({ commandAs }: House, account: string, fileId: string, bytes: number): Promise<Refusal | undefined> => {
  const checked = await commandAs(theAppliance, checkReservation, { account, bytes, fileId });
  return isRefusal(checked) && checked.code !== nothingToRecord.code ? checked : undefined;
};

/** Bytes, then the verdict on them, then the event, then what was only for the upload. */
export const share = async (house: House, files: Files, input: ShareInput, call: Signed): Promise<{ revision: number } | Refusal> => {
  const { account } = call.caller;
  const { messageId, ...rest } = input;
  const arrived = await files.stored(account, input.fileId);
  // Bytes that no room is taken for are none; whether it was shared before is found out all the same.
  const stored = arrived && (await whyNoRoom(house, account, input.fileId, arrived.size))?.code !== uploadEnded.code ? arrived : undefined;
  const refused = stored && (await refusedByCheck(house, files, input, stored, call));
  if (refused) return refused;
  const result = await house.command(sharing, { ...rest, ...(messageId !== undefined && { messageId }), stored }, call);
  if (!isRefusal(result)) {
    const event = result.events[0]!;
    const { size } = event.data as { readonly size: number };
    if (stored) house.virusCheck?.forget(stored.blob);
    // It is shared whatever comes of this; what is left is done by the collector.
    await Promise.all([
      house.commandAs(theAppliance, settleQuota, { account, bytes: size, fileId: input.fileId }, { causation: event.id, commandId: causedId(event.id, 0) }),
      files.forget(account, input.fileId),
    ]).catch(house.onFault);
  }
  return recordedOf(result);
};

/** Why the virus scanner keeps this file from being shared; undefined where it does not, or there is none. */
const refusedByCheck = async (house: House, files: Files, { conversationId, fileId, name }: ShareInput, stored: StoredFile, { caller: { account }, commandId }: Signed): Promise<Refusal | undefined> => {
  const { virusCheck, views, hub } = house;
  const verdict = await virusCheck?.of(stored, readWhole(files));
  if (verdict === undefined || verdict.is === 'clean') return undefined;
  if (verdict.is === 'unavailable') return fileNotChecked;
  if (verdict.is === 'too-large') return fileNotCheckable(stored.size);
  const { blob, hash, size } = stored;
  // Shared before the scanner knew this virus: what is on record stays on record.
  if ((await views.ask('files.named', { blobs: [blob] }, hub.position)).value.length > 0) return undefined;
  const { signature } = verdict;
  const recorded = await house.commandAs(theAppliance, refuseInfectedFile, { account, conversationId, fileId, hash, name, signature, size }, { commandId: causedId(commandId, 0) });
  if (isRefusal(recorded) && recorded.code !== 'nothing-to-record') return recorded;
  await files.forget(account, fileId);
  await files.remove(blob);
  virusCheck?.forget(blob);
  return fileInfected(signature);
};

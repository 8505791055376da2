import { refuse, type Refusal } from '../kernel/refusal.ts';

export const fileNotFound = refuse('file-not-found', 'There is no such file in this conversation. Nothing was changed.');
export const fileWithdrawn = refuse('file-withdrawn', 'This file was withdrawn by who shared it. The record keeps it.');
export const fileGone = refuse('file-gone', 'What was in this file was disposed of, as its retention asks. That it was shared stays on record.');
export const fileIdTaken = refuse('file-id-taken', 'There is a file under this id already. Nothing was recorded.');
export const uploadEnded = refuse('file-id-taken', 'The upload under this id has ended: its file was shared, or it was given up. Add the file again. Nothing was recorded.');
export const uploadIncomplete = refuse('upload-incomplete', 'Not all of this file has arrived, so it was not shared. Upload the rest, then share it again.');
export const notTheSharer = refuse('not-the-author', 'Only who shared a file can withdraw it. Nothing was changed.');

const units = ['bytes', 'kB', 'MB', 'GB', 'TB'] as const;
export const fileNotChecked = refuse('file-not-checked', 'This file is not checked for viruses yet, so it is not shared yet. It is kept here, and the check is tried again.');
export const fileInfected = (signature: string): Refusal => refuse('file-infected', `A virus was found in this file: ${signature}. It was not shared and is not kept here; that it was refused is on record.`);
export const fileNotCheckable = (bytes: number): Refusal =>
  refuse('file-not-checkable', `This file has ${bytesInWords(bytes)}, more than the virus scanner here takes, and nothing is shared unchecked. Share it in smaller parts, or tell an administrator.`);
export const fileTypeForbidden = (word: string, forbidden: readonly string[]): Refusal => refuse('file-type-forbidden', `Files of the type ${word} are not shared here (nor any of: ${forbidden.join(', ')}). Nothing was shared.`);

/** `1.5 MB`: powers of 1,000, as disks are sold and as the web client counts. */
export const bytesInWords = (bytes: number): string => {
  const unit = bytes < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Math.round((bytes / 1_000 ** unit) * 10) / 10} ${units[unit]}`;
};

export const fileTooLarge = (bytes: number, most: number): Refusal => refuse('too-large', `This file has ${bytesInWords(bytes)}; a file here may have ${bytesInWords(most)}. Nothing was uploaded.`, most);
export const overQuota = (bytes: number, left: number, most: number): Refusal =>
  refuse('over-quota', `This file has ${bytesInWords(bytes)}, and of your ${bytesInWords(most)} for files ${bytesInWords(Math.max(0, left))} are left. Nothing was uploaded. Withdrawn files count too, because the record keeps them; an administrator can give more room.`, most);

/**
 * Shared in `conversation-<id>`. `blob`: SHA-256 of the sealed bytes, base64url, which is their address in the store; they were durable
 * before this was. `size` and `hash` (SHA-256, base64url) are of the file itself, `key` (base64url) is the key it is sealed with, `type` is
 * the media type that the bytes show. `ordinal` as in MessagePosted. `messageId`: a message of the same author that it was written with.
 */
export type FileShared = {
  type: 'FileShared';
  data: { at: number; author: string; blob: string; fileId: string; height?: number; messageId?: string; ordinal: number; size: number; type: string; width?: number };
  content: { file: { hash: string; key: string; name: string } };
};
/** Gone from people's view; the bytes stay. `author` and `ordinal` are those of the file, so that counts need no look-up. */
export type FileWithdrawn = { type: 'FileWithdrawn'; data: { at: number; author: string; by: string; fileId: string; ordinal: number } };

/** In `account-<id>`: room for a file that is going to be uploaded; decided by the desk, so that two tabs cannot both have the last of it. */
export type QuotaReserved = { type: 'QuotaReserved'; data: { at: number; bytes: number; fileId: string } };
/** The file was shared: the room stays taken until the record disposes of it. */
export type QuotaSettled = { type: 'QuotaSettled'; data: { at: number; bytes: number; fileId: string } };
/** The upload was given up or forgotten. */
export type QuotaReleased = { type: 'QuotaReleased'; data: { at: number; fileId: string } };
/**
 * A file of this sender that was not shared, because a virus was found in it: `signature` is what the scanner calls it. Its bytes are kept
 * nowhere, so its room is free again. `hash` as in FileShared.
 */
export type InfectedFileRefused = {
  type: 'InfectedFileRefused';
  data: { at: number; author: string; conversation: string; fileId: string; signature: string; size: number };
  content: { file: { hash: string; name: string } };
};

export type FileEvent = FileShared | FileWithdrawn;
export type QuotaEvent = QuotaReserved | QuotaSettled | QuotaReleased | InfectedFileRefused;

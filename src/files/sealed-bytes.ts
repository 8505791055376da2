import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

/**
 * The bytes of a file at rest (docs/decisions/015): chunks of 64 KiB, each AES-256-GCM under the file's own random key, so that any part
 * is read without the rest. The nonce is the chunk's number; number and whether it is the last stand in the associated data: a chunk
 * cannot be moved, and a file cannot be cut at a chunk's edge. An empty file is one empty chunk.
 */
export const chunkBytes = 64 * 1024;
const tagBytes = 16;
export const sealedChunkBytes = chunkBytes + tagBytes;

/** `size`: of the file, in bytes. */
export const chunksOf = (size: number): number => Math.max(1, Math.ceil(size / chunkBytes));
export const sealedSizeOf = (size: number): number => size + chunksOf(size) * tagBytes;

const label = Buffer.from('hansard/file/1');

const place = (index: number, isLast: boolean): { readonly nonce: Buffer; readonly associated: Buffer } => {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(index), 4);
  return { nonce, associated: Buffer.concat([label, nonce.subarray(4), Buffer.of(isLast ? 1 : 0)]) };
};

/** Ciphertext and tag, to be written one behind the other. A number must be used once under a key. */
export const sealChunk = (key: KeyObject, index: number, isLast: boolean, plain: Uint8Array): readonly [Buffer, Buffer] => {
  const { nonce, associated } = place(index, isLast);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(associated);
  const body = cipher.update(plain);
  cipher.final();
  return [body, cipher.getAuthTag()];
};

/** Undefined where it is not this chunk of this file, whole and unchanged. */
export const openChunk = (key: KeyObject, index: number, isLast: boolean, sealed: Buffer): Buffer | undefined => {
  if (sealed.length < tagBytes) return undefined;
  const { nonce, associated } = place(index, isLast);
  const decipher = createDecipheriv('aes-256-gcm', key, nonce);
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(-tagBytes));
  const plain = decipher.update(sealed.subarray(0, -tagBytes));
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plain;
};

/** Which sealed bytes hold the bytes `from` to `to` (not included) of a file, and the number of the first chunk among them. */
export const sealedRange = (size: number, from: number, to: number): { readonly first: number; readonly from: number; readonly to: number } => {
  const first = Math.floor(from / chunkBytes);
  const last = Math.min(chunksOf(size) - 1, Math.floor(Math.max(from, to - 1) / chunkBytes));
  return { first, from: first * sealedChunkBytes, to: Math.min(sealedSizeOf(size), (last + 1) * sealedChunkBytes) };
};

/** Opens what `sealedRange` named. Undefined where any of it does not open. */
export const openRange = (key: KeyObject, size: number, from: number, to: number, sealed: Buffer): Buffer<ArrayBuffer> | undefined => {
  const range = sealedRange(size, from, to);
  if (sealed.length !== range.to - range.from) return undefined;
  // Memory of its own, which can be handed to another thread.
  const plain = Buffer.allocUnsafeSlow(to - from);
  for (let at = 0, index = range.first; at < sealed.length; at += sealedChunkBytes, index += 1) {
    const chunk = openChunk(key, index, index === chunksOf(size) - 1, sealed.subarray(at, at + sealedChunkBytes));
    if (!chunk) return undefined;
    const start = index * chunkBytes;
    chunk.copy(plain, Math.max(0, start - from), Math.max(0, from - start), Math.min(chunk.length, to - start));
  }
  return plain;
};

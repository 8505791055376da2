import { hash } from 'node:crypto';

/**
 * A key prepared for HMAC-SHA-256 (RFC 2104): 128 bytes, the key XOR ipad, then the key XOR opad.
 * By hand, because two one-shot hashes over reused memory take 1 us where createHmac takes 3, and a message needs five of them;
 * a test holds it against createHmac.
 */
export type HmacKey = Buffer;

const blockBytes = 64;
const digestBytes = 32;

/** `key` has at most 64 bytes; all keys of ours have 32. A key for one use may be prepared in memory that is used again. */
export const hmacKey = (key: Uint8Array, prepared: HmacKey = Buffer.alloc(2 * blockBytes)): HmacKey => {
  prepared.fill(0x36, 0, blockBytes).fill(0x5c, blockBytes);
  for (let index = 0; index < key.length; index += 1) {
    prepared[index]! ^= key[index]!;
    prepared[blockBytes + index]! ^= key[index]!;
  }
  return prepared;
};

// Memory for one computation at a time; nothing here outlives the call, and no call can interrupt another.
const room = 1024;
const inner = Buffer.alloc(blockBytes + room);
const outer = Buffer.alloc(blockBytes + digestBytes);

/** HMAC-SHA-256 of what was written to `message` after its first 64 bytes, which this overwrites with the key's block. */
const finish = (key: HmacKey, message: Buffer, encoding: 'binary' | 'base64url'): string => {
  key.copy(message, 0, 0, blockBytes);
  outer.write(hash('sha256', message, 'binary'), blockBytes, 'latin1');
  key.copy(outer, 0, blockBytes);
  return hash('sha256', outer, encoding);
};

/** HMAC-SHA-256 of a byte string: one character, one byte, as is the result with `binary`. */
export const hmacOfBytes = (key: HmacKey, message: string, encoding: 'binary' | 'base64url'): string => {
  const memory: Buffer = message.length <= room ? inner : Buffer.allocUnsafe(blockBytes + message.length);
  const length = memory.write(message, blockBytes, 'latin1');
  return finish(key, memory.subarray(0, blockBytes + length), encoding);
};

/** A text as UTF-8 with 64 bytes of room before it, so that `hmacOfRoomy` needs no copy; the text is `subarray(64)`. */
export const roomy = (text: string): Buffer => {
  // A UTF-16 unit takes at most three bytes of UTF-8.
  const bytes = Buffer.allocUnsafe(blockBytes + text.length * 3);
  return bytes.subarray(0, blockBytes + bytes.write(text, blockBytes, 'utf8'));
};

/** HMAC-SHA-256 of `message.subarray(64)`, base64url. */
export const hmacOfRoomy = (key: HmacKey, message: Buffer): string => finish(key, message, 'base64url');

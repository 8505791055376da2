import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';

const nonceBytes = 12;
const tagBytes = 16;

/** A key under another key: nonce (12 bytes), ciphertext, tag (16 bytes); AES-256-GCM. `name` is bound to it: swapped with another it does not unwrap. */
export const wrap = (under: KeyObject, name: string, key: Uint8Array): Buffer => {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', under, nonce);
  cipher.setAAD(Buffer.from(name));
  return Buffer.concat([nonce, cipher.update(key), cipher.final(), cipher.getAuthTag()]);
};

/** Throws where `wrapped` was not made by `wrap` with this key and name. */
export const unwrap = (under: KeyObject, name: string, wrapped: Uint8Array): Buffer => {
  const decipher = createDecipheriv('aes-256-gcm', under, wrapped.subarray(0, nonceBytes));
  decipher.setAAD(Buffer.from(name));
  decipher.setAuthTag(wrapped.subarray(-tagBytes));
  return Buffer.concat([decipher.update(wrapped.subarray(nonceBytes, -tagBytes)), decipher.final()]);
};

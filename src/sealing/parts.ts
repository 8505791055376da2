import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto';
import { pooledRandomBytes } from '../kernel/ids.ts';
import { hmacKey, hmacOfRoomy, hmacOfBytes, roomy, type HmacKey } from './hmac.ts';

/** Where a part belongs. It is bound to it: moved elsewhere it does not open. */
export type Place = {
  readonly author: string | null;
  readonly event: string;
  readonly log: string;
  readonly schema: number;
  readonly stream: string;
  readonly type: string;
};

export type RandomBytes = (count: number) => Buffer;

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;
const zeroSalt = hmacKey(Buffer.alloc(keyBytes));

/** HKDF-Extract with an empty salt (RFC 5869, 2.2). */
export const extracted = (dataKey: Uint8Array): HmacKey =>
  hmacKey(Buffer.from(hmacOfBytes(zeroSalt, Buffer.from(dataKey).toString('latin1'), 'binary'), 'latin1'));

const infoOf = (event: string, part: string): string => `hansard/part/1${event}${part}`;

/** HKDF-Expand, first block (RFC 5869, 2.3): the 32 bytes of the part key, as a byte string. */
const partKey = (dataKey: HmacKey, info: string): string => hmacOfBytes(dataKey, `${info}\x01`, 'binary');

// Used up before the function that fills it returns.
const commitmentMemory: HmacKey = Buffer.alloc(128);

/** HKDF-Expand, second block: the commitment key. Opening does not need it. */
const commitmentKey = (dataKey: HmacKey, info: string, first: string): HmacKey =>
  hmacKey(Buffer.from(hmacOfBytes(dataKey, `${first}${info}\x02`, 'binary'), 'latin1'), commitmentMemory);

// One stream's events follow one another: what they share is written once. Memory is used up before the function that fills it returns.
let last: Omit<Place, 'author' | 'event'> & { readonly part: string; readonly text: string } = { log: '', part: '', schema: -1, stream: '', type: '', text: '' };
const associatedMemory = Buffer.alloc(2048);

const sharedText = ({ log, schema, stream, type }: Place, part: string): string => {
  if (last.stream !== stream || last.type !== type || last.part !== part || last.schema !== schema || last.log !== log) {
    const text = `,"log":${JSON.stringify(log)},"part":${JSON.stringify(part)},"schema":${schema},"stream":${JSON.stringify(stream)},"type":${JSON.stringify(type)}}`;
    last = { log, part, schema, stream, type, text };
  }
  return last.text;
};

/** Associated data: canonical JSON, one fixed shape. */
const associated = (place: Place, part: string): Buffer => {
  const text = `{"author":${JSON.stringify(place.author)},"event":${JSON.stringify(place.event)}${sharedText(place, part)}`;
  // A UTF-16 unit takes at most three bytes of UTF-8.
  if (text.length * 3 > associatedMemory.length) return Buffer.from(text);
  return associatedMemory.subarray(0, associatedMemory.write(text));
};

export type SealedBytes = { readonly ciphertext: string; readonly commitment: string; readonly nonce: string };

/** Seals the canonical JSON of one part. All results are base64url; `ciphertext` ends with the tag. */
export const sealPart = (dataKey: HmacKey, place: Place, part: string, plaintext: string, random: RandomBytes = pooledRandomBytes): SealedBytes => {
  const info = infoOf(place.event, part);
  const key = partKey(dataKey, info);
  const nonce = random(nonceBytes);
  const message = roomy(plaintext);
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key, 'latin1'), nonce);
  cipher.setAAD(associated(place, part));
  const body = cipher.update(message.subarray(64));
  cipher.final();
  return {
    ciphertext: Buffer.concat([body, cipher.getAuthTag()]).toString('base64url'),
    commitment: hmacOfRoomy(commitmentKey(dataKey, info, key), message),
    nonce: nonce.toString('base64url'),
  };
};

/** The plaintext of one part, or `undefined` when it was not sealed here with this key. */
export const openPart = (dataKey: HmacKey, place: Place, part: string, sealed: { readonly ciphertext: string; readonly nonce: string }): string | undefined => {
  const bytes = Buffer.from(sealed.ciphertext, 'base64url');
  const nonce = Buffer.from(sealed.nonce, 'base64url');
  if (bytes.length < tagBytes || nonce.length !== nonceBytes) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(partKey(dataKey, infoOf(place.event, part)), 'latin1'), nonce);
  decipher.setAAD(associated(place, part));
  decipher.setAuthTag(bytes.subarray(-tagBytes));
  const plaintext = decipher.update(bytes.subarray(0, -tagBytes)).toString();
  try {
    decipher.final();
  } catch {
    return undefined;
  }
  return plaintext;
};

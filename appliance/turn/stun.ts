import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { bytesOfAddress, textOfAddress, type Endpoint } from './addresses.ts';

/** STUN messages as TURN over UDP uses them: RFC 8489, sections 5, 6 and 14; RFC 8656, section 18. Bytes in, values out; no I/O. */

export const methods = { binding: 0x001, allocate: 0x003, refresh: 0x004, send: 0x006, data: 0x007, createPermission: 0x008, channelBind: 0x009 } as const;
export const classes = { request: 0, indication: 1, success: 2, error: 3 } as const;
export const attributes = {
  username: 0x0006, messageIntegrity: 0x0008, errorCode: 0x0009, unknownAttributes: 0x000a, channelNumber: 0x000c, lifetime: 0x000d, xorPeerAddress: 0x0012, data: 0x0013, realm: 0x0014, nonce: 0x0015,
  xorRelayedAddress: 0x0016, requestedAddressFamily: 0x0017, evenPort: 0x0018, requestedTransport: 0x0019, dontFragment: 0x001a, xorMappedAddress: 0x0020, reservationToken: 0x0022, software: 0x8022, fingerprint: 0x8028,
} as const;

export const magicCookie = 0x2112a442;
const headerBytes = 20;
const integrityBytes = 20;
const fingerprintMask = 0x5354554e;
/** A browser's requests hold at most a dozen. */
const attributesMax = 32;

export type Attribute = { readonly type: number; readonly value: Buffer };
/** `integrityAt`: where MESSAGE-INTEGRITY begins, or -1. What stands behind it, a fingerprint aside, is left out (RFC 8489, 14.5). */
export type StunMessage = { readonly bytes: Buffer; readonly method: number; readonly class: number; readonly transaction: Buffer; readonly attributes: readonly Attribute[]; readonly integrityAt: number; readonly hasFingerprint: boolean };

/** A whole, well-formed STUN message, or undefined: then it is nothing that deserves an answer. `bytes` are not copied. */
export const readStun = (bytes: Buffer): StunMessage | undefined => {
  if (bytes.length < headerBytes || (bytes[0]! & 0xc0) !== 0 || bytes.readUInt32BE(4) !== magicCookie) return undefined;
  if (bytes.readUInt16BE(2) !== bytes.length - headerBytes || bytes.length % 4 !== 0) return undefined;
  const found: Attribute[] = [];
  let [integrityAt, hasFingerprint] = [-1, false];
  for (let at = headerBytes; at < bytes.length; ) {
    const [type, length] = [bytes.readUInt16BE(at), bytes.readUInt16BE(at + 2)];
    const end = at + 4 + length;
    if (end > bytes.length || hasFingerprint || found.length === attributesMax) return undefined;
    const value = bytes.subarray(at + 4, end);
    if (type === attributes.fingerprint) {
      if (length !== 4 || value.readUInt32BE(0) !== fingerprintOf(bytes.subarray(0, at))) return undefined;
      hasFingerprint = true;
    } else if (integrityAt < 0) {
      if (type === attributes.messageIntegrity) {
        if (length !== integrityBytes) return undefined;
        integrityAt = at;
      } else found.push({ type, value });
    }
    at = end + ((4 - (length % 4)) % 4);
  }
  const type = bytes.readUInt16BE(0);
  return { bytes, method: (type & 0xf) | ((type >> 1) & 0x70) | ((type >> 2) & 0xf80), class: ((type >> 4) & 1) | ((type >> 7) & 2), transaction: bytes.subarray(8, headerBytes), attributes: found, integrityAt, hasFingerprint };
};

/** The first of its type: later ones are to be ignored (RFC 8489, 14). */
export const valueOf = (message: StunMessage, type: number): Buffer | undefined => message.attributes.find((one) => one.type === type)?.value;
export const textOf = (message: StunMessage, type: number): string | undefined => valueOf(message, type)?.toString('utf8');
/** Four bytes as a number; undefined where there are not four. */
export const numberOf = (message: StunMessage, type: number): number | undefined => {
  const value = valueOf(message, type);
  return value?.length === 4 ? value.readUInt32BE(0) : undefined;
};

const fingerprintOf = (before: Buffer): number => (crc32(before) ^ fingerprintMask) >>> 0;

/** Key of the long-term credential mechanism (RFC 8489, 9.2.2), MD5 because that is what browsers speak. */
export const longTermKey = (username: string, realm: string, password: string): Buffer => createHash('md5').update(`${username}:${realm}:${password}`).digest();

/** HMAC-SHA1 over what stands before, with the length as if the message ended with this attribute (RFC 8489, 14.5). */
const integrityOf = (before: Buffer, key: Buffer): Buffer => {
  const adjusted = Buffer.from(before);
  adjusted.writeUInt16BE(before.length - headerBytes + 4 + integrityBytes, 2);
  return createHmac('sha1', key).update(adjusted).digest();
};

export const hasIntegrity = ({ bytes, integrityAt }: StunMessage, key: Buffer): boolean =>
  integrityAt >= 0 && timingSafeEqual(bytes.subarray(integrityAt + 4, integrityAt + 4 + integrityBytes), integrityOf(bytes.subarray(0, integrityAt), key));

/** The addresses in XOR-PEER-ADDRESS and its like (RFC 8489, 14.2). Undefined for a family or a length that does not exist. */
export const readXorAddress = (value: Buffer, transaction: Buffer): Endpoint | undefined => {
  const length = value[1] === 1 ? 4 : value[1] === 2 ? 16 : 0;
  if (length === 0 || value.length !== 4 + length) return undefined;
  return { address: textOfAddress(masked(value.subarray(4), transaction)), port: value.readUInt16BE(2) ^ (magicCookie >>> 16) };
};

export const xorAddress = ({ address, port }: Endpoint, transaction: Buffer): Buffer => {
  const plain = bytesOfAddress(address)!;
  const head = Buffer.from([0, plain.length === 4 ? 1 : 2, 0, 0]);
  head.writeUInt16BE(port ^ (magicCookie >>> 16), 2);
  return Buffer.concat([head, masked(plain, transaction)]);
};

const masked = (bytes: Buffer, transaction: Buffer): Buffer => {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(magicCookie);
  transaction.copy(mask, 4);
  return Buffer.from(bytes.map((byte, at) => byte ^ mask[at]!));
};

export const errorCode = (code: number, reason: string): Attribute => ({ type: attributes.errorCode, value: Buffer.concat([Buffer.from([0, 0, Math.floor(code / 100), code % 100]), Buffer.from(reason)]) });
export const uint32 = (type: number, value: number): Attribute => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return { type, value: bytes };
};
export const text = (type: number, value: string): Attribute => ({ type, value: Buffer.from(value) });

export type StunParts = { readonly method: number; readonly class: number; readonly transaction: Buffer; readonly attributes: readonly Attribute[]; readonly key?: Buffer | undefined; readonly fingerprint?: boolean };

/** The bytes of a message, with MESSAGE-INTEGRITY where there is a key, and FINGERPRINT where it is wanted. */
export const writeStun = ({ method, class: ofClass, transaction, attributes: list, key, fingerprint = false }: StunParts): Buffer => {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE((method & 0xf) | ((method & 0x70) << 1) | ((method & 0xf80) << 2) | ((ofClass & 1) << 4) | ((ofClass & 2) << 7), 0);
  header.writeUInt32BE(magicCookie, 4);
  transaction.copy(header, 8);
  let bytes = Buffer.concat([header, ...list.map(encoded)]);
  if (key) bytes = Buffer.concat([bytes, encoded({ type: attributes.messageIntegrity, value: integrityOf(bytes, key) })]);
  bytes.writeUInt16BE(bytes.length - headerBytes + (fingerprint ? 8 : 0), 2);
  return fingerprint ? Buffer.concat([bytes, encoded(uint32(attributes.fingerprint, fingerprintOf(bytes)))]) : bytes;
};

const encoded = ({ type, value }: Attribute): Buffer => {
  const bytes = Buffer.alloc(4 + value.length + ((4 - (value.length % 4)) % 4));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
};

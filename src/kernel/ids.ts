import { createHash, createHmac, randomBytes, type KeyObject } from 'node:crypto';

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes.buffer, bytes.byteOffset, 16).toString('hex');

const withVersion = (bytes: Buffer, version: number): string => {
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = hexOf(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

// Pooled randomness: one system call serves 256 ids.
let pool = Buffer.alloc(0);
let used = 0;
export const pooledRandomBytes = (count: number): Buffer => {
  if (used + count > pool.length) {
    pool = randomBytes(4096);
    used = 0;
  }
  const slice = pool.subarray(used, used + count);
  used += count;
  return slice;
};

/** RFC 9562 UUIDv7: 48 bits of milliseconds, the rest random. */
export const uuidv7 = (at: number): string => {
  const bytes = Buffer.allocUnsafe(16);
  bytes.writeUIntBE(at, 0, 6);
  pooledRandomBytes(10).copy(bytes, 6);
  return withVersion(bytes, 7);
};

export const uuidv4 = (): string => withVersion(Buffer.from(pooledRandomBytes(16)), 4);

const uuidv8 = (digest: Buffer): string => withVersion(Buffer.from(digest.subarray(0, 16)), 8);

/** The id of what a process manager makes: the same from every runner (UUIDv8 of SHA-256(causing event, n)). */
export const causedId = (causingEventId: string, n: number): string =>
  uuidv8(createHash('sha256').update(`${causingEventId}/${n}`).digest());

/** UUIDv8 of HMAC(log secret, words): equal for equal words, meaningless without the secret. */
export const derivedId = (logSecret: KeyObject, ...words: readonly string[]): string =>
  uuidv8(createHmac('sha256', logSecret).update(JSON.stringify(words)).digest());

/** Two people who open one direct conversation at once get the same id. */
export const directConversationId = (logSecret: KeyObject, one: string, other: string): string =>
  derivedId(logSecret, 'direct', ...[one, other].sort());

/** The stream in which a unique name is reserved (ARCHITECTURE section 3). Its rule is that of `nameKey`, but fixed for ever: where that changes, what is reserved must be found all the same. */
export const nameStream = (logSecret: KeyObject, kind: 'sign-in' | 'space', name: string): string =>
  `name-${createHmac('sha256', logSecret).update(JSON.stringify([kind, name.normalize('NFKC').toLowerCase()])).digest('base64url')}`;

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
export const isUuid = (text: string): boolean => uuidPattern.test(text);

import { createHmac, hkdfSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmacKey, hmacOfBytes, hmacOfRoomy, roomy } from '#src/sealing/hmac.ts';
import { extracted } from '#src/sealing/parts.ts';

const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('HMAC-SHA-256', () => {
  it('of bytes is that of node:crypto, however long they are', () =>
    fc.assert(
      fc.property(bytes32, fc.uint8Array({ maxLength: 3_000 }), (key, message) => {
        const expected = createHmac('sha256', key).update(message).digest();
        const asText = Buffer.from(message).toString('latin1');
        expect(hmacOfBytes(hmacKey(key), asText, 'base64url')).toBe(expected.toString('base64url'));
        expect(hmacOfBytes(hmacKey(key), asText, 'binary')).toBe(expected.toString('latin1'));
      }),
    ));

  it('of a text is that of its UTF-8, and leaves the text as it was', () =>
    fc.assert(
      fc.property(bytes32, fc.string({ unit: 'grapheme', maxLength: 2_000 }), (key, text) => {
        const message = roomy(text);
        expect(hmacOfRoomy(hmacKey(key), message)).toBe(createHmac('sha256', key).update(text).digest('base64url'));
        expect(message.subarray(64).toString()).toBe(text);
      }),
    ));
});

describe('what HKDF extracts', () => {
  it('expands to what hkdfSync gives with an empty salt', () =>
    fc.assert(
      fc.property(bytes32, fc.uint8Array({ maxLength: 80 }), (key, info) => {
        const expected = Buffer.from(hkdfSync('sha256', key, Buffer.alloc(0), info, 32));
        const asText = Buffer.from(info).toString('latin1');
        expect(hmacOfBytes(extracted(key), `${asText}\x01`, 'base64url')).toBe(expected.toString('base64url'));
      }),
    ));
});

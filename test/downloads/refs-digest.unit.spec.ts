import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { startDigest, type Ref } from '#appliance/endpoints/refs-digest.ts';
import { canonical } from '#src/kernel/canonical.ts';

const refs: readonly Ref[] = Array.from({ length: 7 }, (_, n) => [`conversation-${n % 2}`, n]);
const inPages = (pages: readonly (readonly Ref[])[]): string => {
  const given = startDigest();
  for (const page of pages) given.add(page);
  return given.digest();
};

describe('the digest of what was given', () => {
  const whole = createHash('sha256').update(canonical(refs)).digest('base64url');

  it('is that of the canonical list, whatever its pages are', () => {
    for (const pages of [[refs], refs.map((ref) => [ref]), [refs.slice(0, 3), refs.slice(3)], [[], refs.slice(0, 6), [], refs.slice(6), []]]) expect(inPages(pages)).toBe(whole);
  });

  it('of nothing is that of the empty list', () => {
    for (const pages of [[], [[]]]) expect(inPages(pages)).toBe(createHash('sha256').update('[]').digest('base64url'));
  });
});

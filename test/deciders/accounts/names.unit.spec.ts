import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { nameKey } from '#src/contract/names.ts';
import { nameStream } from '#src/kernel/ids.ts';

const secret = createSecretKey(Buffer.alloc(32, 7));
const stream = (name: string): string => nameStream(secret, 'space', name);

describe('two names', () => {
  // The kernel knows nothing of the contract and has this rule by itself.
  it.each([['Office', 'office'], ['ﬁnance', 'FINANCE'], ['Ａlice', 'alice'], ['Café', 'cafe\u0301']])('that differ in case or form only are compared as one, and reserved as one: %s, %s', (one, other) => {
    expect(nameKey(one)).toBe(nameKey(other));
    expect(stream(one)).toBe(stream(other));
  });
  it('that differ otherwise are two', () => {
    expect(nameKey('Café')).not.toBe(nameKey('Cafe'));
    expect(stream('Café')).not.toBe(stream('Cafe'));
  });
  it('are reserved for ever in the stream that they were reserved in', () => expect(stream('Büro')).toBe('name-8l1jzcQwi1-voAK2_IQgWethgUGvLuai9niM5LuPHVI'));
});

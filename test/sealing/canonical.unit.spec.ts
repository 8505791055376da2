import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonical } from '#src/kernel/canonical.ts';
import type { Json } from '#src/kernel/event.ts';
import { Fault } from '#src/kernel/fault.ts';

const wellFormed = fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed());
const key = wellFormed.filter((text) => !/^(0|[1-9][0-9]*)$/.test(text));
const { value } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    wellFormed, fc.maxSafeInteger(), fc.boolean(), fc.constant(null),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(key, tie('value')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries) as Json),
  ),
}));

/** RFC 8785 as its text says it, without any shortcut. */
const byTheBook = (json: Json | undefined): string => {
  if (Array.isArray(json)) return `[${json.map(byTheBook).join(',')}]`;
  if (typeof json !== 'object' || json === null) return JSON.stringify(json);
  const entries = Object.entries(json).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${byTheBook(item as Json)}`).join(',')}}`;
};

const withoutMinusZero = (json: Json): Json => JSON.parse(JSON.stringify(json)) as Json;

describe('canonical JSON', () => {
  it('is what RFC 8785 says, and reads back as what was written', () =>
    fc.assert(
      fc.property(value.map(withoutMinusZero), (json) => {
        const text = canonical(json);
        expect(text).toBe(byTheBook(json));
        expect(canonical(JSON.parse(text) as Json)).toBe(text);
        expect(JSON.parse(text)).toEqual(json);
      }),
      { numRuns: 200 },
    ));

  it('does not depend on the order in which keys were set', () => {
    expect(canonical({ b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] })).toBe('{"a":[{"y":2,"z":1}],"b":{"c":2,"d":1}}');
  });

  it('leaves out what is undefined, and keeps null', () => expect(canonical({ b: null, a: undefined })).toBe('{"b":null}'));

  it('keeps a key that names the prototype', () => expect(canonical(JSON.parse('{"b":1,"__proto__":2}') as Json)).toBe('{"__proto__":2,"b":1}'));

  it.each<[string, Json]>([
    ['a fraction', 1.5], ['minus zero', -0], ['2^53', 2 ** 53], ['no number', Number.NaN], ['a lone surrogate', 'a\ud800'], ['a lone surrogate in a key', { '\udc00': 1 }],
    ['a key like an index', { 17: 'x' }], ['a bad value deep inside', { a: [{ b: { c: [0.1] } }] }],
  ])('refuses %s', (_, bad) => expect(() => canonical(bad)).toThrow(Fault));
});

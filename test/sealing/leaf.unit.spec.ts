import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonical } from '#src/kernel/canonical.ts';
import type { Json, JsonObject, RecordedEvent } from '#src/kernel/event.ts';
import { uuidv4, uuidv7 } from '#src/kernel/ids.ts';
import { checkLeaf, leafHash, leafText, type Leaf } from '#src/ledger/leaf.ts';
import { hmacKey } from '#src/sealing/hmac.ts';
import type { SealingKeys, WriterKeys } from '#src/sealing/keyring.ts';
import { extracted } from '#src/sealing/parts.ts';
import { at, aRecordedEvent, log } from './sealing-makers.ts';

const key = { id: uuidv7(at), extracted: extracted(randomBytes(32)) };
const writer = { id: uuidv7(at), key: hmacKey(randomBytes(32)) };
const keys: SealingKeys & WriterKeys = {
  writer, writers: new Map([[writer.id, writer]]), openKey: () => key, ready: () => undefined, isOpen: () => true,
};
const aHash = (): string => randomBytes(32).toString('base64url');
const previous = aHash();
const ours = aRecordedEvent(keys, { previous });

const check = (recorded: RecordedEvent) => checkLeaf(recorded, log, keys, previous);

/** Sets one field, however deep, of the data or metadata of an event, and writes it canonically again. */
const altered = (text: 'data' | 'metadata', path: readonly (string | number)[], to: Json | undefined): RecordedEvent => {
  const value = JSON.parse(ours[text]) as Json;
  let at = value as unknown as Record<string | number, Json | undefined>;
  for (const step of path.slice(0, -1)) at = at[step] as unknown as Record<string | number, Json | undefined>;
  if (to === undefined) delete at[path.at(-1)!];
  else at[path.at(-1)!] = to;
  return { ...ours, [text]: canonical(value) };
};

/** Every place in a value where something stands. */
const placesIn = (value: Json | undefined, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] => {
  if (typeof value !== 'object' || value === null) return [path];
  if (Array.isArray(value)) return value.length === 0 ? [path] : value.flatMap((item: Json, index) => placesIn(item, [...path, index]));
  return Object.entries(value as JsonObject).flatMap(([name, item]) => placesIn(item, [...path, name]));
};
const places = (['data', 'metadata'] as const).flatMap((text) => placesIn(JSON.parse(ours[text]) as Json).map((path) => [text, path.join('.'), path] as const));

describe('an event of ours', () => {
  it('is recognised', () => expect(check(ours)).toBe('ours'));

  it.each(places)('is not ours with another value at %s %s', (text, name, path) => {
    const expected = name === 'ledger.writer' ? 'unknown-writer' : 'foreign';
    expect(check(altered(text, path, 'tampered'))).toBe(expected);
  });

  it.each(places.filter(([, , path]) => typeof path.at(-1) === 'string'))('is not ours without %s %s', (text, _, path) => {
    expect(check(altered(text, path, undefined))).toBe('foreign');
  });

  it.each<[string, Partial<RecordedEvent>]>([
    ['in another stream', { stream: `conversation-${uuidv4()}` }], ['at another revision', { revision: 8 }], ['of another id', { id: uuidv7(at) }],
    ['of another type', { type: 'MessageEdited' }], ['with another leaf hash', { leafHash: aHash() }],
  ])('is not ours %s', (_, change) => expect(check({ ...ours, ...change })).toBe('foreign'));

  it.each([['data', 'extra'], ['metadata', 'extra']] as const)('is not ours with something added to its %s', (text, name) => {
    expect(check(altered(text, [name], 1))).toBe('foreign');
  });

  it('is not ours in another log, or behind another event', () => {
    expect(checkLeaf(ours, uuidv7(at), keys, previous)).toBe('foreign');
    expect(checkLeaf(ours, log, keys, aHash())).toBe('foreign');
    expect(checkLeaf(ours, log, keys, null)).toBe('foreign');
    expect(checkLeaf(ours, log, keys)).toBe('ours');
  });

  it('is not ours with a mac by another key, even one that knows how', () => {
    const forger = { id: writer.id, key: hmacKey(randomBytes(32)) };
    expect(check(aRecordedEvent({ ...keys, writer: forger }, { previous }))).toBe('foreign');
  });

  it('is of an unknown writer where this keyring lacks the key', () => {
    expect(checkLeaf(ours, log, { writers: new Map() }, previous)).toBe('unknown-writer');
  });
});

describe('stored bytes', () => {
  it.each<[string, Partial<RecordedEvent>]>([
    ['a space in data', { data: ours.data.replace(',', ', ') }],
    ['a space in metadata', { metadata: ours.metadata.replace(',', ', ') }],
    ['a key twice', { data: ours.data.replace('{', '{"at":1,') }],
    ['keys in another order', { data: JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(ours.data) as JsonObject).reverse())) }],
    ['an escape too much', { metadata: ours.metadata.replace('"web"', '"\\u0077eb"') }],
  ])('are not canonical with %s', (_, change) => expect(check({ ...ours, ...change })).toBe('not-canonical'));

  it.each(['', 'null', '[]', '{', '{}', '{"ledger":null}', '{"ledger":{}}', '{"schema":1}', '{"0":1}', '"\\ud800"'])('that somebody else wrote are foreign: %s', (text) => {
    expect(check({ ...ours, data: text })).toBe('foreign');
    expect(check({ ...ours, metadata: text })).toBe('foreign');
  });
});

describe('a stub', () => {
  const { ledger } = JSON.parse(ours.metadata) as { ledger: Json };
  const stub: RecordedEvent = { ...ours, type: 'Pruned', data: canonical({ leafHash: ours.leafHash, ledger }), metadata: '{}' };

  it('stands for the event of ours that was there', () => expect(check(stub)).toBe('pruned'));

  it('stands for nothing with another leaf hash, or where the log has another', () => {
    expect(check({ ...stub, data: canonical({ leafHash: aHash(), ledger }) })).toBe('foreign');
    expect(check({ ...stub, leafHash: aHash() })).toBe('foreign');
    expect(check({ ...stub, leafHash: aHash(), data: canonical({ leafHash: stub.leafHash, ledger }) })).toBe('foreign');
    expect(check({ ...stub, data: '{}' })).toBe('foreign');
    expect(checkLeaf(stub, log, keys, null)).toBe('foreign');
  });

  it('is written in one way only', () => expect(check({ ...stub, metadata: '{"a":1}' })).toBe('not-canonical'));
});

describe('a leaf', () => {
  it('is the canonical JSON of its fields, whatever the stream is called', () => {
    const leaf: Leaf = { commitments: [], dataHash: aHash(), event: 'e"', log, metaHash: aHash(), previous: null, revision: 0, schema: 1, stream: 'conversation-"é\n', type: 'T' };
    expect(leafText(leaf)).toBe(canonical(leaf));
    const second: Leaf = { ...leaf, commitments: [aHash(), aHash()], previous: leafHash(leaf) };
    expect(leafText(second)).toBe(canonical(second));
  });
});

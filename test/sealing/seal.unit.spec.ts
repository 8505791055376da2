import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createKeyring, type DiskKeyring } from '#appliance/keys/keyring.ts';
import { canonical } from '#src/kernel/canonical.ts';
import type { Json, JsonObject, Metadata, RecordedEvent } from '#src/kernel/event.ts';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv4, uuidv7 } from '#src/kernel/ids.ts';
import { checkLeaf } from '#src/ledger/leaf.ts';
import { keysOf, openEvent, sealEvent } from '#src/sealing/seal.ts';
import { scopesOf } from '#src/sealing/scopes.ts';
import { alice, anEventToSeal, aPostedText, aRecordedEvent, at, general, log, recordedOf } from './sealing-makers.ts';

let folder: string;
let keyring: DiskKeyring;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hansard-seal-'));
  keyring = await createKeyring(folder);
  await keyring.ready(scopesOf(general, aPostedText()));
});
afterAll(async () => {
  await keyring.close();
  rmSync(folder, { recursive: true });
});

const open = (recorded: RecordedEvent) => openEvent(recorded, log, keyring);
const withData = (recorded: RecordedEvent, change: JsonObject): RecordedEvent => ({
  ...recorded, data: canonical({ ...(JSON.parse(recorded.data) as JsonObject), ...change }),
});
const text = fc.string({ unit: 'binary' }).filter((one) => one.isWellFormed());

describe('a sealed event', () => {
  it('gives back exactly what was said, and is ours', () =>
    fc.assert(
      fc.property(text, (said) => {
        const input = anEventToSeal({ event: aPostedText(said) });
        const sealed = sealEvent(input, keyring);
        const recorded = recordedOf(input, sealed);
        const { event, absent } = open(recorded);
        expect(event.content).toEqual({ text: { mentions: [], text: said } });
        expect(event.content).toEqual(sealed.opened);
        expect(absent).toEqual([]);
        expect(checkLeaf(recorded, log, keyring, input.previous)).toBe('ours');
      }),
      { numRuns: 100 },
    ));

  it('does not show what was said', () => {
    const recorded = aRecordedEvent(keyring, { event: aPostedText('the merger is off') });
    expect(recorded.data + recorded.metadata).not.toContain('merger');
  });

  it('is canonical, with all metadata or only what it needs', () => {
    const { session: _, ...bare } = anEventToSeal({ basis: [], previous: null });
    for (const input of [bare, anEventToSeal({ causation: uuidv7(at), correlation: 'quoted " and \n and é', actor: { kind: 'import', id: 'batch "7"' } })]) {
      const recorded = recordedOf(input, sealEvent(input, keyring));
      expect(canonical(JSON.parse(recorded.data) as Json)).toBe(recorded.data);
      expect(canonical(JSON.parse(recorded.metadata) as Json)).toBe(recorded.metadata);
      const { ledger, ...metadata } = open(recorded).event.metadata;
      const { event: __, eventId: ___, log: ____, revision: _____, stream: ______, previous, ...circumstances } = input;
      expect(metadata).toEqual(circumstances);
      expect(ledger).toMatchObject({ previous, writer: keyring.writer.id });
    }
  });

  it('needs no key where nothing is sealed', () => {
    const recorded = aRecordedEvent(keyring, { event: { type: 'MessageRetracted', data: { at, author: alice, by: alice, messageId: uuidv4(), ordinal: 1 } } });
    expect(JSON.parse(recorded.data)).not.toHaveProperty('sealed');
    expect(open(recorded)).toMatchObject({ event: { content: {} }, absent: [] });
    expect(checkLeaf(recorded, log, keyring)).toBe('ours');
  });

  it('may have facts that stand behind its sealed parts, and several parts', async () => {
    const account = uuidv4();
    const stream = `account-${account}`;
    const content = { profile: { displayName: 'Alice', email: null }, access: { address: '::1', agent: 'x' } };
    const event = { type: 'AccountOpened', data: { account, at, kind: 'employee', roles: ['employee'], signInName: 'alice' }, content };
    await keyring.ready(scopesOf(stream, event));
    const input = anEventToSeal({ stream, event });
    const sealed = sealEvent(input, keyring);
    const recorded = recordedOf(input, sealed);
    expect(canonical(JSON.parse(recorded.data) as Json)).toBe(recorded.data);
    expect(open(recorded).event.content).toEqual(content);
    expect(checkLeaf(recorded, log, keyring)).toBe('ours');
    expect(new Set(sealed.keys).size).toBe(2);
    expect(keysOf([recorded])).toEqual(sealed.keys);
  });

  it('is never the same twice, although the same was said', () => {
    const input = anEventToSeal();
    expect(sealEvent(input, keyring).eventToAppend.data).not.toBe(sealEvent(input, keyring).eventToAppend.data);
  });

  it('is refused while its key is not ready, and where it cannot be written down', () => {
    expect(() => sealEvent(anEventToSeal({ stream: `conversation-${uuidv4()}` }), keyring)).toThrow(Fault);
    expect(() => sealEvent(anEventToSeal({ event: aPostedText('\ud800') }), keyring)).toThrow(Fault);
    expect(() => sealEvent(anEventToSeal({ correlation: '\ud800' }), keyring)).toThrow(Fault);
  });
});

describe('a sealed part that was moved', () => {
  const recorded = () => aRecordedEvent(keyring);
  const schemaTwo = (event: RecordedEvent): RecordedEvent => ({ ...event, metadata: canonical({ ...(JSON.parse(event.metadata) as Metadata), schema: 2 } as unknown as Json) });
  it.each<[string, (event: RecordedEvent) => RecordedEvent]>([
    ['another event', (event) => ({ ...event, id: uuidv7(at) })],
    ['another stream', (event) => ({ ...event, stream: `conversation-${uuidv4()}` })],
    ['another author', (event) => withData(event, { author: uuidv4() })],
    ['another type', (event) => ({ ...event, type: 'MessageEdited' })],
    ['another schema', schemaTwo],
    ['another part', (event) => ({ ...event, data: event.data.replace('"part":"text"', '"part":"title"') })],
    ['a changed nonce', (event) => ({ ...event, data: event.data.replace(/"nonce":"(.)/, (_, first) => `"nonce":"${first === 'A' ? 'B' : 'A'}`) })],
    ['a changed ciphertext', (event) => ({ ...event, data: event.data.replace(/"ciphertext":"(.)/, (_, first) => `"ciphertext":"${first === 'A' ? 'B' : 'A'}`) })],
    ['a cut ciphertext', (event) => ({ ...event, data: event.data.replace(/"ciphertext":"[^"]+"/, '"ciphertext":"AAAA"') })],
  ])('to or with %s does not open, and the event is not ours', (_, move) => {
    const moved = move(recorded());
    const { event, absent } = open(moved);
    expect(event.content).toEqual({});
    expect(absent).toMatchObject([{ why: 'does-not-open' }]);
    expect(checkLeaf(moved, log, keyring)).toBe('foreign');
  });

  it('to another log does not open', () => {
    expect(openEvent(recorded(), uuidv7(at), keyring).absent).toMatchObject([{ why: 'does-not-open' }]);
  });
});

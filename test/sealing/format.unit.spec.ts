import { readFileSync } from 'node:fs';
import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { canonical } from '#src/kernel/canonical.ts';
import type { Json, JsonObject, Metadata } from '#src/kernel/event.ts';
import { checkLeaf } from '#src/ledger/leaf.ts';
import { rootOf } from '#src/ledger/tree.ts';
import { hmacKey, hmacOfBytes } from '#src/sealing/hmac.ts';
import { logCheck, type SealingKeys } from '#src/sealing/keyring.ts';
import { extracted, openPart, sealPart, type Place } from '#src/sealing/parts.ts';
import { sealEvent } from '#src/sealing/seal.ts';

/** The page is the authority: what is checked here is read out of it. */
const page = readFileSync(new URL('../../docs/format.md', import.meta.url), 'utf8');
const vector = <T>(name: string): T => {
  const found = page.match(new RegExp(`\`\`\`json vector=${name}\\n([\\s\\S]*?)\\n\`\`\``));
  if (!found) throw new Error(`docs/format.md has no vector "${name}".`);
  return JSON.parse(found[1]!) as T;
};
const bytes = (base64url: string): Buffer => Buffer.from(base64url, 'base64url');

type PartVector = { dataKey: string; key: string; nonce: string; place: Place; part: string; content: JsonObject; plaintext: string; ciphertext: string; commitment: string };
type EventVector = { writer: string; writerKey: string; revision: number; previous: string; data: string; metadata: string; leafHash: string };

describe('docs/format.md', () => {
  it('says how canonical JSON is written', () => {
    const cases = vector<{ value: Json; text: string }[]>('canonical');
    expect(cases.map(({ value }) => canonical(value))).toEqual(cases.map(({ text }) => text));
  });

  it('says how the keys of a part come from its data key', () => {
    const { dataKey, event, part, extracted: prk, partKey, commitmentKey } = vector<Record<string, string>>('hkdf');
    const info = `hansard/part/1${event}${part}`;
    const key = extracted(bytes(dataKey!));
    expect(key).toEqual(hmacKey(bytes(prk!)));
    const first = hmacOfBytes(key, `${info}\x01`, 'binary');
    expect(Buffer.from(first, 'latin1').toString('base64url')).toBe(partKey);
    expect(hmacOfBytes(key, `${first}${info}\x02`, 'base64url')).toBe(commitmentKey);
  });

  it('says how a part is sealed and opened', () => {
    const { dataKey, nonce, place, part, content, plaintext, ciphertext, commitment } = vector<PartVector>('part');
    const key = extracted(bytes(dataKey));
    expect(canonical(content)).toBe(plaintext);
    expect(sealPart(key, place, part, plaintext, () => bytes(nonce))).toEqual({ ciphertext, nonce, commitment });
    expect(openPart(key, place, part, { ciphertext, nonce })).toBe(plaintext);
  });

  it('says what an event is made of, to the last byte', () => {
    const sealed = vector<PartVector>('part');
    const event = vector<EventVector>('event');
    const { place } = sealed;
    const { sealed: _, ...data } = JSON.parse(event.data) as JsonObject;
    const { ledger: __, ...metadata } = JSON.parse(event.metadata) as Metadata;
    const writer = { id: event.writer, key: hmacKey(bytes(event.writerKey)) };
    const dataKey = { id: sealed.key, extracted: extracted(bytes(sealed.dataKey)) };
    const keys: SealingKeys = { writer, openKey: () => dataKey, ready: () => undefined, isOpen: () => true };
    const { eventToAppend } = sealEvent({
      ...metadata, event: { type: place.type, data, content: { [sealed.part]: sealed.content } }, eventId: place.event, log: place.log,
      previous: event.previous, revision: event.revision, stream: place.stream,
    }, keys, () => bytes(sealed.nonce));
    expect(eventToAppend).toEqual({ id: place.event, type: place.type, data: event.data, metadata: event.metadata, leafHash: event.leafHash });
    const recorded = { ...eventToAppend, position: 9, stream: place.stream, revision: event.revision };
    expect(checkLeaf(recorded, place.log, { writers: new Map([[writer.id, writer]]) }, event.previous)).toBe('ours');
  });

  it('says by what a keyring knows its log', () => {
    const { logSecret, logId, check } = vector<Record<string, string>>('check');
    expect(logCheck(createSecretKey(bytes(logSecret!)), logId!)).toBe(check);
  });

  it('says how leaves become a root', () => {
    const { leafHashes, roots } = vector<{ leafHashes: string[]; roots: string[] }>('tree');
    const rootOfFirst = (n: number): string => rootOf(leafHashes.slice(0, n).map(bytes)).toString('base64url');
    expect(roots.map((_, n) => rootOfFirst(n))).toEqual(roots);
  });
});

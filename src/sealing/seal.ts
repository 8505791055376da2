import { canonical } from '../kernel/canonical.ts';
import type { Actor, Basis, Content, DecidedEvent, Door, JsonObject, LedgerMark, Metadata, OpenedEvent, RecordedEvent, SealedPart } from '../kernel/event.ts';
import { Fault } from '../kernel/fault.ts';
import { leafHash, leafMac, textHash } from '../ledger/leaf.ts';
import type { EventToAppend } from '../log/event-log.ts';
import type { ClosedFor, OpeningKeys, SealingKeys } from './keyring.ts';
import { openPart, sealPart, type Place, type RandomBytes } from './parts.ts';
import { partsOf, scopeOf } from './scopes.ts';

/** Everything an event says about itself besides its facts and its content. */
export type Circumstances = {
  readonly actor: Actor;
  readonly basis: Basis;
  readonly causation?: string;
  readonly commandId: string;
  readonly correlation: string;
  readonly door: Door;
  readonly schema: number;
  readonly session?: string;
};

export type EventToSeal = Circumstances & {
  readonly event: DecidedEvent;
  /** A new UUIDv7 for every sealing; only a resend of the same bytes keeps it. */
  readonly eventId: string;
  readonly log: string;
  /** Leaf hash of our event before it in this stream; null at the first. */
  readonly previous: string | null;
  /** The revision this event will have: one more than the revision the append expects. */
  readonly revision: number;
  readonly stream: string;
};

export type SealedEvent = {
  readonly eventToAppend: EventToAppend;
  /** What whoever opens the event will find. */
  readonly opened: Content;
  /** Ids of the data keys used: each must still be open as the batch is handed to the log. */
  readonly keys: readonly string[];
};

type PartsSealed = { readonly parts: readonly SealedPart[]; readonly commitments: readonly string[] };
const nothingSealed: PartsSealed = { parts: [], commitments: [] };

/**
 * Seals the content of one event and makes it a leaf of ours: data and metadata in canonical bytes, leaf hash and mac
 * (docs/format.md). The scopes of its parts must be `ready` in the keyring; throws `Fault` where one is not.
 */
export const sealEvent = (input: EventToSeal, keys: SealingKeys, random?: RandomBytes): SealedEvent => {
  const { event, eventId, log, previous, revision, stream, schema } = input;
  const { parts, commitments } = event.content ? sealContent(input, event.content, keys, random) : nothingSealed;
  const data = dataText(event.data, parts);
  const meta = metadataText(input);
  const hashOfLeaf = leafHash({
    commitments, dataHash: textHash(data), event: eventId, log, metaHash: textHash(meta(undefined)), previous, revision, schema, stream, type: event.type,
  });
  const mark: LedgerMark = { commitments, mac: leafMac(keys.writer, hashOfLeaf), previous, writer: keys.writer.id };
  return {
    eventToAppend: { id: eventId, type: event.type, data, metadata: meta(mark), leafHash: hashOfLeaf },
    opened: event.content ?? {},
    keys: parts.map((part) => part.key),
  };
};

const authorOf = (data: JsonObject): string | null => (typeof data['author'] === 'string' ? data['author'] : null);

const sealContent = (input: EventToSeal, content: Content, keys: SealingKeys, random: RandomBytes | undefined): PartsSealed => {
  const { event, eventId, log, schema, stream } = input;
  const place: Place = { author: authorOf(event.data), event: eventId, log, schema, stream, type: event.type };
  const parts: SealedPart[] = [];
  const commitments: string[] = [];
  for (const part of partsOf(content)) {
    const key = keys.openKey(scopeOf(stream, event.data, part));
    if (!key) throw new Fault(`The key for the part "${part}" of ${event.type} in ${stream} was not made ready before sealing.`);
    const sealed = sealPart(key.extracted, place, part, canonical(content[part]!), random);
    parts.push({ ciphertext: sealed.ciphertext, key: key.id, nonce: sealed.nonce, part });
    commitments.push(sealed.commitment);
  }
  return { parts, commitments };
};

/** Canonical data with the sealed parts in it. Nearly every event's keys stand before "sealed", so that it can be written behind them. */
const dataText = (data: JsonObject, parts: readonly SealedPart[]): string => {
  if (parts.length === 0) return canonical(data);
  for (const key in data) if (key >= 'sealed') return canonical({ ...data, sealed: parts });
  const sealed = parts
    .map((part) => `{"ciphertext":"${part.ciphertext}","key":${JSON.stringify(part.key)},"nonce":"${part.nonce}","part":${JSON.stringify(part.part)}}`)
    .join(',');
  const plain = canonical(data);
  return plain === '{}' ? `{"sealed":[${sealed}]}` : `${plain.slice(0, -1)},"sealed":[${sealed}]}`;
};

/** Canonical metadata, one fixed shape, with the ledger's mark or (to be hashed) without it. */
const metadataText = (given: Circumstances): ((mark: LedgerMark | undefined) => string) => {
  const causation = given.causation === undefined ? '' : `"causation":${quoted(given.causation)},`;
  const session = given.session === undefined ? '' : `,"session":${quoted(given.session)}`;
  const before =
    `{"actor":{"id":${quoted(given.actor.id)},"kind":"${given.actor.kind}"},"basis":[${given.basis.map(basisText).join(',')}],${causation}` +
    `"commandId":${quoted(given.commandId)},"correlation":${quoted(given.correlation)},"door":"${given.door}",`;
  const after = `"schema":${given.schema}${session}}`;
  return (mark) => (mark ? `${before}"ledger":${markText(mark)},${after}` : `${before}${after}`);
};

const basisText = ([stream, revision]: readonly [string, number]): string => `[${quoted(stream)},${revision}]`;

const markText = (mark: LedgerMark): string =>
  `{"commitments":[${mark.commitments.length === 0 ? '' : `"${mark.commitments.join('","')}"`}],"mac":"${mark.mac}",` +
  `"previous":${mark.previous === null ? 'null' : `"${mark.previous}"`},"writer":${quoted(mark.writer)}}`;

const quoted = (text: string): string => {
  if (!text.isWellFormed()) throw new Fault('A lone surrogate cannot be recorded.');
  return JSON.stringify(text);
};

/** Why a part is absent: its key is gone or unknown; it was not loaded yet; or it does not open with its key, so that it was tampered with. */
export type AbsentPart = { readonly part: string; readonly key: string; readonly why: ClosedFor | 'not-loaded' | 'does-not-open' };
export type OpenedParts = { readonly content: Content; readonly absent: readonly AbsentPart[] };

/** What opening needs to know of an event; `data` is parsed. */
export type SealedContent = Pick<RecordedEvent, 'id' | 'stream' | 'type'> & { readonly data: JsonObject; readonly schema: number };

const openEach = (event: SealedContent, log: string, keys: OpeningKeys, opened: (part: string, plaintext: string) => void): readonly AbsentPart[] => {
  const sealed = event.data['sealed'] as readonly SealedPart[] | undefined;
  if (!sealed) return [];
  const place: Place = { author: authorOf(event.data), event: event.id, log, schema: event.schema, stream: event.stream, type: event.type };
  const absent: AbsentPart[] = [];
  for (const part of sealed) {
    const key = keys.find(part.key);
    const plaintext = typeof key === 'object' ? openPart(key.extracted, place, part.part, part) : undefined;
    if (plaintext !== undefined) opened(part.part, plaintext);
    else absent.push({ part: part.part, key: part.key, why: typeof key === 'object' ? 'does-not-open' : (key ?? 'not-loaded') });
  }
  return absent;
};

/** Opens what can be opened; a part whose key is gone is absent from `content` and listed. */
export const openParts = (event: SealedContent, log: string, keys: OpeningKeys): OpenedParts => {
  const content: { [part: string]: JsonObject } = {};
  const absent = openEach(event, log, keys, (part, plaintext) => void (content[part] = JSON.parse(plaintext) as JsonObject));
  return { content, absent };
};

/** The same content as JSON text, for whoever hands it on: it is not parsed on the way. */
export const openText = (event: SealedContent, log: string, keys: OpeningKeys): string => {
  let text = '';
  openEach(event, log, keys, (part, plaintext) => void (text += `${text === '' ? '' : ','}${JSON.stringify(part)}:${plaintext}`));
  return `{${text}}`;
};

/** A recorded event as deciders and projectors see it, and what of it stayed closed. */
export const openEvent = (recorded: RecordedEvent, log: string, keys: OpeningKeys): { readonly event: OpenedEvent; readonly absent: readonly AbsentPart[] } => {
  const data = JSON.parse(recorded.data) as JsonObject;
  const metadata = JSON.parse(recorded.metadata) as Metadata;
  const { position, stream, revision, id, type, leafHash: hashOfLeaf } = recorded;
  const { content, absent } = openParts({ id, stream, type, data, schema: metadata.schema }, log, keys);
  return { event: { position, stream, revision, id, type, data, content, metadata, leafHash: hashOfLeaf }, absent };
};

/** The keys by which a page of events is sealed: `load` them, then `openEvent` finds them all. */
export const keysOf = (page: readonly RecordedEvent[]): readonly string[] => {
  const keys = new Set<string>();
  for (const { data } of page) {
    // Cheaper than parsing, and exact enough: what is found too much is loaded for nothing.
    for (const [, key] of data.matchAll(/"key":"([^"\\]+)","nonce"/g)) keys.add(key!);
  }
  return [...keys];
};

import { hash } from 'node:crypto';
import type { JsonObject, LedgerMark, RecordedEvent } from '../kernel/event.ts';
import { hmacOfBytes } from '../sealing/hmac.ts';
import type { WriterKey, WriterKeys } from '../sealing/keyring.ts';
import { canonicalOrNothing, isHash, parsedObject } from './stored.ts';

/** A leaf of the ledger (ARCHITECTURE section 7). Hashes are SHA-256, base64url. */
export type Leaf = {
  readonly commitments: readonly string[];
  readonly dataHash: string;
  readonly event: string;
  readonly log: string;
  readonly metaHash: string;
  readonly previous: string | null;
  readonly revision: number;
  readonly schema: number;
  readonly stream: string;
  readonly type: string;
};

/** SHA-256 of a canonical text, base64url. */
export const textHash = (text: string): string => hash('sha256', text, 'base64url');

/** Canonical JSON of a leaf, one fixed shape. Hashes are base64url and need no escaping. */
export const leafText = (leaf: Leaf): string => {
  const commitments = leaf.commitments.length === 0 ? '' : `"${leaf.commitments.join('","')}"`;
  const previous = leaf.previous === null ? 'null' : `"${leaf.previous}"`;
  return (
    `{"commitments":[${commitments}],"dataHash":"${leaf.dataHash}","event":${JSON.stringify(leaf.event)},"log":${JSON.stringify(leaf.log)},` +
    `"metaHash":"${leaf.metaHash}","previous":${previous},"revision":${leaf.revision},"schema":${leaf.schema},` +
    `"stream":${JSON.stringify(leaf.stream)},"type":${JSON.stringify(leaf.type)}}`
  );
};

/** RFC 6962 leaf hash: SHA-256(0x00 || leaf), base64url. */
export const leafHash = (leaf: Leaf): string => hash('sha256', `\x00${leafText(leaf)}`, 'base64url');

/** HMAC-SHA-256 by the writer's key over the 32 bytes of a leaf hash, base64url. */
export const leafMac = (writer: WriterKey, hashOfLeaf: string): string =>
  hmacOfBytes(writer.key, Buffer.from(hashOfLeaf, 'base64url').toString('latin1'), 'base64url');

/**
 * - `ours`: leaf, mac, chain and bytes are right.
 * - `pruned`: a stub that stands for an event of ours; the leaf hash has a valid mac. Whether it was allowed is for custody to say.
 * - `not-canonical`: ours, but the stored bytes are another writing of it.
 * - `unknown-writer`: the mac is by a key this keyring does not hold. If custody announced that writer, the follower stops; else it is foreign.
 * - `foreign`: anything else; no writer of ours made this event at this place.
 */
export type LeafCheck = 'ours' | 'pruned' | 'not-canonical' | 'unknown-writer' | 'foreign';

/**
 * Recomputes leaf and mac of a stored event. `previous` is the leaf hash of our event before it in the same stream (null: there is none);
 * leave it out only where the chain is checked otherwise. Takes anything that can stand in a log and never throws.
 */
export const checkLeaf = (recorded: RecordedEvent, log: string, keys: WriterKeys, previous?: string | null): LeafCheck => {
  const data = parsedObject(recorded.data);
  const metadata = parsedObject(recorded.metadata);
  if (!data || !metadata) return 'foreign';
  return recorded.type === 'Pruned' ? checkStub(recorded, data, keys, previous) : checkEvent(recorded, log, data, metadata, keys, previous);
};

const checkEvent = (
  recorded: RecordedEvent, log: string, data: JsonObject, metadata: JsonObject, keys: WriterKeys, previous: string | null | undefined,
): LeafCheck => {
  const { ledger: mark, ...rest } = metadata;
  const schema = metadata['schema'];
  if (!isMark(mark) || typeof schema !== 'number') return 'foreign';
  const dataText = canonicalOrNothing(data);
  const metaText = canonicalOrNothing(rest);
  if (dataText === undefined || metaText === undefined) return 'foreign';
  const hashOfLeaf = leafHash({
    commitments: mark.commitments, dataHash: textHash(dataText), event: recorded.id, log, metaHash: textHash(metaText),
    previous: mark.previous, revision: recorded.revision, schema, stream: recorded.stream, type: recorded.type,
  });
  const verdict = checkMark(mark, hashOfLeaf, recorded, keys, previous);
  if (verdict !== 'ours') return verdict;
  return dataText === recorded.data && canonicalOrNothing(metadata) === recorded.metadata ? 'ours' : 'not-canonical';
};

/** A pruned event keeps its leaf hash and its mark, as `{ leafHash, ledger }` in `data`. */
const checkStub = (recorded: RecordedEvent, data: JsonObject, keys: WriterKeys, previous: string | null | undefined): LeafCheck => {
  const { leafHash: hashOfLeaf, ledger: mark } = data;
  if (typeof hashOfLeaf !== 'string' || !isMark(mark)) return 'foreign';
  const verdict = checkMark(mark, hashOfLeaf, recorded, keys, previous);
  if (verdict !== 'ours') return verdict;
  return canonicalOrNothing(data) === recorded.data && recorded.metadata === '{}' ? 'pruned' : 'not-canonical';
};

const checkMark = (mark: LedgerMark, hashOfLeaf: string, recorded: RecordedEvent, keys: WriterKeys, previous: string | null | undefined): LeafCheck => {
  if (hashOfLeaf !== recorded.leafHash) return 'foreign';
  if (previous !== undefined && previous !== mark.previous) return 'foreign';
  const writer = keys.writers.get(mark.writer);
  if (!writer) return 'unknown-writer';
  return leafMac(writer, hashOfLeaf) === mark.mac ? 'ours' : 'foreign';
};

const isMark = (value: unknown): value is LedgerMark => {
  if (typeof value !== 'object' || value === null) return false;
  const mark = value as Partial<LedgerMark>;
  return (
    Object.keys(value).length === 4 && Array.isArray(mark.commitments) && mark.commitments.every(isHash) && isHash(mark.mac) &&
    (mark.previous === null || isHash(mark.previous)) && typeof mark.writer === 'string'
  );
};

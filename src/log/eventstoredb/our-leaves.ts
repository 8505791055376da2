import type { JsonObject, LedgerMark } from '../../kernel/event.ts';
import { streams, type StreamKind } from '../../kernel/streams.ts';
import { leafHash, textHash } from '../../ledger/leaf.ts';
import { canonicalOrNothing, isHash, parsedObject } from '../../ledger/stored.ts';
import type { LeafRule } from './leaf-rule.ts';
import type { StoredEvent } from './wire.ts';

/** Kinds with one stream are its whole name; the others stand before a dash and an id. */
const hasIds: Readonly<Record<StreamKind, boolean>> = {
  conversation: true, space: true, reading: true, account: true, name: true, case: true, access: false, settings: false, custody: false,
};

/** By kind and form of the name (ARCHITECTURE section 4). What the database keeps for itself begins with `$`. */
export const isOurs: LeafRule['isOurs'] = (stream) => {
  const dash = stream.indexOf('-');
  const kind = dash < 0 ? stream : stream.slice(0, dash);
  return Object.hasOwn(hasIds, kind) && hasIds[kind as StreamKind] === dash >= 0 && dash !== stream.length - 1;
};

export const foundedBy: LeafRule['foundedBy'] = (event) => {
  if (event.stream !== streams.custody || event.revision !== 0 || event.type !== 'LogFounded') return undefined;
  const logId = parsedObject(event.data)?.['logId'];
  return typeof logId === 'string' ? logId : undefined;
};

/**
 * The leaf of ARCHITECTURE section 7. An event without our mark in its metadata is foreign, but it is there: its leaf names
 * its bytes, no commitments and nothing before it. So is one before the log was founded, whose log is the empty text. Data is
 * hashed as it stands: where it is not canonical, no mac of ours fits the leaf.
 */
export const leafOf: LeafRule['leafOf'] = (event, log) => {
  if (event.type === 'Pruned') {
    const kept = parsedObject(event.data)?.['leafHash'];
    if (typeof kept === 'string' && isHash(kept)) return kept;
  }
  const metadata = parsedObject(event.metadata);
  return (metadata && markedLeaf(event, log, metadata)) ?? foreignLeaf(event, log);
};

const markedLeaf = (event: StoredEvent, log: string | null, { ledger, ...rest }: JsonObject): string | undefined => {
  const mark = ledger as Partial<LedgerMark> | null | undefined;
  const schema = rest['schema'];
  if (typeof mark !== 'object' || mark === null || typeof schema !== 'number' || !Number.isSafeInteger(schema)) return undefined;
  if (!Array.isArray(mark.commitments) || !mark.commitments.every(isHash) || !(mark.previous === null || isHash(mark.previous))) return undefined;
  const metaText = canonicalOrNothing(rest);
  if (metaText === undefined) return undefined;
  return leafHash({ ...placeOf(event, log), commitments: mark.commitments, dataHash: textHash(event.data), metaHash: textHash(metaText), previous: mark.previous, schema });
};

const foreignLeaf = (event: StoredEvent, log: string | null): string =>
  leafHash({ ...placeOf(event, log), commitments: [], dataHash: textHash(event.data), metaHash: textHash(event.metadata), previous: null, schema: 0 });

const placeOf = ({ stream, revision, id, type }: StoredEvent, log: string | null) => ({ event: id, log: log ?? '', revision, stream, type });

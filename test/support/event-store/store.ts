import { randomUUID } from 'node:crypto';

import type { StreamMetadata } from './metadata.ts';
import { isMetastream, metadataOfMetastreams, metastreamOf, parseMetadata, parseObject } from './metadata.ts';
import type { Proposed, Recorded } from './recorded.ts';
import { recordedOf, tombstoneRevision } from './recorded.ts';
import { Visibility } from './visibility.ts';

/** A revision (-1: the stream must not exist), or one of the two that ask for less. */
export type Expected = number | 'any' | 'stream-exists';

export type AppendResult =
  /** `revision` and `position` of the last event; -1 and undefined for an empty batch. */
  | { readonly kind: 'written' | 'idempotent'; readonly revision: number; readonly position: number | undefined }
  | { readonly kind: 'wrong-expected-version'; /** -1: no stream */ readonly current: number }
  | { readonly kind: 'deleted' };

type Stream = { readonly name: string; /** In order; scavenging leaves gaps. */ events: Recorded[]; last: number; tombstoned: boolean; metadata: StreamMetadata };

const firstAtLeast = (events: readonly Recorded[], value: number, of: (event: Recorded) => number): number => {
  let [low, high] = [0, events.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (of(events[middle] as Recorded) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};
const positionOf = (event: Recorded): number => event.position;
const revisionOf = (event: Recorded): number => event.revision;

/** One database in memory. What may be appended follows the server's own order of checks (`IndexWriter.CheckCommit`). */
export class Store {
  readonly visibility = new Visibility();
  #all: Recorded[] = [];
  readonly #streams = new Map<string, Stream>();
  /** Event id to where it was written last. A server keeps a bounded number of them. */
  readonly #written = new Map<string, { readonly stream: string; readonly revision: number; readonly position: number }>();
  readonly #systemEventEvery: number;
  #end = 0;
  #appends = 0;

  /** `systemEventEvery`: after so many appends the server writes one of its own; 0: never. */
  constructor(systemEventEvery: number) {
    this.#systemEventEvery = systemEventEvery;
    // What a new server has in its log before anybody wrote to it.
    this.#write(this.#stream('$$$stats-stand-in'), [systemEvent('$metadata', '{"$maxAge":86400}')]);
    this.#write(this.#stream('$user-admin'), [systemEvent('$UserCreated', '{"loginName":"admin"}')]);
    this.appendStatistics();
  }

  appendStatistics(): void {
    this.#write(this.#stream('$stats-stand-in'), [systemEvent('$statsCollected', '{"proc-mem":1}')]);
  }

  append(name: string, expected: Expected, proposed: readonly Proposed[]): AppendResult {
    const stream = this.#stream(name);
    if (stream.tombstoned || this.#isTombstoned(name)) return { kind: 'deleted' };
    if (expected === 'stream-exists' && stream.metadata.softDeleted) return { kind: 'deleted' };
    if (expected === 'stream-exists' && stream.last < 0 && this.#stream(metastreamOf(name)).last < 0) return { kind: 'wrong-expected-version', current: -1 };
    const known = typeof expected === 'number' ? this.#knownFrom(stream, expected, proposed) : this.#knownAnywhere(stream, proposed);
    if (known !== undefined) return known;
    if (proposed.length === 0) return { kind: 'written', revision: stream.last, position: undefined };
    const softDeleted = stream.metadata.softDeleted;
    if (softDeleted) this.#revive(stream);
    const result = this.#write(stream, proposed);
    this.#appends += 1;
    if (this.#systemEventEvery > 0 && this.#appends % this.#systemEventEvery === 0) this.appendStatistics();
    return result;
  }

  /** Soft: `$tb` beyond everything. Everything stays in `$all` until a scavenge. */
  delete(name: string, expected: Expected): AppendResult {
    const checked = this.#checkDelete(name, expected);
    if (checked !== undefined) return checked;
    const meta = metastreamOf(name);
    // The number is too large for JSON.stringify, and a server writes it in full.
    const rest = Object.entries(parseObject(this.#stream(meta).events.at(-1)?.data)).filter(([key]) => key !== '$tb');
    const members = [...rest.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`), `"$tb":${tombstoneRevision}`];
    return this.append(meta, 'any', [systemEvent('$metadata', `{${members.join(',')}}`)]);
  }

  /** Hard: nobody can append to this stream again. */
  tombstone(name: string, expected: Expected): AppendResult {
    const checked = this.#checkDelete(name, expected);
    if (checked !== undefined) return checked;
    const stream = this.#stream(name);
    const event = this.#record(stream, systemEvent('$streamDeleted', ''), -1);
    stream.tombstoned = true;
    this.visibility.grewTo(event.position);
    return { kind: 'written', revision: -1, position: event.position };
  }

  /** Takes out of `$all` for good what streams hide already; the last event of a stream stays. Gives how many went. */
  scavenge(): number {
    const before = this.#all.length;
    const kept = new Set<Recorded>();
    for (const stream of this.#streams.values()) {
      stream.events = stream.events.filter((event) => event.revision < 0 || (!stream.tombstoned && !this.#isTombstoned(stream.name) && (event.revision === stream.last || this.#shows(stream, event))));
      for (const event of stream.events) kept.add(event);
    }
    this.#all = this.#all.filter((event) => kept.has(event));
    return before - this.#all.length;
  }

  /** What is visible of `$all`: `from` is included forwards; backwards reading begins before it. At most `max` events. */
  readAll(from: number, max: number, backwards: boolean, visibleTo: number): readonly Recorded[] {
    const end = firstAtLeast(this.#all, visibleTo + 1, positionOf);
    const start = Math.min(firstAtLeast(this.#all, from, positionOf), end);
    return backwards ? this.#all.slice(Math.max(0, start - max), start).reverse() : this.#all.slice(start, Math.min(end, start + max));
  }

  /** What shows of one stream. `from` is included both ways. */
  readStream(name: string, from: number, max: number, backwards: boolean, visibleTo: number): readonly Recorded[] {
    const stream = this.#streams.get(name);
    if (stream === undefined) return [];
    const shown: Recorded[] = [];
    const step = backwards ? -1 : 1;
    let at = firstAtLeast(stream.events, from, revisionOf);
    if (backwards && stream.events[at]?.revision !== from) at -= 1;
    for (; at >= 0 && at < stream.events.length && shown.length < max; at += step) {
      const event = stream.events[at] as Recorded;
      if (event.position <= visibleTo && this.#shows(stream, event)) shown.push(event);
    }
    return shown;
  }

  /** How a read sees a stream: an empty one can exist (all of it hidden) or not. */
  stateOf(name: string, visibleTo: number): 'missing' | 'tombstoned' | 'there' {
    const stream = this.#streams.get(name);
    if (stream?.tombstoned === true || this.#isTombstoned(name)) return 'tombstoned';
    return stream === undefined || stream.metadata.softDeleted || !(stream.events[0] !== undefined && stream.events[0].position <= visibleTo) ? 'missing' : 'there';
  }

  metadataOf(name: string): StreamMetadata {
    return this.#stream(name).metadata;
  }

  lastEventOf(name: string): Recorded | undefined {
    return this.#streams.get(name)?.events.at(-1);
  }

  #stream(name: string): Stream {
    const known = this.#streams.get(name);
    if (known !== undefined) return known;
    const metadata = isMetastream(name) ? metadataOfMetastreams : parseMetadata(this.#streams.get(metastreamOf(name))?.events.at(-1)?.data);
    const stream: Stream = { name, events: [], last: -1, tombstoned: false, metadata };
    this.#streams.set(name, stream);
    return stream;
  }

  /** A metastream goes with its stream. */
  #isTombstoned(name: string): boolean {
    return isMetastream(name) && this.#streams.get(name.slice(2))?.tombstoned === true;
  }

  /** With an exact revision an id counts where it stands: same id at the same place is the same write, at the next place another one. */
  #knownFrom(stream: Stream, expected: number, proposed: readonly Proposed[]): AppendResult | undefined {
    if (expected === stream.last) return undefined;
    const wrong: AppendResult = { kind: 'wrong-expected-version', current: stream.last };
    if (expected > stream.last || proposed.length === 0) return wrong;
    const start = firstAtLeast(stream.events, expected + 1, revisionOf);
    const matches = proposed.findIndex(({ id }, i) => stream.events[start + i]?.id !== id || stream.events[start + i]?.revision !== expected + 1 + i);
    if (matches === 0 && expected === -1 && stream.metadata.softDeleted) return undefined;
    if (matches >= 0) return wrong;
    return { kind: 'idempotent', revision: expected + proposed.length, position: stream.events[start + proposed.length - 1]?.position };
  }

  /** With no exact revision an id counts wherever it stands in this stream. */
  #knownAnywhere(stream: Stream, proposed: readonly Proposed[]): AppendResult | undefined {
    const found = proposed.map(({ id }) => this.#written.get(id)).map((at) => (at?.stream === stream.name ? at : undefined));
    if (found[0] === undefined) return undefined;
    const last = found.at(-1);
    if (last === undefined || found.includes(undefined)) return { kind: 'wrong-expected-version', current: stream.last };
    return { kind: 'idempotent', revision: last.revision, position: last.position };
  }

  #checkDelete(name: string, expected: Expected): AppendResult | undefined {
    const stream = this.#stream(name);
    if (stream.tombstoned) return { kind: 'deleted' };
    return typeof expected === 'number' && expected !== stream.last ? { kind: 'wrong-expected-version', current: stream.last } : undefined;
  }

  /** Appending to a soft-deleted stream opens it again behind what was there. */
  #revive(stream: Stream): void {
    const meta = this.#stream(metastreamOf(stream.name));
    const said = { ...parseObject(meta.events.at(-1)?.data), $tb: stream.last + 1 };
    this.#write(meta, [systemEvent('$metadata', JSON.stringify(said))]);
  }

  #write(stream: Stream, proposed: readonly Proposed[]): AppendResult {
    let event: Recorded | undefined;
    for (const one of proposed) {
      stream.last += 1;
      event = this.#record(stream, one, stream.last);
    }
    if (isMetastream(stream.name)) this.#stream(stream.name.slice(2)).metadata = isMetastream(stream.name.slice(2)) ? metadataOfMetastreams : parseMetadata(event?.data);
    if (event !== undefined) this.visibility.grewTo(event.position);
    return { kind: 'written', revision: stream.last, position: event?.position };
  }

  #record(stream: Stream, proposed: Proposed, revision: number): Recorded {
    const event = recordedOf(proposed, { position: this.#end, stream: stream.name, revision, created: Date.now() });
    // A record has a head of its own and is never as long as its answer.
    this.#end += event.answer.length + 37;
    this.#all.push(event);
    stream.events.push(event);
    this.#written.set(event.id, { stream: stream.name, revision, position: event.position });
    return event;
  }

  #shows(stream: Stream, event: Recorded): boolean {
    const { maxCount, maxAgeSeconds, truncateBefore, softDeleted } = stream.metadata;
    if (event.revision < 0 || softDeleted || event.revision < (truncateBefore ?? 0)) return false;
    if (maxCount !== undefined && event.revision <= stream.last - maxCount) return false;
    return maxAgeSeconds === undefined || event.created >= Date.now() - maxAgeSeconds * 1000;
  }
}

export const systemEvent = (type: string, data: string): Proposed => ({ id: randomUUID(), type, json: data !== '', data: Buffer.from(data), metadata: new Uint8Array() });

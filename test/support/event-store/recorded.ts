/** What somebody asks the server to store. */
export type Proposed = { readonly id: string; readonly type: string; readonly json: boolean; readonly data: Uint8Array; readonly metadata: Uint8Array };

/** The revision that a tombstone has in `$all`: the largest signed 64-bit integer. Too large for a number, so it is kept as text. */
export const tombstoneRevision = '9223372036854775807';

/** What the server keeps: where it is, and the answer to a read that shows it, made once. */
export type Recorded = {
  /** Commit and prepare position alike, as for every write that is not a transaction of many calls. Sparse: it grows by the record's bytes. */
  readonly position: number;
  readonly stream: string;
  /** -1 for a tombstone, whose revision is `tombstoneRevision`. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly data: Uint8Array;
  /** A whole `ReadResp` message, protobuf. */
  readonly answer: Buffer;
};

const bytesOfVarint = (value: number): number => {
  let bytes = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) bytes += 1;
  return bytes;
};
const bytesOfField = (length: number): number => 1 + bytesOfVarint(length) + length;

/** Protobuf by hand, because a benchmark's answers would else be made mostly by the generated writer. Tags below 16 take one byte. */
class Writer {
  readonly buffer: Buffer;
  #at = 0;
  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafe(bytes);
  }
  varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.buffer[this.#at++] = (rest % 128) | 128;
    this.buffer[this.#at++] = rest;
  }
  number(field: number, value: number): void {
    this.buffer[this.#at++] = field << 3;
    this.varint(value);
  }
  /** 2^63 - 1 does not fit a number: seven bits at a time it is eight times 127 and once more. */
  largest(field: number): void {
    this.buffer[this.#at++] = field << 3;
    for (let i = 0; i < 8; i += 1) this.buffer[this.#at++] = 255;
    this.buffer[this.#at++] = 127;
  }
  head(field: number, length: number): void {
    this.buffer[this.#at++] = (field << 3) | 2;
    this.varint(length);
  }
  bytes(field: number, value: Uint8Array): void {
    this.head(field, value.length);
    this.buffer.set(value, this.#at);
    this.#at += value.length;
  }
}

const ticksPerMs = 10_000n;
const key = (name: string): Buffer => Buffer.from(name);
const keys = { type: key('type'), contentType: key('content-type'), created: key('created') };
const contentTypes = { json: key('application/json'), bytes: key('application/octet-stream') };

type Unanswered = Omit<Recorded, 'answer'> & { readonly json: boolean; readonly metadata: Uint8Array };

/** `ReadResp { event: ReadEvent { event: RecordedEvent, commit_position } }`, as streams.proto has it (field numbers from the generated code of the client). */
const answerTo = (event: Unanswered): Buffer => {
  const isTombstone = event.revision < 0;
  const id = Buffer.from(event.id);
  const stream = Buffer.from(event.stream);
  const map: readonly (readonly [Buffer, Buffer])[] = [
    [keys.type, Buffer.from(event.type)],
    [keys.contentType, event.json ? contentTypes.json : contentTypes.bytes],
    [keys.created, Buffer.from((BigInt(event.created) * ticksPerMs).toString())],
  ];
  const position = 1 + bytesOfVarint(event.position);
  const entries = map.map(([name, value]) => bytesOfField(name.length) + bytesOfField(value.length));
  const recorded =
    bytesOfField(bytesOfField(id.length)) +
    bytesOfField(bytesOfField(stream.length)) +
    (isTombstone ? 10 : 1 + bytesOfVarint(event.revision)) +
    2 * position +
    entries.reduce((sum, bytes) => sum + bytesOfField(bytes), 0) +
    bytesOfField(event.metadata.length) +
    bytesOfField(event.data.length);
  const readEvent = bytesOfField(recorded) + position;
  const writer = new Writer(bytesOfField(readEvent));
  writer.head(1, readEvent);
  writer.head(1, recorded);
  writer.head(1, bytesOfField(id.length));
  writer.bytes(2, id);
  writer.head(2, bytesOfField(stream.length));
  writer.bytes(3, stream);
  if (isTombstone) writer.largest(3);
  else writer.number(3, event.revision);
  writer.number(4, event.position);
  writer.number(5, event.position);
  map.forEach(([name, value], i) => {
    writer.head(6, entries[i] as number);
    writer.bytes(1, name);
    writer.bytes(2, value);
  });
  writer.bytes(7, event.metadata);
  writer.bytes(8, event.data);
  writer.number(3, event.position);
  return writer.buffer;
};

/** Keeps `data` only where the server itself reads it later: in metadata streams and in `$settings`. */
export const recordedOf = (proposed: Proposed, at: { readonly position: number; readonly stream: string; readonly revision: number; readonly created: number }): Recorded => {
  const { id, type } = proposed;
  const answer = answerTo({ ...at, id, type, json: proposed.json, data: proposed.data, metadata: proposed.metadata });
  return { ...at, id, type, data: at.stream.startsWith('$') ? proposed.data : nothing, answer };
};
const nothing = new Uint8Array();

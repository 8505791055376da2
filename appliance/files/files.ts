import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import { refuse, type Refusal } from '#src/kernel/refusal.ts';
import type { StoredFile } from '#src/files/share-file.ts';
import { Lanes } from './lanes.ts';
import type { FilesAnswers, FileToRead } from './messages.ts';
import type { StorePlace } from './store-place.ts';
import { ThreadClient } from './thread-client.ts';
import { uploadName } from './uploads.ts';

/** Bytes that travel to the thread in one go. */
const pieceBytes = 1024 * 1024;
/** Pieces under way: the next is gathered while the one before is sealed. */
const piecesAhead = 3;

export const diskReserve = refuse('disk-reserve', 'The disk of the appliance is nearly full, so no more files are taken. What has arrived is kept; try again later, or tell an administrator.');
const elsewhere = refuse('upload-elsewhere', 'These bytes do not go on where the upload stands. Ask how far it has come, then go on from there. Nothing was lost.');
export const noUpload = refuse('not-found', 'There is no such upload of yours. Reserve it again; it may have waited for more than a day.');

const tooMuch = (size: number): Refusal => refuse('too-large', `This upload was reserved with ${size} bytes, and more came. What fits is kept; reserve another for a larger file.`, size);

/**
 * The files of this node: uploads on their way into the store, and reading what is stored. `append` takes a stream from an offset on and
 * answers with what is on stable storage then; a newer one for the same upload ends it, because its client has come back.
 * `stored` rests on all bytes being durable under their address.
 */
export type Files = {
  readonly begin: (account: string, fileId: string, size: number) => Promise<FilesAnswers['begin']>;
  readonly offset: (account: string, fileId: string) => Promise<FilesAnswers['offset']>;
  readonly append: (account: string, fileId: string, at: number, body: ReadableStream<Uint8Array>) => Promise<{ readonly offset: number; readonly size: number } | Refusal>;
  readonly stored: (account: string, fileId: string) => Promise<StoredFile | undefined>;
  /** Gives the address that its bytes have in the store, where all of them were here. */
  readonly forget: (account: string, fileId: string) => Promise<FilesAnswers['forget']>;
  /** Bytes `from` to `to` (not included). `damaged` where the first of them are not there as they were; the stream fails where a later one is not. */
  readonly read: (file: FileToRead, from: number, to: number) => Promise<ReadableStream<Uint8Array> | 'damaged'>;
  readonly uploads: () => Promise<FilesAnswers['uploads']>;
  readonly blobs: () => Promise<FilesAnswers['blobs']>;
  readonly remove: (blob: string) => Promise<void>;
  readonly sweep: (before: number) => Promise<void>;
  readonly readMark: () => Promise<string | undefined>;
  readonly writeMark: (mark: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** What seals the records of uploads; it goes with the log secret, which never changes. */
const wrappingKey = (logSecret: KeyObject): KeyObject => createSecretKey(Buffer.from(hkdfSync('sha256', logSecret, '', 'hansard/uploads/1', 32)));

/** `uploadsFolder`: for what is on its way; the folder around it is there. The store is to be claimed before anything else is asked. */
export const openFiles = (place: StorePlace, uploadsFolder: string, logSecret: KeyObject, reserveBytes: number | undefined): Files => {
  const data = { place, uploadsFolder, wrap: wrappingKey(logSecret), reserveBytes: reserveBytes ?? null };
  // Whoever saves a file must not wait for a flush of somebody else's upload.
  const [writer, reader] = [new ThreadClient(data), new ThreadClient(data)];
  const lanes = new Lanes();
  const one = <T>(account: string, fileId: string, work: (name: string, until: AbortSignal) => Promise<T>): Promise<T> => {
    const name = uploadName(account, fileId);
    return lanes.take(name, (until) => work(name, until));
  };
  return {
    begin: (account, fileId, size) => one(account, fileId, (name) => writer.ask({ do: 'begin', name, size })),
    offset: (account, fileId) => one(account, fileId, (name) => writer.ask({ do: 'offset', name })),
    append: (account, fileId, at, body) => one(account, fileId, (name, until) => append(writer, name, at, body, until)),
    stored: (account, fileId) => one(account, fileId, (name) => writer.ask({ do: 'stored', name })),
    forget: (account, fileId) => one(account, fileId, (name) => writer.ask({ do: 'forget', name })),
    read: (file, from, to) => read(reader, file, from, to),
    uploads: () => writer.ask({ do: 'uploads' }),
    blobs: () => writer.ask({ do: 'blobs' }),
    remove: (blob) => writer.ask({ do: 'remove', blob }),
    sweep: (before) => writer.ask({ do: 'sweep', before }),
    readMark: () => writer.ask({ do: 'readMark' }),
    writeMark: (mark) => writer.ask({ do: 'writeMark', mark }),
    async close() {
      await lanes.stop();
      await Promise.all([writer.close(), reader.close()]);
    },
  };
};

const append = async (writer: ThreadClient, name: string, at: number, body: ReadableStream<Uint8Array>, until: AbortSignal): Promise<{ readonly offset: number; readonly size: number } | Refusal> => {
  const known = await writer.ask({ do: 'offset', name });
  if (!known) return noUpload;
  if (known.offset !== at) return elsewhere;
  const refused = known.offset === known.size ? undefined : await takeAll(writer, name, known, body, until);
  if (refused) return refused;
  // Whole: into the store at once, which flushes it, and sharing it later waits for nothing.
  if (await writer.ask({ do: 'stored', name })) return { offset: known.size, size: known.size };
  return (await writer.ask({ do: 'offset', name })) ?? noUpload;
};

/** Hands the stream over in pieces; whatever ends it, what came before stays. */
const takeAll = async (writer: ThreadClient, name: string, { offset, size }: { readonly offset: number; readonly size: number }, body: ReadableStream<Uint8Array>, until: AbortSignal): Promise<Refusal | undefined> => {
  let at = offset;
  let refused: Refusal | undefined;
  const underWay: Promise<void>[] = [];
  const hand = async (bytes: Uint8Array<ArrayBuffer>): Promise<void> => {
    if (underWay.length >= piecesAhead) await underWay.shift();
    const { length } = bytes;
    const taken = writer.ask({ do: 'append', name, at, bytes }).then((answer) => {
      if (answer !== 'taken') refused ??= answer === 'elsewhere' ? elsewhere : diskReserve;
    });
    taken.catch(() => undefined); // Awaited in its turn.
    underWay.push(taken);
    at += length;
  };
  const reader = body.getReader();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  until.addEventListener('abort', cancel, { once: true });
  // The client may have come back before this began to read.
  if (until.aborted) cancel();
  try {
    for await (const piece of piecesOf(reader)) {
      if (at + piece.length > size) refused ??= tooMuch(size);
      if (refused) break;
      await hand(piece);
    }
  } finally {
    until.removeEventListener('abort', cancel);
    if (until.aborted) cancel();
    else reader.releaseLock();
    for (const one of underWay) await one;
  }
  return refused;
};

/** The stream in pieces of their own memory. A stream that breaks off ends: the client will come back. */
async function* piecesOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  // Not zeroed first: only what was written to it goes on.
  let piece = Buffer.allocUnsafeSlow(pieceBytes);
  let length = 0;
  for (;;) {
    const next = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
    if (next.done) break;
    for (let at = 0; at < next.value.length; ) {
      const taken = next.value.subarray(at, at + pieceBytes - length);
      piece.set(taken, length);
      length += taken.length;
      at += taken.length;
      if (length < pieceBytes) continue;
      yield piece;
      piece = Buffer.allocUnsafeSlow(pieceBytes);
      length = 0;
    }
  }
  if (length > 0) yield new Uint8Array(piece.subarray(0, length));
}

const read = async (reader: ThreadClient, file: FileToRead, from: number, to: number): Promise<ReadableStream<Uint8Array> | 'damaged'> => {
  let at = from;
  const next = async (): Promise<Uint8Array | 'damaged'> => {
    const end = Math.min(to, at + pieceBytes - (at % pieceBytes));
    const piece = await reader.ask({ do: 'read', file, from: at, to: end });
    at = end;
    return piece;
  };
  const first = await next();
  if (first === 'damaged') return first;
  let ahead: Promise<Uint8Array | 'damaged'> | undefined = at < to ? next() : undefined;
  ahead?.catch(() => undefined);
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        if (first.length > 0) controller.enqueue(first);
        if (!ahead) controller.close();
      },
      async pull(controller) {
        const piece = await ahead!;
        if (piece === 'damaged') return controller.error(new Error(`The stored bytes ${file.blob} are damaged.`));
        ahead = at < to ? next() : undefined;
        ahead?.catch(() => undefined);
        controller.enqueue(piece);
        if (!ahead) controller.close();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 2 * pieceBytes }),
  );
};

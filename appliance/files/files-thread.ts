import { createSecretKey } from 'node:crypto';
import { dirname } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { openRange, sealedRange } from '#src/files/sealed-bytes.ts';
import { Fault } from '#src/kernel/fault.ts';
import { DiskReserve } from '#src/log/sqlite/disk-reserve.ts';
import { BlobDamaged } from './blob-store.ts';
import type { AnswerTo, FilesAnswers, FilesAsked, FilesThreadData, FileToRead } from './messages.ts';
import { openStore } from './open-store.ts';
import { Uploads } from './uploads.ts';

/** Hashes, seals, opens and waits for the disk, so that the thread that answers people never does. */
const { place, uploadsFolder, wrap, reserveBytes } = workerData as FilesThreadData;
const port = parentPort!;
const store = await openStore(place);
let opened: Uploads | undefined;
/** Not before the first is asked for: a folder that is not claimed yet stays as it is. */
const uploads = (): Uploads => (opened ??= new Uploads(uploadsFolder, wrap, store));
const reserve = new DiskReserve(dirname(uploadsFolder), reserveBytes);

const isFull = (cause: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes((cause as NodeJS.ErrnoException).code ?? '');
/** A full disk is an answer, whether it is seen coming or met. */
const unlessFull = async <T>(work: () => Promise<T>): Promise<T | 'disk-reserve'> => {
  if (reserve.isTouched()) return 'disk-reserve';
  return work().catch((cause: unknown) => {
    if (isFull(cause)) return 'disk-reserve' as const;
    throw cause;
  });
};

const read = async ({ blob, key, size }: FileToRead, from: number, to: number): Promise<FilesAnswers['read']> => {
  const range = sealedRange(size, from, to);
  try {
    const plain = openRange(createSecretKey(key, 'base64url'), size, from, to, await store.read(blob, range.from, range.to));
    return plain ?? 'damaged';
  } catch (cause) {
    if (cause instanceof BlobDamaged) return 'damaged';
    throw cause;
  }
};

const everyOf = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};

const answers: { readonly [D in FilesAsked['do']]: (asked: Extract<FilesAsked, { do: D }>) => Promise<FilesAnswers[D]> } = {
  begin: ({ name, size }) => unlessFull(() => uploads().begin(name, size).then(() => 'begun')),
  offset: ({ name }) => uploads().offset(name),
  append: ({ name, at, bytes }) => unlessFull(() => uploads().append(name, at, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))),
  stored: ({ name }) => uploads().stored(name),
  forget: ({ name }) => uploads().forget(name),
  read: ({ file, from, to }) => read(file, from, to),
  uploads: () => everyOf(uploads().list()),
  blobs: () => everyOf(store.list()),
  remove: ({ blob }) => store.remove(blob).then(() => undefined),
  sweep: ({ before }) => store.sweep(before).then(() => undefined),
  readMark: () => store.readMark(),
  writeMark: ({ mark }) => store.writeMark(mark).then(() => undefined),
};

port.on('message', (message: 'stop' | (FilesAsked & { readonly n: number })) => {
  if (message === 'stop') {
    opened?.close();
    return port.close();
  }
  const { n } = message;
  (answers[message.do] as (asked: FilesAsked) => Promise<AnswerTo<FilesAsked>>)(message).then(
    (answer) => port.postMessage({ n, answer }, answer instanceof Uint8Array ? [answer.buffer] : []),
    (cause: unknown) => port.postMessage({ n, failed: cause instanceof Fault ? cause.message : `Files: ${cause instanceof Error ? cause.message : String(cause)}` }),
  );
});

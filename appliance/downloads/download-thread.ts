import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { ZipArchive } from 'archiver';
import type { JsonObject } from '#src/kernel/event.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { manifestOf } from './archive-export.ts';
import { readFates, utc } from './history.ts';
import { chunksAhead, type ArchiveJob, type DownloadThreadData, type FromDownload, type HistoryJob, type MadePage, type Making, type Stretch } from './job.ts';
import { OpeningThreads } from './opening-threads.ts';
import { RecordReader } from './record-reader.ts';

const { job, spoolFolder, ...place } = workerData as DownloadThreadData;
const port = parentPort!;
const say = (message: FromDownload, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer as ArrayBuffer[]);

const progressEvery = 2_000;
/** Opening costs about twice what the rest does. With more threads a download would take what the appliance needs to answer people. */
const openingThreadsMax = 2;
/** Events or hits that a thread opens in one go: half a megabyte where people chat. */
const stretchEvents = 500;

/** The second file is made in the same reading as the first; it waits in a file without a name, which nothing survives. */
class Spool {
  readonly #fd: number;

  constructor() {
    mkdirSync(spoolFolder, { recursive: true, mode: 0o700 });
    const path = join(spoolFolder, uuidv4());
    this.#fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  write(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
  }

  stream(): Readable {
    return createReadStream('', { fd: this.#fd, start: 0, highWaterMark: 256 * 1024 });
  }
}

/** What a manifest says of one file. */
class Tally {
  readonly #hash = createHash('sha256');
  #bytes = 0;

  add(bytes: Uint8Array): void {
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  file(name: string): JsonObject {
    return { bytes: this.#bytes, name, sha256: this.#hash.digest('hex') };
  }
}

/** Each stretch of the job, in order. */
const stretchesOf = (from: number, to: number): Stretch[] =>
  Array.from({ length: Math.max(0, Math.ceil((to - from) / stretchEvents)) }, (_, i) => ({ from: from + i * stretchEvents, to: Math.min(from + (i + 1) * stretchEvents, to) }));

/** Text goes on at once, JSON Lines into the spool. */
async function* textOf(head: string, threads: OpeningThreads, making: Making, stretches: readonly Stretch[], onPage: (page: MadePage) => void): AsyncGenerator<Buffer> {
  let done = 0;
  let told = 0;
  yield Buffer.from(head);
  for await (const page of threads.pages(making, stretches)) {
    onPage(page);
    done += page.lines;
    if (done - told >= progressEvery) say({ kind: 'progress', done: (told = done) });
    if (page.text.length > 0) yield Buffer.from(page.text.buffer);
  }
  say({ kind: 'progress', done });
}

const pump = (archive: ZipArchive): Promise<void> =>
  new Promise((resolve, reject) => {
    let credit = chunksAhead;
    port.on('message', () => {
      credit += 1;
      if (credit > 0) archive.resume();
    });
    archive.on('data', (bytes: Buffer) => {
      const copy = new Uint8Array(bytes);
      say({ kind: 'chunk', bytes: copy }, [copy.buffer]);
      credit -= 1;
      if (credit <= 0) archive.pause();
    });
    archive.on('end', () => resolve());
    archive.on('error', reject);
  });

const makeHistory = async (archive: ZipArchive, reader: RecordReader, threads: OpeningThreads, history: HistoryJob): Promise<void> => {
  const fates = readFates(reader, history);
  const spool = new Spool();
  const head = `${history.title}\nEvery message that ${reader.nameOf(history.account)} may read, to revision ${history.upTo}. Made ${utc(history.at)}. Times are UTC.\n\n`;
  const entry = { date: new Date(history.at), mode: 0o644 };
  const stretches = fates.visible.flatMap(([from, to]) => stretchesOf(from, Math.min(to, history.upTo) + 1));
  await appended(archive, Readable.from(textOf(head, threads, { kind: 'history', job: history, fates }, stretches, ({ json }) => spool.write(json))), { ...entry, name: 'transcript.txt' });
  await appended(archive, spool.stream(), { ...entry, name: 'events.jsonl' });
};

const makeArchive = async (archive: ZipArchive, reader: RecordReader, threads: OpeningThreads, made: ArchiveJob): Promise<void> => {
  const spool = new Spool();
  const [text, json] = [new Tally(), new Tally()];
  const counts = { included: 0, gone: 0 };
  const officer = reader.nameOf(made.by);
  const head = `Export ${made.export}\nOfficer: ${officer}. Reason: ${made.reason}\nSearched: ${made.query || '(everything)'}\n${made.positions.length} events, complete to position ${made.position}. Made ${utc(made.at)}. Times are UTC.\n\n`;
  text.add(Buffer.from(head));
  const onPage = (page: MadePage): void => {
    spool.write(page.json);
    text.add(page.text);
    json.add(page.json);
    counts.included += page.lines;
    counts.gone += page.gone;
  };
  const entry = { date: new Date(made.at), mode: 0o644 };
  // Shared, so that a million hits are not copied for each thread.
  const positions = new Float64Array(new SharedArrayBuffer(made.positions.byteLength));
  positions.set(made.positions);
  await appended(archive, Readable.from(textOf(head, threads, { kind: 'archive', job: { ...made, positions } }, stretchesOf(0, positions.length), onPage)), { ...entry, name: 'transcript.txt' });
  await appended(archive, spool.stream(), { ...entry, name: 'events.jsonl' });
  archive.append(manifestOf(made, officer, counts, [text.file('transcript.txt'), json.file('events.jsonl')]), { ...entry, name: 'manifest.json' });
};

/** Resolves when the entry is in the zip, so that entries are made one after the other and nothing is read too early. */
const appended = (archive: ZipArchive, source: Readable, entry: { readonly name: string; readonly date: Date; readonly mode: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    source.once('error', reject);
    archive.once('entry', () => resolve());
    archive.append(source, entry);
  });

const run = async (): Promise<void> => {
  const reader = new RecordReader(place);
  const events = job.kind === 'history' ? job.upTo + 1 : job.positions.length;
  const threads = new OpeningThreads(place, Math.min(openingThreadsMax, Math.ceil(events / stretchEvents)));
  // Level 1: a transcript shrinks to a third at little cost, and the deflating runs on other threads.
  const archive = new ZipArchive({ zlib: { level: 1 } });
  const pumped = pump(archive);
  try {
    if (job.kind === 'history') await makeHistory(archive, reader, threads, job);
    else await makeArchive(archive, reader, threads, job);
    await archive.finalize();
    await pumped;
    say({ kind: 'end' });
  } finally {
    reader.close();
    await threads.close();
  }
};

run().catch((cause: unknown) => say({ kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) })).finally(() => port.close());


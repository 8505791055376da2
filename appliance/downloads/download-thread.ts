import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { ZipArchive } from 'archiver';
import type { JsonObject } from '#src/kernel/event.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { openStore } from '#appliance/files/open-store.ts';
import { headOf, manifestOf } from './archive-manifest.ts';
import { readFates, utc } from './history.ts';
import { chunksAhead, type ArchiveJob, type DownloadThreadData, type FromDownload, type HistoryJob, type MadePage, type Making, type Stretch } from './job.ts';
import { OpeningThreads } from './opening-threads.ts';
import { RecordReader } from './record-reader.ts';
import { fileTable, gapsJson, gapsOf, gapsText, plainBytes, type FileEntry, type FileOutcome, type FileState } from './shared-files.ts';

const { job, spoolFolder, files: filesPlace, ...place } = workerData as DownloadThreadData;
const port = parentPort!;
const say = (message: FromDownload, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer as ArrayBuffer[]);

const progressEvery = 2_000;
/** Opening costs about twice what the rest does. With more threads a download would take what the appliance needs to answer people. */
const openingThreadsMax = 2;
/** Events or hits that a thread opens in one go: half a megabyte where people chat. */
const stretchEvents = 500;
/** Of a search for files, the lines are written long before the bytes: there files are counted, as they go into the zip. */
const countsFiles = job.kind === 'archive' && job.files !== null;

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

const tallyOf = (text: string): Tally => {
  const tally = new Tally();
  tally.add(Buffer.from(text));
  return tally;
};

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
    if (!countsFiles && done - told >= progressEvery) say({ kind: 'progress', done: (told = done) });
    if (page.text.length > 0) yield Buffer.from(page.text.buffer);
  }
  if (!countsFiles) say({ kind: 'progress', done });
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

const percent = (done: number, of: number): number => Math.floor((100 * done) / of);

type Entry = { readonly date: Date; readonly mode: number };

/** Every shared file that the lines speak of, one after the other, as it is: most are packed already. */
const addFiles = async (archive: ZipArchive, files: readonly FileEntry[], entry: Entry): Promise<readonly FileOutcome[]> => {
  const store = filesPlace === undefined || files.length === 0 ? undefined : await openStore(filesPlace);
  const outcomes: FileOutcome[] = [];
  for (const file of files) {
    let isHere = false;
    let state: FileState = file.key === null ? 'disposed of' : 'missing';
    if (file.key !== null && store) {
      const bytes = plainBytes(store, { ...file, key: file.key }, (ended) => (state = ended));
      const first = await bytes.next();
      isHere = !first.done;
      if (!first.done) await appended(archive, Readable.from(startingWith(first.value, bytes)), { ...entry, name: file.entry, store: true });
    }
    outcomes.push({ ...file, state, isHere });
    if (countsFiles && percent(outcomes.length, files.length) > percent(outcomes.length - 1, files.length)) say({ kind: 'progress', done: outcomes.length });
  }
  return outcomes;
};

async function* startingWith(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

const makeHistory = async (archive: ZipArchive, reader: RecordReader, threads: OpeningThreads, history: HistoryJob): Promise<void> => {
  const fates = readFates(reader, history);
  const spool = new Spool();
  const head = `${history.title}\nEvery message that ${reader.nameOf(history.account)} may read, to revision ${history.upTo}. Made ${utc(history.at)}. Times are UTC.\n\n`;
  const entry = { date: new Date(history.at), mode: 0o644 };
  const files: FileEntry[] = [];
  const stretches = fates.visible.flatMap(([from, to]) => stretchesOf(from, Math.min(to, history.upTo) + 1));
  await appended(archive, Readable.from(textOf(head, threads, { kind: 'history', job: history, fates }, stretches, (page) => {
    spool.write(page.json);
    files.push(...page.files);
  })), { ...entry, name: 'transcript.txt' });
  await appended(archive, spool.stream(), { ...entry, name: 'events.jsonl' });
  if (files.length === 0) return;
  const outcomes = await addFiles(archive, files, entry);
  archive.append(fileTable(outcomes), { ...entry, name: 'files.csv' });
  const gaps = gapsOf(outcomes);
  if (gaps.length > 0) archive.append(gapsText(gaps), { ...entry, name: 'gaps.txt' });
};

const makeArchive = async (archive: ZipArchive, reader: RecordReader, threads: OpeningThreads, made: ArchiveJob): Promise<void> => {
  const spool = new Spool();
  const [text, json] = [new Tally(), new Tally()];
  const counts = { included: 0, gone: 0 };
  const files: FileEntry[] = [];
  const officer = reader.nameOf(made.by);
  const head = headOf(made, officer);
  text.add(Buffer.from(head));
  const onPage = (page: MadePage): void => {
    spool.write(page.json);
    text.add(page.text);
    json.add(page.json);
    counts.included += page.lines;
    counts.gone += page.gone;
    files.push(...page.files);
  };
  const entry = { date: new Date(made.at), mode: 0o644 };
  // Shared, so that a million hits are not copied for each thread.
  const positions = new Float64Array(new SharedArrayBuffer(made.positions.byteLength));
  positions.set(made.positions);
  await appended(archive, Readable.from(textOf(head, threads, { kind: 'archive', job: { ...made, positions } }, stretchesOf(0, positions.length), onPage)), { ...entry, name: 'transcript.txt' });
  await appended(archive, spool.stream(), { ...entry, name: 'events.jsonl' });
  const outcomes = await addFiles(archive, files, entry);
  const table = fileTable(outcomes);
  if (files.length > 0) archive.append(table, { ...entry, name: 'files.csv' });
  const listed = [text.file('transcript.txt'), json.file('events.jsonl'), ...(files.length > 0 ? [tallyOf(table).file('files.csv')] : [])];
  archive.append(manifestOf(made, officer, counts, listed, gapsJson(gapsOf(outcomes))), { ...entry, name: 'manifest.json' });
};

/** Resolves when the entry is in the zip, so that entries are made one after the other and nothing is read too early. */
const appended = (archive: ZipArchive, source: Readable, entry: Entry & { readonly name: string; readonly store?: boolean }): Promise<void> =>
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


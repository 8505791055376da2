import { createHash } from 'node:crypto';
import { createReadStream, mkdirSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parentPort, workerData } from 'node:worker_threads';
import { ZipArchive } from 'archiver';
import type { JsonObject } from '#src/kernel/event.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { streams } from '#src/kernel/streams.ts';
import { archiveEntry, eventsAt, manifestOf } from './archive-export.ts';
import { historyEntries, readFates, utc } from './history.ts';
import { chunksAhead, type ArchiveJob, type DownloadThreadData, type FromDownload, type HistoryJob } from './job.ts';
import { RecordReader } from './record-reader.ts';

const { job, logFile, dataFolder, logId, spoolFolder, foreign } = workerData as DownloadThreadData;
const port = parentPort!;
const say = (message: FromDownload, transfer: readonly ArrayBuffer[] = []): void => port.postMessage(message, transfer as ArrayBuffer[]);

const chunkUnits = 64 * 1024;
const progressEvery = 2_000;

/** The second file is made in the same reading as the first; it waits in a file without a name, which nothing survives. */
class Spool {
  readonly #fd: number;
  readonly #hash = createHash('sha256');
  #bytes = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, uuidv4());
    this.#fd = openSync(path, 'wx+', 0o600);
    unlinkSync(path);
  }

  write(text: string): void {
    const bytes = Buffer.from(text);
    writeSync(this.#fd, bytes);
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
  }

  stream(): Readable {
    return createReadStream('', { fd: this.#fd, start: 0 });
  }

  file(name: string): JsonObject {
    return { bytes: this.#bytes, name, sha256: this.#hash.digest('hex') };
  }
}

/** A page at a time: waiting once for each line would cost as much as making it. */
type Lines = AsyncGenerator<readonly { readonly text: string; readonly json: JsonObject }[]>;

/** Text goes on at once, JSON Lines into the spool; both in chunks. */
async function* inChunks(head: string, lines: Lines, spool: Spool, seen: (text: string) => void): AsyncGenerator<string> {
  let text = head;
  let json = '';
  let done = 0;
  let told = 0;
  for await (const page of lines) {
    for (const line of page) {
      text += `${line.text}\n`;
      json += `${JSON.stringify(line.json)}\n`;
    }
    done += page.length;
    if (done - told >= progressEvery) say({ kind: 'progress', done: (told = done) });
    if (text.length < chunkUnits) continue;
    spool.write(json);
    seen(text);
    yield text;
    [text, json] = ['', ''];
  }
  spool.write(json);
  seen(text);
  yield text;
  say({ kind: 'progress', done });
}

async function* historyLines(reader: RecordReader, { conversationId, upTo }: HistoryJob, fates: Awaited<ReturnType<typeof readFates>>): Lines {
  for (const [from, to] of fates.visible) {
    for await (const page of reader.stream(streams.conversation(conversationId), from, Math.min(to, upTo) - from + 1)) {
      yield await historyEntries(reader, page, fates);
    }
  }
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

const makeHistory = async (archive: ZipArchive, reader: RecordReader, history: HistoryJob): Promise<void> => {
  const fates = await readFates(reader, history);
  const spool = new Spool(spoolFolder);
  const head = `${history.title}\nEvery message that ${await reader.nameOf(history.account)} may read, to revision ${history.upTo}. Made ${utc(history.at)}. Times are UTC.\n\n`;
  const entry = { date: new Date(history.at), mode: 0o644 };
  await appended(archive, Readable.from(inChunks(head, historyLines(reader, history, fates), spool, () => undefined)), { ...entry, name: 'transcript.txt' });
  await appended(archive, spool.stream(), { ...entry, name: 'events.jsonl' });
};

const makeArchive = async (archive: ZipArchive, reader: RecordReader, made: ArchiveJob): Promise<void> => {
  const spool = new Spool(spoolFolder);
  const textHash = createHash('sha256');
  const counts = { included: 0, gone: 0, textBytes: 0 };
  const lines = async function* (): Lines {
    for await (const event of eventsAt(reader, made.positions)) {
      const entry = await archiveEntry(reader, event);
      counts.included += 1;
      if (entry.gone) counts.gone += 1;
      yield [entry];
    }
  };
  const officer = await reader.nameOf(made.by);
  const head = `Export ${made.export}\nOfficer: ${officer}. Reason: ${made.reason}\nSearched: ${made.query || '(everything)'}\n${made.positions.length} events, complete to position ${made.position}. Made ${utc(made.at)}. Times are UTC.\n\n`;
  const entry = { date: new Date(made.at), mode: 0o644 };
  const seen = (text: string): void => {
    textHash.update(text);
    counts.textBytes += Buffer.byteLength(text);
  };
  await appended(archive, Readable.from(inChunks(head, lines(), spool, seen)), { ...entry, name: 'transcript.txt' });
  const files = [{ bytes: counts.textBytes, name: 'transcript.txt', sha256: textHash.digest('hex') }, spool.file('events.jsonl')];
  await appended(archive, spool.stream(), { ...entry, name: 'events.jsonl' });
  archive.append(manifestOf(made, officer, counts, files), { ...entry, name: 'manifest.json' });
};

/** Resolves when the entry is in the zip, so that entries are made one after the other and nothing is read too early. */
const appended = (archive: ZipArchive, source: Readable, entry: { readonly name: string; readonly date: Date; readonly mode: number }): Promise<void> =>
  new Promise((resolve, reject) => {
    source.once('error', reject);
    archive.once('entry', () => resolve());
    archive.append(source, entry);
  });

const run = async (): Promise<void> => {
  const reader = new RecordReader(logFile, dataFolder, logId, foreign);
  // Level 1: a transcript shrinks to a third at little cost, and the deflating runs on other threads.
  const archive = new ZipArchive({ zlib: { level: 1 } });
  const pumped = pump(archive);
  try {
    if (job.kind === 'history') await makeHistory(archive, reader, job);
    else await makeArchive(archive, reader, job);
    await archive.finalize();
    await pumped;
    say({ kind: 'end' });
  } finally {
    await reader.close();
  }
};

run().catch((cause: unknown) => say({ kind: 'failed', reason: cause instanceof Error ? cause.message : String(cause) })).finally(() => port.close());


import { setTimeout as pause } from 'node:timers/promises';
import type { Files } from '#appliance/files/files.ts';
import type { UnreadFile } from '#projections/files/queries.ts';
import type { Views } from '#projections/views.ts';
import type { Opened } from '#src/every-event.ts';
import { Fault } from '#src/kernel/fault.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { mayHoldWords } from './readable-types.ts';
import type { ReaderProcess } from './reader-process.ts';
import { unread, type Reading, type ReadingLimits } from './reading.ts';
import type { WordsClient } from './words-client.ts';
import type { Progress } from './words-store.ts';

/** How a file was shared, opened, with the leaf of that event; undefined where it is no sharing of ours. */
export type SharingOf = (conversationId: string, revision: number) => Promise<{ readonly event: Opened<'FileShared'>; readonly leafHash: string } | undefined>;
export type FileReaderPorts = {
  readonly views: Pick<Views, 'ask' | 'watermark' | 'onProgress'>;
  readonly log: Pick<EventLog, 'readAll' | 'isShared'>;
  readonly store: Pick<WordsClient, 'ask'>;
  readonly process: Pick<ReaderProcess, 'read' | 'end'>;
  readonly limits: ReadingLimits;
  readonly read: Files['read'];
  readonly sharing: SharingOf;
  readonly onFault: (cause: unknown) => void;
};

const pageMost = 100;
/** What is shared meanwhile is looked at together. */
const gatherMs = 100;
const backOffMs = { first: 500, most: 60_000 };

/**
 * Reads every file of the record in log order, one after the other. What a file does to its reader is that file's answer; what the appliance
 * cannot do now (a store out of reach, no process to be had) is tried again, so that no file is given up for it.
 */
export class FileReader {
  readonly #ports: FileReaderPorts;
  readonly #closing = new AbortController();
  readonly #running: Promise<void>;
  #wake = Promise.withResolvers<void>();
  #progress: Progress = { position: -1, leafHash: '' };
  /** The view of files, as of the last look. */
  #lookedAt = -1;
  #isFound = false;
  /** Somebody wants everything read again, and waits for it to begin. */
  #again: PromiseWithResolvers<void> | undefined;

  constructor(ports: FileReaderPorts) {
    this.#ports = ports;
    ports.views.onProgress(() => {
      if (ports.views.watermark('files') > this.#lookedAt) this.#wake.resolve();
    });
    this.#running = this.#run();
  }

  /** Resolves when nothing of what was read is left and reading has begun again. */
  readAgain(): Promise<void> {
    this.#again ??= Promise.withResolvers<void>();
    this.#wake.resolve();
    return this.#again.promise;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#wake.resolve();
    // The file that is being read is read at the next start.
    this.#ports.process.end();
    await this.#running;
    this.#again?.reject(new Fault('The appliance closed before the files were read again. Ask once more.'));
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let tries = 0; !signal.aborted; ) {
      try {
        const hasMore = await this.#step();
        tries = 0;
        if (!hasMore) await this.#untilWoken();
      } catch (cause) {
        if (signal.aborted) return;
        if (tries === 0) this.#ports.onFault(cause);
        tries += 1;
        await pause(Math.min(backOffMs.most, backOffMs.first * 2 ** (tries - 1)), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #untilWoken(): Promise<void> {
    await this.#wake.promise;
    this.#wake = Promise.withResolvers<void>();
    await pause(gatherMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** True where there may be more. */
  async #step(): Promise<boolean> {
    const { views, store } = this.#ports;
    const again = this.#again;
    if (again) {
      await store.ask({ do: 'clear' });
      this.#isFound = false;
    }
    if (!this.#isFound) await this.#find();
    // Whoever asked in between is still to be served.
    if (again && this.#again === again) this.#again = undefined;
    again?.resolve();
    const { position, value: files } = await views.ask('files.after', { after: this.#progress.position, limit: pageMost });
    this.#lookedAt = position;
    for (const file of files) {
      if (this.#closing.signal.aborted || this.#again) break;
      await this.#take(file, true);
    }
    return files.length === pageMost || this.#again !== undefined;
  }

  /** Where reading goes on; what was read from another log, or from a part that this one does not have any more, does not count. */
  async #find(): Promise<void> {
    const { views, store } = this.#ports;
    this.#progress = await store.ask({ do: 'progress' });
    if (this.#progress.position >= 0 && !(await this.#isOfThisLog(this.#progress))) {
      await store.ask({ do: 'clear' });
      this.#progress = await store.ask({ do: 'progress' });
    }
    const { value: gone } = await views.ask('files.gone', { upTo: this.#progress.position });
    for (const place of gone) await store.ask({ do: 'forget', place });
    const { value: missing } = await views.ask('files.at', { positions: await store.ask({ do: 'missing' }) });
    for (const file of missing) if (!this.#closing.signal.aborted) await this.#take(file, false);
    this.#isFound = true;
  }

  async #isOfThisLog({ position, leafHash }: Progress): Promise<boolean> {
    const { log } = this.#ports;
    for await (const page of log.readAll({ from: position, limit: 1 })) return page[0]!.leafHash === leafHash;
    // On a shared log this node may only be behind; alone, the log was put back from a backup.
    return log.isShared;
  }

  async #take(file: UnreadFile, isNext: boolean): Promise<void> {
    const shared = await this.#ports.sharing(file.conversationId, file.revision);
    // Somebody else's event: no view has it either, once it is rebuilt.
    const reading = shared ? await this.#readingOf(shared.event) : unread('missing');
    if (this.#closing.signal.aborted) return;
    const { position, conversationId, fileId } = file;
    const progress = isNext ? { position, leafHash: shared?.leafHash ?? this.#progress.leafHash } : undefined;
    await this.#ports.store.ask({ do: 'put', place: { position, conversationId, fileId }, reading, progress });
    if (progress) this.#progress = progress;
  }

  async #readingOf({ data: { blob, size, type }, content }: Opened<'FileShared'>): Promise<Reading> {
    const { limits } = this.#ports;
    if (!content.file) return unread('gone');
    if (!mayHoldWords(type)) return unread('unsupported');
    if (size > limits.fileBytes) return unread('too-large');
    if (size === 0) return unread('no-text');
    const file = { blob, key: content.file.key, size };
    const first = await this.#readOnce(type, file);
    // It may have been ended by something else: another file's doing, or the machine's.
    return first.state === 'too-complex' && !this.#closing.signal.aborted ? this.#readOnce(type, file) : first;
  }

  async #readOnce(type: string, file: { readonly blob: string; readonly key: string; readonly size: number }): Promise<Reading> {
    const bytes = await this.#ports.read(file, 0, file.size);
    if (bytes === 'damaged') return unread('missing');
    // No process is begun that nobody would end; what is said of the file now is not kept.
    if (this.#closing.signal.aborted) return unread('missing');
    try {
      return await this.#ports.process.read(type, file.size, bytes);
    } catch (cause) {
      // Bytes that are not what was stored, as the store says; anything else may be well in a moment.
      if (cause instanceof Fault) throw cause;
      return unread('missing');
    }
  }
}

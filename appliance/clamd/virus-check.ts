import type { NetConnectOpts } from 'node:net';
import type { StoredFile } from '#src/files/share-file.ts';
import { clamdDeadlines, ping, scan, type ClamdDeadlines, type Verdict } from './clamd.ts';

/** clamd has ten threads, and other business. */
const atOnceMax = 4;
/** Files that are whole and wait to be shared; who comes back after more is checked again. */
const keptMax = 10_000;
/** How long somebody who shares waits for a verdict before being told to come back. */
const waitMs = 8_000;
const pingWithinMs = 1_000;

type Read = (file: StoredFile) => Promise<ReadableStream<Uint8Array> | 'damaged'>;

/**
 * What the virus scanner says of files before they are shared. A check begins as soon as the bytes are all here. Verdicts are kept in
 * memory until the upload ends, by address: the same bytes sent twice have two. What the scanner did not judge is never kept.
 */
export class VirusCheck {
  readonly #address: NetConnectOpts;
  readonly #deadlines: ClamdDeadlines;
  readonly #verdicts = new Map<string, Promise<Verdict>>();
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor(address: NetConnectOpts, deadlines: ClamdDeadlines = clamdDeadlines) {
    this.#address = address;
    this.#deadlines = deadlines;
  }

  /** The verdict on a stored file; begins the check where none is under way. `unavailable` too where it takes longer than somebody would wait. */
  async of(file: StoredFile, read: Read): Promise<Verdict> {
    const timer = Promise.withResolvers<Verdict>();
    const timeout = setTimeout(() => timer.resolve({ is: 'unavailable', why: 'the check is still running' }), waitMs);
    try {
      return await Promise.race([this.begin(file, read), timer.promise]);
    } finally {
      clearTimeout(timeout);
    }
  }

  /** Begins the check of a stored file, once. */
  begin(file: StoredFile, read: Read): Promise<Verdict> {
    const known = this.#verdicts.get(file.blob);
    if (known) return known;
    const verdict = this.#inTurn(async (): Promise<Verdict> => {
      const bytes = await read(file);
      // Whoever reads it later is told so; here nothing was judged.
      return bytes === 'damaged' ? { is: 'unavailable', why: 'the stored bytes cannot be read' } : scan(this.#address, bytes, this.#deadlines);
    }).catch((cause: unknown): Verdict => ({ is: 'unavailable', why: cause instanceof Error ? cause.message : String(cause) }));
    this.#verdicts.set(file.blob, verdict);
    void verdict.then(({ is }) => is === 'unavailable' && this.#verdicts.delete(file.blob));
    const oldest = this.#verdicts.keys().next().value;
    if (this.#verdicts.size > keptMax && oldest !== undefined) this.#verdicts.delete(oldest);
    return verdict;
  }

  /** The upload has ended. */
  forget(blob: string): void {
    this.#verdicts.delete(blob);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    while (this.#running >= atOnceMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }

  /** Null where the scanner is there and well; else a sentence for health. */
  async says(): Promise<string | null> {
    const why = await ping(this.#address, pingWithinMs);
    return why === undefined ? null : `The virus scanner (HANSARD_CLAMD) does not answer: ${why}. No file is shared until it does; what was uploaded waits and is checked then. Start clamd again.`;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { isTouching, touchedBy, type Touched } from '#projections/instant/touched.ts';
import type { DocumentKind } from '#projections/instant/documents.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import { Fault } from '#src/kernel/fault.ts';
import type { Refusal } from '#src/kernel/refusal.ts';
import { readProgress, writeProgress, type Progress } from './checkpoint-file.ts';
import type { Checkpoint, IndexServer } from './index-server.ts';
import type { IndexerPorts } from './indexer-ports.ts';
import { settingsMark } from './settings.ts';
import { Unwell } from './unwell.ts';
import { NoLongerWriter, writtenElsewhere } from './writer.ts';

/** What keeps the index from being written, with a sentence; `tries` in a row. */
export type Trouble = { readonly kind: Unwell['kind']; readonly says: string; readonly tries: number };
export type Rebuilding = { readonly done: number; readonly of: number };

const batchMost = 500;
/** Documents in one task of a rebuild, and tasks that may wait: far below the 100 MB that one request may have, also where every text is as long as it may be. */
const pageMost = 1_000;
const underWayMost = 4;
const logPage = 2_000;
/** What comes meanwhile goes in one task. */
const gatherMs = 50;
/** So often the index is looked at although nothing is to be written: it can be emptied, or another appliance may write it. */
const lookEveryMs = 2_000;
const backOffMs = { first: 250, most: 15_000 };
const saveEveryMs = 1_000;
/** Events that touch nothing are not worth a task each; so many are. */
const checkpointEveryEvents = 10_000;
const kinds: readonly DocumentKind[] = ['person', 'conversation', 'message'];
const views = ['search', 'conversations', 'directory'] as const;

/**
 * Writes the index from the log's order and the views' rows, at its own pace: nobody waits for it. One task after the other,
 * each awaited; a failure is tried again with more and more time between. Documents are rows as they are when they are
 * written, so doing something twice is the same as once. The checkpoint passes a retraction when it is verified, not before.
 */
export class Indexer {
  readonly #ports: IndexerPorts;
  readonly #closing = new AbortController();
  #running: Promise<void> | undefined;
  #wake = Promise.withResolvers<void>();
  /** The index is there, has our settings and a checkpoint that this log has. */
  #isSound = false;
  #trouble: Trouble | undefined;
  #rebuilding: Rebuilding | undefined;
  #wanted: PromiseWithResolvers<number> | undefined;
  #progress: Progress = { position: -1, indexed: -1 };
  #savedAt = 0;
  #saved: Progress | undefined;

  constructor(ports: IndexerPorts) {
    this.#ports = ports;
  }

  start(): void {
    this.#running ??= this.#run();
  }
  /** There is something to do. */
  nudge(): void {
    this.#wake.resolve();
  }
  /** A question found the index unfit: it is looked at before anything else is written or answered from it. */
  doubt(): void {
    this.#isSound = false;
    this.nudge();
  }
  /** The checkpoint that stands in the index, as far as is known here. */
  get indexed(): number {
    return this.#progress.indexed;
  }
  get isSound(): boolean {
    return this.#isSound;
  }
  get trouble(): Trouble | undefined {
    return this.#trouble;
  }
  get rebuilding(): Rebuilding | undefined {
    return this.#rebuilding;
  }

  /** Makes the index anew beside the one that answers, and swaps. Resolves with the position it is complete to; rejects with what kept it from being made. */
  async rebuild(): Promise<number | Refusal> {
    if (!this.#ports.active()) return writtenElsewhere(this.#ports.writer());
    if (this.#closing.signal.aborted) throw new Fault('The appliance is closing. Nothing was changed.');
    this.#wanted ??= Promise.withResolvers<number>();
    this.nudge();
    return this.#wanted.promise;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.nudge();
    await this.#running;
    this.#wanted?.reject(new Fault('The appliance closed before the index was made. The old one is as it was.'));
    if (this.#progress.position >= 0) await this.#save(true);
  }

  async #run(): Promise<void> {
    const { signal } = this.#closing;
    for (let tries = 0; !signal.aborted; ) {
      try {
        const hasMore = this.#ports.active() ? await this.#write() : await this.#watch();
        this.#trouble = undefined;
        tries = 0;
        if (!hasMore) await this.#untilWoken();
      } catch (cause) {
        if (signal.aborted) return;
        this.#isSound = false;
        this.#rebuilding = undefined;
        // No trouble of the index: from here on it is watched.
        if (cause instanceof NoLongerWriter) continue;
        tries += 1;
        const { kind, message } = cause instanceof Unwell ? cause : new Unwell('wrong', cause instanceof Error ? cause.message : String(cause));
        this.#trouble = { kind, says: message, tries };
        this.#giveUp(message, cause);
        await pause(Math.min(backOffMs.most, backOffMs.first * 2 ** (tries - 1)) * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
      }
    }
  }

  #giveUp(why: string, cause?: unknown): void {
    this.#wanted?.reject(new Fault(`The instant index was not made anew: ${why} The old one is as it was.`, { cause }));
    this.#wanted = undefined;
  }

  /** For each write anew: this process may have slept since the last one, and another appliance writes by now. */
  get #writing(): IndexServer {
    if (!this.#ports.active()) throw new NoLongerWriter();
    return this.#ports.server;
  }

  async #untilWoken(): Promise<void> {
    const looked = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(lookEveryMs)]);
    const late = new Promise<void>((resolve) => looked.addEventListener('abort', () => resolve(), { once: true }));
    await Promise.race([this.#wake.promise, late]);
    this.#wake = Promise.withResolvers<void>();
    if (!looked.aborted) await pause(gatherMs, undefined, { signal: this.#closing.signal }).catch(() => undefined);
  }

  /** One step. True where another one may follow at once. */
  async #write(): Promise<boolean> {
    const { backlog } = this.#ports;
    if (this.#wanted) {
      const wanted = this.#wanted;
      await this.#rebuild();
      if (this.#wanted === wanted) this.#wanted = undefined;
      wanted.resolve(this.#progress.position);
    }
    if (!this.#isSound || !(await this.#isAsLeft())) {
      this.#isSound = false;
      await this.#find();
    }
    const next = backlog.next(batchMost);
    if (!next) {
      if (backlog.position - this.#progress.indexed >= checkpointEveryEvents) await this.#put([], backlog.position);
      else await this.#advance(backlog.position, this.#progress.indexed);
      return false;
    }
    if (next.is === 'read-log') await this.#readLog(next.from, next.to);
    else await this.#put(next.touched, next.upTo);
    return true;
  }

  /** Another appliance writes: how far has it come? */
  async #watch(): Promise<false> {
    const { server, uid, backlog } = this.#ports;
    this.#giveUp('Another appliance writes it now.');
    const checkpoint = await server.checkpoint(uid);
    if (checkpoint && checkpoint.position !== this.#progress.indexed) {
      this.#progress = { position: checkpoint.position, indexed: checkpoint.position };
      backlog.indexedTo(checkpoint.position);
    }
    this.#isSound = checkpoint?.settings === settingsMark;
    return false;
  }

  /** Nobody emptied, restored, wrote or set the index since we did. Meilisearch makes an index that is not there, without settings: it must never come to that. */
  async #isAsLeft(): Promise<boolean> {
    const { server, uid } = this.#ports;
    const [checkpoint, isManaged] = await Promise.all([server.checkpoint(uid), server.isManaged(uid)]);
    return isManaged && checkpoint?.position === this.#progress.indexed;
  }

  /** Finds out what is there and where to go on; makes it where it is missing, of other settings, or of another log. */
  async #find(): Promise<void> {
    const { server, uid, backlog, checkpointFile } = this.#ports;
    // What an interrupted rebuild left holds texts, and nobody looks after it.
    await this.#writing.drop(besideOf(uid));
    const checkpoint = await server.checkpoint(uid);
    const isFit = checkpoint?.settings === settingsMark && (await server.isManaged(uid)) && (await this.#isOfThisLog(checkpoint));
    if (!isFit) return this.#rebuild();
    const kept = readProgress(checkpointFile);
    const position = kept?.indexed === checkpoint.position ? kept.position : checkpoint.position;
    this.#progress = { position, indexed: checkpoint.position };
    backlog.indexedTo(position);
    this.#isSound = true;
  }

  async #isOfThisLog({ position, leaf }: Checkpoint): Promise<boolean> {
    const { log } = this.#ports;
    for await (const page of log.readAll({ from: position, limit: 1 })) return page[0]!.leafHash === leaf;
    // On a shared log this appliance may only be behind; alone, the log was put back from a backup.
    if (log.isShared) throw new Unwell('down', `The index is complete to position ${position}, and this appliance has not read as far yet.`);
    return false;
  }

  async #readLog(from: number, to: number): Promise<void> {
    for await (const page of this.#ports.log.readAll({ from, limit: to - from + 1, pageEvents: logPage })) {
      const touched = page.flatMap(({ type, stream, data }): Touched[] => (isTouching(type) ? [touchedBy({ type, stream, data: JSON.parse(data) as JsonObject })!] : []));
      const upTo = page.at(-1)!.position;
      for (let at = 0; at < touched.length; at += batchMost) await this.#put(touched.slice(at, at + batchMost), at + batchMost < touched.length ? this.#progress.position : upTo, upTo);
      if (touched.length === 0) await this.#advance(upTo, this.#progress.indexed);
    }
  }

  /** Documents as they are, at `asOf` or later; with them the index holds everything up to `upTo`. First what must go, verified; then what is there, with the checkpoint. */
  async #put(touched: readonly Touched[], upTo: number, asOf = upTo): Promise<void> {
    const { uid, views: asked } = this.#ports;
    const { value } = await asked.ask('instant.documents', { touched }, asOf);
    await this.#writing.remove(uid, value.gone);
    const checkpoint = await this.#checkpointAt(upTo);
    await this.#writing.put(uid, value.documents, checkpoint);
    await this.#advance(upTo, upTo);
  }

  async #checkpointAt(position: number): Promise<Checkpoint> {
    for await (const page of this.#ports.log.readAll({ from: position, limit: 1 })) return { position, leaf: page[0]!.leafHash, settings: settingsMark };
    throw new Unwell('down', `The log has not been read to position ${position} yet.`);
  }

  async #advance(position: number, indexed: number): Promise<void> {
    if (position === this.#progress.position && indexed === this.#progress.indexed) return;
    this.#progress = { position, indexed };
    this.#ports.backlog.indexedTo(position);
    await this.#save();
  }

  /** Lost, it costs reading some of the log again. */
  async #save(isLast = false): Promise<void> {
    if (this.#progress === this.#saved || (!isLast && performance.now() - this.#savedAt < saveEveryMs)) return;
    const progress = this.#progress;
    await writeProgress(this.#ports.checkpointFile, progress);
    this.#saved = progress;
    this.#savedAt = performance.now();
  }

  async #rebuild(): Promise<void> {
    const { server, uid, views: asked } = this.#ports;
    const beside = besideOf(uid);
    // Rows may be newer than this; what happened after it is looked at again.
    const position = Math.min(...views.map((view) => asked.watermark(view)));
    if (position < 0) throw new Unwell('down', 'There is nothing in the views yet.');
    this.#rebuilding = { done: 0, of: position + 1 };
    await this.#writing.drop(beside);
    await this.#writing.make(beside);
    await this.#fill(beside, position);
    const checkpoint = await this.#checkpointAt(position);
    await this.#writing.put(beside, [], checkpoint);
    if (!(await server.exists(uid))) await this.#writing.make(uid);
    await this.#writing.swap(uid, beside);
    await this.#writing.drop(beside);
    this.#progress = { position, indexed: position };
    this.#ports.backlog.indexedTo(position);
    this.#isSound = true;
    this.#rebuilding = undefined;
    await this.#save(true);
  }

  /** Everything there is. Meilisearch takes several tasks that wait together as one, so a few are under way at a time. */
  async #fill(uid: string, position: number): Promise<void> {
    const { views: asked } = this.#ports;
    const underWay: Promise<void>[] = [];
    for (const kind of kinds) {
      for (let after: string | undefined, isLast = false; !isLast; ) {
        this.#closing.signal.throwIfAborted();
        const { value } = await asked.ask('instant.page', { kind, limit: pageMost, ...(after !== undefined && { after }) }, position);
        const written = this.#writing.put(uid, value.documents);
        written.catch(() => undefined); // Heard of below, in its turn.
        underWay.push(written);
        if (underWay.length >= underWayMost) await underWay.shift();
        if (kind === 'message') this.#rebuilding = { done: Math.min(Number(value.next ?? position) + 1, position + 1), of: position + 1 };
        if (value.next === null) isLast = true;
        else after = value.next;
      }
    }
    await Promise.all(underWay);
  }
}

const besideOf = (uid: string): string => `${uid}-beside`;

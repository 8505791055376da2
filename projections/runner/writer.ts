import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { ConversationsApplier } from '../conversations/view.ts';
import type { Opened } from '#src/every-event.ts';
import type { Derived, View, ViewName } from '../view.ts';
import { everyView, viewNamed } from './every-view.ts';
import type { FedEvent } from './fed-event.ts';
import { Guard, type ForeignEvent } from './guard.ts';
import { derivedOf } from './lists.ts';
import { LogFile } from './log-file.ts';
import type { Progress, ThreadData } from './messages.ts';
import type { Opener } from './opener.ts';
import { RunningView } from './running-view.ts';
import { createFile, fileOf, openFile, readCheckpoint, rebuildingFileOf, removeFile } from './view-file.ts';

/** Events applied in one transaction while catching up from the log. */
const pageEvents = 2_000;
/** Beyond so many events behind, what screens would have to hear is forgotten: they read afresh. */
const deriveBehindMax = 20_000;

/** Applies the log to all live views, in order and without gaps: from what the main thread feeds it, or from the log itself. */
export class ViewWriter {
  readonly #data: ThreadData;
  readonly #opener: Opener;
  readonly #log: LogFile;
  readonly #guard: Guard;
  readonly #running = new Map<ViewName, RunningView>();
  readonly missing: ViewName[] = [];
  #found: ForeignEvent[] = [];
  #head: number;

  constructor(data: ThreadData, opener: Opener) {
    this.#data = data;
    this.#opener = opener;
    this.#log = new LogFile(data.logFile);
    this.#guard = new Guard(join(data.folder, 'guard.sqlite'));
    this.#guard.verify((position) => this.#log.leafAt(position));
    const isEmpty = this.#log.size() === 0;
    for (const view of everyView) {
      const file = fileOf(data.folder, view.name);
      const db = openFile(file, view);
      if (db && this.#isOfThisLog(readCheckpoint(db))) this.#running.set(view.name, new RunningView(view, db));
      else {
        db?.close();
        if (isEmpty) this.#running.set(view.name, new RunningView(view, createFile(file, view)));
        else this.missing.push(view.name);
      }
    }
    this.#head = Math.min(this.#log.size() - 1, ...[...this.#running.values()].map((running) => running.checkpoint.position));
  }

  #isOfThisLog(checkpoint: { readonly position: number; readonly leafHash: string }): boolean {
    return checkpoint.position < 0 || this.#log.leafAt(checkpoint.position) === checkpoint.leafHash;
  }

  foreign(): readonly ForeignEvent[] {
    return this.#guard.found();
  }

  logHead(): number {
    return this.#log.size() - 1;
  }

  isChecked(): boolean {
    return this.#guard.checkedTo >= this.logHead();
  }

  /** Applies what the main thread fed, after whatever lies before it in the log. */
  feed(events: readonly FedEvent[], report: (derived: readonly Derived[]) => void): void {
    const first = events.find((event) => event.position > this.#head);
    if (!first) return;
    this.#catchUpTo(first.position - 1, report);
    const fresh = events.filter((event) => event.position > this.#head);
    this.#apply(fresh, this.#running.values());
    report(derivedOf(this.#running, true));
  }

  /** One page of what the log has beyond the views; false when there is none. */
  catchUpPage(report: (derived: readonly Derived[]) => void): boolean {
    const end = this.#log.size() - 1;
    if (this.#head >= end) return false;
    this.#catchUpTo(Math.min(end, this.#head + pageEvents), report);
    return true;
  }

  #catchUpTo(position: number, report: (derived: readonly Derived[]) => void): void {
    while (this.#head < position) {
      const events = this.#log.read(this.#head + 1, position, pageEvents);
      if (events.length === 0) throw new Error(`The log has no event at position ${this.#head + 1}.`);
      this.#apply(events, this.#running.values());
      report(derivedOf(this.#running, position - this.#head < deriveBehindMax));
    }
  }

  #apply(events: readonly FedEvent[], views: Iterable<RunningView>): void {
    this.#found.push(...this.#guard.check(events, this.#log, this.#opener));
    const opened: Opened[] = events.map((event) => this.#opener.open(event));
    for (const running of views) running.applyBatch(opened, this.#guard.isSkipped);
    const last = events.at(-1);
    if (last && last.position > this.#head) this.#head = last.position;
  }

  takeFound(): readonly ForeignEvent[] {
    const taken = this.#found;
    this.#found = [];
    return taken;
  }

  progress(): readonly Progress[] {
    return [...this.#running.values()].map((running) => ({ view: running.view.name, position: running.checkpoint.position, stopped: running.stopped }));
  }

  release(name: ViewName): void {
    this.#running.get(name)?.close();
    this.#running.delete(name);
  }

  /** Puts a rebuilt file in place and brings it to where the others are. Every other connection to the old file must be closed. */
  adopt(name: ViewName): void {
    const view: View = viewNamed(name);
    this.#found.push(...this.#guard.reload());
    const file = fileOf(this.#data.folder, name);
    removeFile(file);
    renameSync(rebuildingFileOf(this.#data.folder, name), file);
    const db = openFile(file, view);
    if (!db) throw new Error(`The rebuilt view ${name} cannot be opened.`);
    const running = new RunningView(view, db);
    this.#insert(name, running);
    while (running.checkpoint.position < this.#head && running.stopped === null) {
      this.#apply(this.#log.read(running.checkpoint.position + 1, this.#head, pageEvents), [running]);
    }
    running.derive(false);
    (running.applier as Partial<ConversationsApplier>).takeConcerns?.();
  }

  /** Keeps the order of commits. */
  #insert(name: ViewName, running: RunningView): void {
    const all = new Map(this.#running).set(name, running);
    this.#running.clear();
    for (const { name: one } of everyView) if (all.has(one)) this.#running.set(one, all.get(one)!);
    // Without any running view, the head was where the log ended; nothing was passed over.
    if (all.size === 1) this.#head = Math.max(this.#head, running.checkpoint.position);
  }

  close(): void {
    for (const running of this.#running.values()) running.close();
    this.#guard.close();
    this.#log.close();
    this.#opener.close();
  }
}

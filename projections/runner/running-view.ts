import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Opened } from '#src/every-event.ts';
import type { Applier, Derived, View } from '../view.ts';
import { ViewReader } from '../view-queries.ts';
import { readCheckpoint, type Checkpoint } from './view-file.ts';

/** A view with its open file, somewhere in the log. A batch and its checkpoint are one transaction. */
export class RunningView {
  readonly view: View;
  readonly db: DatabaseSync;
  /** Reads through the writing connection, between transactions. */
  readonly reader: ViewReader;
  #applier: Applier;
  #checkpoint: Checkpoint;
  #stopped: string | null = null;
  readonly #write: StatementSync;

  constructor(view: View, db: DatabaseSync) {
    this.view = view;
    this.db = db;
    this.reader = new ViewReader(db);
    this.#checkpoint = readCheckpoint(db);
    this.#applier = view.open(db);
    this.#write = db.prepare('UPDATE checkpoint SET position = ?, leaf = ?');
  }

  get checkpoint(): Checkpoint {
    return this.#checkpoint;
  }

  get applier(): Applier {
    return this.#applier;
  }

  get stopped(): string | null {
    return this.#stopped;
  }

  /**
   * Applies what is new of a run of events without gaps; `isSkipped` names foreign ones, which move the checkpoint and
   * nothing else. An event that cannot be applied stops this view right before it: what came earlier stays.
   */
  applyBatch(events: readonly Opened[], isSkipped: (position: number) => boolean): void {
    if (this.#stopped !== null) return;
    const first = events.findIndex((event) => event.position > this.#checkpoint.position);
    if (first < 0) return;
    const fresh = first === 0 ? events : events.slice(first);
    if (!this.#tryToApply(fresh, isSkipped)) return;
    // One at a time the same events come to the one that cannot be applied, and no further.
    for (const event of fresh) {
      const cause = this.#tryToApply([event], isSkipped);
      if (!cause) continue;
      this.#stopped = `The view ${this.view.name} stopped at position ${event.position} (${event.type} in ${event.stream}): ${cause.message}`;
      return;
    }
  }

  /**
   * The same without a way back, for a file that nobody else has and that is thrown away when this throws. Its pages are in one
   * transaction until `commit`.
   */
  applyPage(events: readonly Opened[], isSkipped: (position: number) => boolean): void {
    if (!this.db.isTransaction) this.db.exec('BEGIN');
    this.#apply(events, isSkipped);
  }

  commit(): void {
    if (!this.db.isTransaction) return;
    this.#applier.flush?.();
    this.#write.run(this.#checkpoint.position, this.#checkpoint.leafHash);
    this.db.exec('COMMIT');
  }

  #tryToApply(events: readonly Opened[], isSkipped: (position: number) => boolean): Error | undefined {
    const before = this.#checkpoint;
    this.db.exec('BEGIN');
    try {
      this.#apply(events, isSkipped);
      this.commit();
      return undefined;
    } catch (cause) {
      this.db.exec('ROLLBACK');
      this.#checkpoint = before;
      // Whatever the applier remembered of the lost transaction is wrong now.
      this.#applier = this.view.open(this.db);
      return cause as Error;
    }
  }

  #apply(events: readonly Opened[], isSkipped: (position: number) => boolean): void {
    for (const event of events) if ((event.type as string) !== 'Pruned' && !isSkipped(event.position)) this.#applier.apply(event);
    const last = events.at(-1);
    if (last) this.#checkpoint = { position: last.position, leafHash: last.leafHash };
  }

  derive(wanted: boolean): readonly Derived[] {
    return this.#applier.derive?.(this.#checkpoint.position, wanted) ?? [];
  }

  close(): void {
    this.db.close();
  }
}

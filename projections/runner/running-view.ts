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
    const poison = this.#tryToApply(fresh, isSkipped);
    if (!poison) return;
    // Whatever the applier remembered of the lost transaction is wrong now.
    this.#applier = this.view.open(this.db);
    const before = fresh.slice(0, poison.index);
    if (before.length > 0 && this.#tryToApply(before, isSkipped)) throw poison.cause;
    const event = fresh[poison.index]!;
    this.#stopped = `The view ${this.view.name} stopped at position ${event.position} (${event.type} in ${event.stream}): ${poison.cause.message}`;
  }

  #tryToApply(events: readonly Opened[], isSkipped: (position: number) => boolean): { readonly index: number; readonly cause: Error } | undefined {
    let index = 0;
    this.db.exec('BEGIN');
    try {
      for (; index < events.length; index += 1) {
        const event = events[index]!;
        if (event.type as string !== 'Pruned' && !isSkipped(event.position)) this.#applier.apply(event);
      }
      index -= 1;
      this.#applier.flush?.();
      const last = events[index]!;
      this.#write.run(last.position, last.leafHash);
      this.db.exec('COMMIT');
      this.#checkpoint = { position: last.position, leafHash: last.leafHash };
      return undefined;
    } catch (cause) {
      this.db.exec('ROLLBACK');
      return { index, cause: cause as Error };
    }
  }

  derive(wanted: boolean): readonly Derived[] {
    return this.#applier.derive?.(this.#checkpoint.position, wanted) ?? [];
  }

  close(): void {
    this.db.close();
  }
}

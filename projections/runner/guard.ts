import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { FedEvent } from './fed-event.ts';
import type { LogFile } from './log-file.ts';
import type { Opener } from './opener.ts';

/** An event in our streams that is not what a writer of ours wrote. `skipped`: no view applies it. */
export type ForeignEvent = { readonly position: number; readonly stream: string; readonly revision: number; readonly event: string; readonly reason: string; readonly skipped: boolean };

/**
 * How far leaves and macs have been checked by this node, and what was found. Kept apart from the views, because a rebuild
 * skips what is listed here without checking again. Lost, everything is checked anew.
 */
export class Guard {
  readonly #db: DatabaseSync;
  readonly #put: StatementSync;
  readonly #move: StatementSync;
  readonly #known = new Set<number>();
  readonly #skipped = new Set<number>();
  #checkedTo: number;

  constructor(file: string) {
    this.#db = new DatabaseSync(file, { timeout: 5000 });
    this.#db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
      CREATE TABLE IF NOT EXISTS checked (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL, leaf TEXT NOT NULL) STRICT;
      CREATE TABLE IF NOT EXISTS found (position INTEGER PRIMARY KEY, stream TEXT NOT NULL, revision INTEGER NOT NULL, event TEXT NOT NULL, reason TEXT NOT NULL, skipped INTEGER NOT NULL) STRICT;
      INSERT INTO checked VALUES (1, -1, '') ON CONFLICT DO NOTHING`);
    this.#put = this.#db.prepare('INSERT INTO found VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.#move = this.#db.prepare('UPDATE checked SET position = ?, leaf = ?');
    this.#checkedTo = (this.#db.prepare('SELECT position FROM checked').get() as { position: number }).position;
    this.reload();
  }

  /** Learns what another thread found, and returns it. */
  reload(): readonly ForeignEvent[] {
    const fresh = this.found().filter((event) => !this.#known.has(event.position));
    for (const event of fresh) this.#learn(event);
    return fresh;
  }

  #learn(event: ForeignEvent): void {
    this.#known.add(event.position);
    if (event.skipped) this.#skipped.add(event.position);
  }

  get checkedTo(): number {
    return this.#checkedTo;
  }

  /** Begins anew where the log does not have what was checked: it is another log, or one put back from a backup. */
  verify(leafAt: (position: number) => string | undefined): void {
    const { leaf } = this.#db.prepare('SELECT leaf FROM checked').get() as { leaf: string };
    if (this.#checkedTo < 0 || leafAt(this.#checkedTo) === leaf) return;
    this.#db.exec(`DELETE FROM found; UPDATE checked SET position = -1, leaf = ''`);
    this.#skipped.clear();
    this.#known.clear();
    this.#checkedTo = -1;
  }

  found(): ForeignEvent[] {
    const rows = this.#db.prepare('SELECT * FROM found ORDER BY position').all() as unknown as (Omit<ForeignEvent, 'skipped'> & { skipped: number })[];
    return rows.map((row) => ({ ...row, skipped: row.skipped === 1 }));
  }

  isSkipped = (position: number): boolean => this.#skipped.has(position);

  record(event: ForeignEvent): void {
    this.#put.run(event.position, event.stream, event.revision, event.event, event.reason, event.skipped ? 1 : 0);
    this.#learn(event);
  }

  /**
   * Checks leaf and mac of every event that passes this node for the first time and that this process did not make (`content`
   * null). Events must come without gaps from `checkedTo` on. Returns what was found.
   */
  check(events: readonly FedEvent[], log: LogFile, opener: Opener): readonly ForeignEvent[] {
    const last = events.at(-1);
    if (!last || last.position <= this.#checkedTo) return [];
    const leaves = new Map<string, string>();
    const found: ForeignEvent[] = [];
    for (const event of events) {
      if (event.position <= this.#checkedTo) continue;
      const problem = event.content === null ? this.#problemOf(event, leaves, log, opener) : undefined;
      if (problem) found.push(problem);
      if (!problem?.skipped) leaves.set(event.stream, event.leafHash);
    }
    this.moveTo(last.position, last.leafHash);
    return found;
  }

  #problemOf(event: FedEvent, leaves: ReadonlyMap<string, string>, log: LogFile, opener: Opener): ForeignEvent | undefined {
    const previous = leaves.get(event.stream) ?? log.leafBefore(event.stream, event.revision, this.isSkipped);
    const verdict = opener.check(event, previous);
    if (verdict === 'ours' || verdict === 'pruned') return undefined;
    // Another writing of what we wrote is reported, but what it says is ours.
    const found = { position: event.position, stream: event.stream, revision: event.revision, event: event.id, reason: verdict, skipped: verdict !== 'not-canonical' };
    this.record(found);
    return found;
  }

  moveTo(position: number, leafHash: string): void {
    if (position <= this.#checkedTo) return;
    this.#move.run(position, leafHash);
    this.#checkedTo = position;
  }

  close(): void {
    this.#db.close();
  }
}

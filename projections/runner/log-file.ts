import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openForReading } from '#src/log/sqlite/database.ts';
import type { FedEvent } from './fed-event.ts';

const columns = 'e.position, s.name AS stream, e.revision, e.id, e.type, e.data, e.metadata, e.leaf AS leafHash';
const namesMax = 10_000;
type Row = [number, string, number, string, string, string, string, string];

/** The embedded log, read by a thread of the views through a connection of its own: what it returns is durable. */
export class LogFile {
  readonly #db: DatabaseSync;
  readonly #page: StatementSync;
  readonly #leaf: StatementSync;
  readonly #before: StatementSync;
  readonly #size: StatementSync;
  /** Of streams and types that were read. */
  readonly #names = new Map<string, string>();

  constructor(file: string) {
    this.#db = openForReading(file);
    this.#page = this.#db.prepare(`SELECT ${columns} FROM events e JOIN streams s ON s.id = e.stream WHERE e.position >= ? AND e.position <= ? ORDER BY e.position LIMIT ?`);
    this.#page.setReturnArrays(true);
    this.#leaf = this.#db.prepare('SELECT leaf FROM events WHERE position = ?');
    this.#before = this.#db.prepare('SELECT e.position, e.leaf FROM events e JOIN streams s ON s.id = e.stream WHERE s.name = ? AND e.revision < ? ORDER BY e.revision DESC');
    this.#size = this.#db.prepare('SELECT size FROM tree');
  }

  /** Number of events. */
  size(): number {
    return (this.#size.get() as { size: number }).size;
  }

  /** Events from `from` to `to` (both included), at most `limit`; still sealed. */
  read(from: number, to: number, limit: number): FedEvent[] {
    const rows = this.#page.all(from, to, limit) as unknown as Row[];
    return rows.map((row) => ({ position: row[0], stream: this.#one(row[1]), revision: row[2], id: row[3], type: this.#one(row[4]), data: row[5], metadata: row[6], leafHash: row[7], content: null }));
  }

  /** The same text for the same name, which every view compares and looks up. */
  #one(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    if (this.#names.size >= namesMax) this.#names.clear();
    this.#names.set(name, name);
    return name;
  }

  leafAt(position: number): string | undefined {
    return (this.#leaf.get(position) as { leaf: string } | undefined)?.leaf;
  }

  /** Leaf hash of the event before `revision` in its stream that is not skipped, or null. */
  leafBefore(stream: string, revision: number, isSkipped: (position: number) => boolean): string | null {
    for (const row of this.#before.iterate(stream, revision) as unknown as Iterable<{ position: number; leaf: string }>) {
      if (!isSkipped(row.position)) return row.leaf;
    }
    return null;
  }

  close(): void {
    this.#db.close();
  }
}

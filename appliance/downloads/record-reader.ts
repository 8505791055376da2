import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { openKeyringReader } from '#appliance/keys/keyring-reader.ts';
import type { KeyPlaces } from '#appliance/keys/places.ts';
import type { Opened } from '#src/every-event.ts';
import type { RecordedEvent } from '#src/kernel/event.ts';
import { streams } from '#src/kernel/streams.ts';
import { openForReading } from '#src/log/sqlite/database.ts';
import { openEvent } from '#src/sealing/seal.ts';

/** Where the record is. `foreign`: positions of what nobody of ours wrote; they are passed over. */
export type RecordPlace = { readonly logFile: string; readonly keyPlaces: KeyPlaces; readonly logId: string; readonly foreign: readonly number[] };

const columns = 'e.position, s.name, e.revision, e.id, e.type, e.data, e.metadata, e.leaf';
const ofStream = `SELECT ${columns} FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = ? AND e.revision >= ? AND e.revision < ?`;
type Row = readonly [number, string, number, string, string, string, string, string];

const recordedOf = (row: Row): RecordedEvent => ({ position: row[0], stream: row[1], revision: row[2], id: row[3], type: row[4], data: row[5], metadata: row[6], leafHash: row[7] });

/**
 * Reads and opens the record through a connection of its own, beside the appliance that writes it. Synchronous, for threads that
 * may wait for a disk: an event is opened as its row is read, and nothing travels between threads that is still sealed.
 */
export class RecordReader {
  readonly #db: DatabaseSync;
  readonly #keyring: ReturnType<typeof openKeyringReader>;
  readonly #logId: string;
  readonly #foreign: ReadonlySet<number>;
  readonly #names = new Map<string, string>();
  readonly #withdrawn = new Map<string, Map<string, number>>();
  readonly #withdrawals: StatementSync;
  readonly #stream: StatementSync;
  readonly #others: StatementSync;
  readonly #one: StatementSync;
  readonly #at: StatementSync;
  readonly #profiles: StatementSync;

  constructor({ logFile, keyPlaces, logId, foreign }: RecordPlace) {
    this.#db = openForReading(logFile);
    // Read from beginning to end, no page is wanted twice: what is kept would only be memory.
    this.#db.exec('PRAGMA cache_size = -2048');
    this.#keyring = openKeyringReader(keyPlaces);
    this.#logId = logId;
    this.#foreign = new Set(foreign);
    this.#stream = this.#prepare(`${ofStream} ORDER BY e.revision`);
    this.#others = this.#prepare(`${ofStream} AND e.type <> ? ORDER BY e.revision`);
    this.#one = this.#prepare(ofStream);
    this.#profiles = this.#prepare(`SELECT ${columns} FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = ? AND e.type IN ('AccountOpened', 'ProfileChanged') ORDER BY e.revision`);
    this.#withdrawals = this.#prepare(`SELECT ${columns} FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = ? AND e.type = 'FileWithdrawn' ORDER BY e.revision`);
    this.#at = this.#prepare(`SELECT ${columns} FROM events e JOIN streams s ON s.id = e.stream WHERE e.position = ?`);
  }

  #prepare(sql: string): StatementSync {
    const statement = this.#db.prepare(sql);
    statement.setReturnArrays(true);
    return statement;
  }

  open(recorded: RecordedEvent): Opened {
    return openEvent(recorded, this.#logId, this.#keyring).event as unknown as Opened;
  }

  /** Revisions `from` to `to`, the latter not included. One at a time: it must be left before the next begins. */
  stream(stream: string, from: number, to: number): Iterable<RecordedEvent> {
    return this.#ours(this.#stream.iterate(stream, from, to));
  }

  /** The same without events of this type, which are not even read. */
  streamWithout(type: string, stream: string, from: number, to: number): Iterable<RecordedEvent> {
    return this.#ours(this.#others.iterate(stream, from, to, type));
  }

  *#ours(rows: Iterable<unknown>): Generator<RecordedEvent> {
    for (const row of rows as Iterable<Row>) if (!this.#foreign.has(row[0])) yield recordedOf(row);
  }

  /** The event at this revision, opened. */
  of(stream: string, revision: number): Opened | undefined {
    return this.#openedOurs(this.#one.get(stream, revision, revision + 1));
  }

  /** The event at this log position, opened. */
  at(position: number): Opened | undefined {
    return this.#openedOurs(this.#at.get(position));
  }

  #openedOurs(found: unknown): Opened | undefined {
    const row = found as Row | undefined;
    return row && !this.#foreign.has(row[0]) ? this.open(recordedOf(row)) : undefined;
  }

  /** Display name as it stands in the person's own stream; the id where the profile is gone. */
  nameOf(account: string): string {
    const known = this.#names.get(account);
    if (known !== undefined) return known;
    let name = account;
    for (const recorded of this.#ours(this.#profiles.iterate(streams.account(account)))) {
      const event = this.open(recorded);
      if (event.type === 'AccountOpened' || event.type === 'ProfileChanged') name = event.content.profile?.displayName ?? name;
    }
    this.#names.set(account, name);
    return name;
  }

  /** When a file was withdrawn; undefined where it was not. One conversation's withdrawals are read once. */
  withdrawnAt(stream: string, fileId: string): number | undefined {
    let known = this.#withdrawn.get(stream);
    if (!known) {
      known = new Map();
      for (const { data } of this.#ours(this.#withdrawals.iterate(stream))) {
        const { fileId: file, at } = JSON.parse(data) as { readonly fileId: string; readonly at: number };
        known.set(file, at);
      }
      this.#withdrawn.set(stream, known);
    }
    return known.get(fileId);
  }

  close(): void {
    this.#keyring.close();
    this.#db.close();
  }
}

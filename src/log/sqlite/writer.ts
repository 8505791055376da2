import { dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';

import { Fault } from '../../kernel/fault.ts';
import type { Frontier } from '../../ledger/tree.ts';
import { checkpoint, openForWriting, takeLock, walPages, type FileKind } from './database.ts';
import { DiskReserve } from './disk-reserve.ts';
import { answer, fieldsPerEvent, type Answers, type AppendParcel, type WriterData } from './messages.ts';
import { checkAtStart } from './start-check.ts';

type Head = { /** 0: the stream has no event yet. */ id: number; revision: number; leaf: string; isStored: boolean };

/** Heads kept in memory; a stream beyond costs one look-up by key. About 200 bytes each. */
const headsMax = 100_000;
/** A WAL that is used again from its start is flushed twice as fast as one that grows, so it is kept short (8 MiB). That of a copy is flushed only then, so it is let grow (64 MiB). */
const walPagesMax: Readonly<Record<FileKind, number>> = { log: 2000, copy: 16_000 };

const prepareAll = (database: DatabaseSync) => ({
  begin: database.prepare('BEGIN IMMEDIATE'),
  commit: database.prepare('COMMIT'),
  findStream: database.prepare('SELECT id, revision, leaf FROM streams WHERE name = ?'),
  addStream: database.prepare('INSERT INTO streams (id, name, revision, leaf) VALUES (?, ?, ?, ?)'),
  moveHead: database.prepare('UPDATE streams SET revision = ?, leaf = ? WHERE id = ?'),
  addEvent: database.prepare('INSERT INTO events (position, stream, revision, id, type, data, metadata, leaf) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'),
  eventsAfter: database.prepare('SELECT position, id, leaf FROM events WHERE stream = ? AND revision > ? ORDER BY revision LIMIT ?'),
  moveTree: database.prepare('UPDATE tree SET size = ?, peaks = ?, root = ?'),
} satisfies Record<string, StatementSync>);

/**
 * The only one that writes. Each `commit` is one transaction and one flush. After any error it must not be used again but
 * for `close`: what it keeps in memory may be ahead of the file.
 */
export class LogWriter {
  readonly #lock: DatabaseSync;
  readonly #database: DatabaseSync;
  readonly #frontier: Frontier;
  readonly #reserve: DiskReserve;
  readonly #statements: ReturnType<typeof prepareAll>;
  readonly #walPagesMax: number;
  readonly #heads = new Map<string, Head>();
  readonly #moved = new Map<string, Head>();
  #lastStream: number;

  /** Takes the lock, opens or creates the file and checks it. Throws `Fault` or `BrokenIntegrity`, holding nothing then. */
  constructor({ file, reserveBytes }: WriterData, kind: FileKind = 'log') {
    this.#walPagesMax = walPagesMax[kind];
    this.#lock = takeLock(file);
    let database: DatabaseSync | undefined;
    try {
      database = openForWriting(file, kind);
      this.#frontier = checkAtStart(file, database);
      this.#statements = prepareAll(database);
      this.#lastStream = (database.prepare('SELECT coalesce(max(id), 0) AS last FROM streams').get() as { last: number }).last;
      this.#database = database;
    } catch (error) {
      database?.close();
      this.#lock.close();
      throw error;
    }
    this.#reserve = new DiskReserve(dirname(file), reserveBytes);
  }

  /** Number of events that are durable. */
  get size(): number {
    return this.#frontier.size;
  }

  /** For statements of an owner that keeps more in the file than events. */
  get database(): DatabaseSync {
    return this.#database;
  }

  /** Revision of the last event of a stream, or -1. */
  revisionOf(stream: string): number {
    return this.#headOf(stream).revision;
  }

  /** Id and leaf hash of the events after `revision`, at most `limit`. */
  eventsAfter(stream: string, revision: number, limit: number): readonly { readonly position: number; readonly id: string; readonly leaf: string }[] {
    const head = this.#headOf(stream);
    return head.revision <= revision ? [] : (this.#statements.eventsAfter.all(head.id, revision, limit) as { position: number; id: string; leaf: string }[]);
  }

  /** Decides on every append in the parcels, in order, and returns once all of them are flushed, with what `within` wrote in the same transaction. Any error it throws is final. */
  commit(parcels: readonly AppendParcel[], within?: () => void): Answers {
    const answers: Answers = [];
    const sizeBefore = this.#frontier.size;
    this.#statements.begin.run();
    for (const parcel of parcels) {
      for (let at = 0; at < parcel.length; at += 4 + (parcel[at + 3] as number) * fieldsPerEvent) this.#append(parcel, at, answers);
    }
    if (this.#frontier.size !== sizeBefore) this.#writeHeads();
    within?.();
    this.#statements.commit.run();
    return answers;
  }

  /** Between commits: keeps the WAL short. Any error it throws is final, like that of a commit. */
  settle(): void {
    if (walPages(this.#database) > this.#walPagesMax) checkpoint(this.#database, 'PASSIVE');
    // The oldest first: a Map keeps the order of insertion.
    for (const name of this.#heads.keys()) {
      if (this.#heads.size <= headsMax) break;
      this.#heads.delete(name);
    }
  }

  close(): void {
    this.#database.close();
    this.#lock.close();
  }

  #append(parcel: AppendParcel, at: number, answers: Answers): void {
    const [stream, expected, essential, count] = parcel.slice(at, at + 4) as [string, number, 0 | 1, number];
    const head = this.#headOf(stream);
    const first = at + 4;
    if (head.revision !== expected) {
      const position = expected < head.revision ? this.#positionOfSame(head, expected, parcel, first, count) : undefined;
      if (position === undefined) answers.push(answer.conflict, head.revision, 0);
      else answers.push(answer.known, position, expected + count);
      return;
    }
    if (essential === 0 && this.#reserve.isTouched()) {
      answers.push(answer.diskReserve, 0, 0);
      return;
    }
    answers.push(answer.appended, this.#frontier.size, expected + count);
    for (let i = first; i < first + count * fieldsPerEvent; i += fieldsPerEvent) this.#write(head, parcel, i);
    this.#moved.set(stream, head);
  }

  #write(head: Head, parcel: AppendParcel, at: number): void {
    const leaf = parcel[at + 4] as string;
    if (head.id === 0) head.id = this.#lastStream += 1;
    head.revision += 1;
    head.leaf = leaf;
    this.#statements.addEvent.run(this.#frontier.size, head.id, head.revision, parcel[at]!, parcel[at + 1]!, parcel[at + 2]!, parcel[at + 3]!, leaf);
    this.#frontier.push(Buffer.from(leaf, 'base64url'));
  }

  #headOf(stream: string): Head {
    const kept = this.#heads.get(stream);
    if (kept) return kept;
    const row = this.#statements.findStream.get(stream) as { id: number; revision: number; leaf: string } | undefined;
    const head = row ? { ...row, isStored: true } : { id: 0, revision: -1, leaf: '', isStored: false };
    this.#heads.set(stream, head);
    return head;
  }

  /** Position of the first event if the stream holds this very batch just after `expected`: it was sent again. */
  #positionOfSame(head: Head, expected: number, parcel: AppendParcel, first: number, count: number): number | undefined {
    const rows = this.#statements.eventsAfter.all(head.id, expected, count) as { position: number; id: string; leaf: string }[];
    if (rows.length !== count) return undefined;
    const same = rows.every((row, i) => row.id === parcel[first + i * fieldsPerEvent] && row.leaf === parcel[first + i * fieldsPerEvent + 4]);
    return same ? rows[0]!.position : undefined;
  }

  #writeHeads(): void {
    for (const [name, head] of this.#moved) {
      if (head.isStored) this.#statements.moveHead.run(head.revision, head.leaf, head.id);
      else this.#statements.addStream.run(head.id, name, head.revision, head.leaf);
      head.isStored = true;
    }
    this.#moved.clear();
    const moved = this.#statements.moveTree.run(this.#frontier.size, this.#frontier.serialise(), this.#frontier.root().toString('base64url'));
    if (moved.changes !== 1) throw new Fault('The tree of the log is gone.');
  }
}

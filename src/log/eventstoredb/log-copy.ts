import type { StatementSync } from 'node:sqlite';

import { BrokenIntegrity } from '../../kernel/fault.ts';
import { answer, fieldsPerAnswer, type AppendParcel } from '../sqlite/messages.ts';
import { LogWriter } from '../sqlite/writer.ts';
import type { LogAlarm } from './alarms.ts';
import { isAfter, type AllPosition } from './all-position.ts';
import type { LeafRule } from './leaf-rule.ts';
import type { StoredEvent } from './wire.ts';

/** An event of ours as it lies in the copy. */
export type CopiedEvent = StoredEvent & { readonly position: number; readonly leafHash: string };

/** The checkpoint is written at least after so many events that are not ours: reading them again costs time alone. */
const passedOverMax = 5000;

type Upstream = { handled_commit: string; handled_prepare: string; last_commit: string | null; last_prepare: string | null };

/**
 * A node's copy of the log: events of ours in `$all` order, each with a dense position and a leaf from its bytes, and beside
 * them, in the same transaction, how far it has come. Written by one follower, in order. Taking again what is there already
 * changes nothing. What contradicts the copy throws `BrokenIntegrity`, and the copy must not be used again but to be closed.
 */
export class LogCopy {
  readonly #file: string;
  readonly #writer: LogWriter;
  readonly #rule: LeafRule;
  readonly #moveUpstream: StatementSync;
  readonly #addAlarm: StatementSync;
  #handled: AllPosition | undefined;
  #last: AllPosition | undefined;
  #logId: string | null;
  #passedOver = 0;

  /** Throws `Fault` or `BrokenIntegrity` like the embedded engine, holding nothing then. */
  constructor(file: string, rule: LeafRule) {
    this.#file = file;
    this.#rule = rule;
    this.#writer = new LogWriter({ file, reserveBytes: 0 }, 'copy');
    const { database } = this.#writer;
    this.#moveUpstream = database.prepare('INSERT INTO upstream (one, handled_commit, handled_prepare, last_commit, last_prepare) VALUES (1, ?, ?, ?, ?) ON CONFLICT (one) DO UPDATE SET handled_commit = excluded.handled_commit, handled_prepare = excluded.handled_prepare, last_commit = excluded.last_commit, last_prepare = excluded.last_prepare');
    this.#addAlarm = database.prepare('INSERT INTO alarms (id, alarm) VALUES (?, ?) ON CONFLICT DO NOTHING');
    const upstream = database.prepare('SELECT * FROM upstream').get() as Upstream | undefined;
    if (upstream) {
      this.#handled = { commit: BigInt(upstream.handled_commit), prepare: BigInt(upstream.handled_prepare) };
      if (upstream.last_commit !== null && upstream.last_prepare !== null) this.#last = { commit: BigInt(upstream.last_commit), prepare: BigInt(upstream.last_prepare) };
    }
    this.#logId = this.#foundedAt();
  }

  #foundedAt(): string | null {
    const row = this.#writer.database.prepare("SELECT e.id, e.type, e.data, e.metadata FROM streams s JOIN events e ON e.stream = s.id WHERE s.name = 'custody' AND e.revision = 0").get() as Pick<StoredEvent, 'id' | 'type' | 'data' | 'metadata'> | undefined;
    return (row && this.#rule.foundedBy({ ...row, stream: 'custody', revision: 0, at: { commit: 0n, prepare: 0n }, createdMs: 0 })) ?? null;
  }

  /** Number of events. */
  get size(): number {
    return this.#writer.size;
  }

  /** Position of the last event that was handled, of ours or not; undefined before the first. */
  get handled(): AllPosition | undefined {
    return this.#handled;
  }

  /** Position and id of the last event in the copy: the authority must have it there still. */
  lastEvent(): { readonly at: AllPosition; readonly id: string } | undefined {
    if (!this.#last) return undefined;
    const { id } = this.#writer.database.prepare('SELECT id FROM events ORDER BY position DESC LIMIT 1').get() as { id: string };
    return { at: this.#last, id };
  }

  get logId(): string | null {
    return this.#logId;
  }

  revisionOf(stream: string): number {
    return this.#writer.revisionOf(stream);
  }

  eventsAfter(stream: string, revision: number, limit: number): ReturnType<LogWriter['eventsAfter']> {
    return this.#writer.eventsAfter(stream, revision, limit);
  }

  alarms(): readonly LogAlarm[] {
    const rows = this.#writer.database.prepare('SELECT alarm FROM alarms ORDER BY rowid').all() as { alarm: string }[];
    return rows.map(({ alarm }) => JSON.parse(alarm) as LogAlarm);
  }

  /**
   * Takes events of `$all` in order; what is not after the last one handled is dropped. Returns those of ours that are new,
   * when they and `alarms` are committed. A gap throws, after everything before it was taken.
   */
  take(events: readonly StoredEvent[], alarms: readonly LogAlarm[]): readonly CopiedEvent[] {
    const parcel: AppendParcel = [];
    const ours: CopiedEvent[] = [];
    const heads = new Map<string, number>();
    let handled = this.#handled;
    let last = this.#last;
    let gap: string | undefined;
    for (const event of events) {
      if (handled && !isAfter(event.at, handled)) continue;
      if (this.#isCounted(event)) {
        gap = this.#gapBefore(event, heads);
        if (gap !== undefined) break;
        this.#logId ??= this.#rule.foundedBy(event) ?? null;
        const leafHash = this.#rule.leafOf(event, this.#logId);
        parcel.push(event.stream, event.revision - 1, 1, 1, event.id, event.type, event.data, event.metadata, leafHash);
        ours.push({ ...event, position: -1, leafHash });
        last = event.at;
      } else this.#passedOver += 1;
      handled = event.at;
    }
    const copied = this.#commit(parcel, ours, alarms, handled, last);
    if (gap !== undefined) throw new BrokenIntegrity(gap);
    return copied;
  }

  close(): void {
    this.#writer.close();
  }

  /** A tombstone has a revision beyond all counting: it is told of as an alarm, and is no event of the log. */
  #isCounted({ stream, revision }: StoredEvent): boolean {
    return this.#rule.isOurs(stream) && Number.isSafeInteger(revision);
  }

  #gapBefore({ stream, revision }: StoredEvent, heads: Map<string, number>): string | undefined {
    const head = heads.get(stream) ?? this.#writer.revisionOf(stream);
    heads.set(stream, Math.max(head, revision));
    if (revision <= head + 1) return undefined;
    return `The database holds the event ${revision} of ${stream}, but not the ${revision - head - 1} before it, which were removed from it (by a scavenge, say). What this appliance has copied is not lost: it is in ${this.#file}, and the other appliances have copies too. Put a whole copy in its place, or restore the database from a backup.`;
  }

  #commit(parcel: AppendParcel, ours: readonly CopiedEvent[], alarms: readonly LogAlarm[], handled: AllPosition | undefined, last: AllPosition | undefined): readonly CopiedEvent[] {
    if (ours.length === 0 && alarms.length === 0 && this.#passedOver < passedOverMax) {
      // In memory the follower has moved; on the disk the checkpoint may stay behind.
      this.#handled = handled;
      return [];
    }
    const answers = this.#writer.commit([parcel], () => {
      if (handled) this.#moveUpstream.run(handled.commit.toString(), handled.prepare.toString(), last?.commit.toString() ?? null, last?.prepare.toString() ?? null);
      for (const alarm of alarms) this.#addAlarm.run(alarm.id, JSON.stringify(alarm));
    });
    this.#writer.settle();
    [this.#handled, this.#last, this.#passedOver] = [handled, last, 0];
    const copied: CopiedEvent[] = [];
    for (const [i, event] of ours.entries()) {
      const code = answers[i * fieldsPerAnswer];
      if (code === answer.appended) copied.push({ ...event, position: answers[i * fieldsPerAnswer + 1]! });
      else if (code !== answer.known) throw new BrokenIntegrity(`The database holds another event ${event.revision} in ${event.stream} than this appliance has copied (${this.#file}). One of the two was changed, or the database was replaced. Nothing is recorded until somebody has looked; the copy is left as it is.`);
    }
    return copied;
  }
}

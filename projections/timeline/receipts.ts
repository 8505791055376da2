import type { DatabaseSync } from 'node:sqlite';
import { limits } from '#src/contract/limits.ts';
import { uniteRanges } from '#src/contract/timeline.ts';
import type { Ranges } from '#src/contract/shapes.ts';
import { covers, without } from './ranges.ts';

/**
 * Evidence of viewing, and the second marks that follow from it (ARCHITECTURE section 3, "Viewed, exactly"). A line is
 * complete once every member whose latest join is not after it, its author aside, has viewed it, and there is such a member.
 * Complete stays complete.
 */
export const receiptsSchema = `
  CREATE TABLE viewed (conversation INTEGER NOT NULL, account TEXT NOT NULL, from_revision INTEGER NOT NULL, to_revision INTEGER NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (conversation, account, from_revision)) STRICT, WITHOUT ROWID;
  CREATE TABLE complete (conversation INTEGER NOT NULL, from_revision INTEGER NOT NULL, to_revision INTEGER NOT NULL, PRIMARY KEY (conversation, from_revision)) STRICT, WITHOUT ROWID;
  CREATE TABLE receipts (one INTEGER PRIMARY KEY CHECK (one = 1), members_max INTEGER NOT NULL) STRICT;
`;

type Line = { revision: number; author: string };
type Member = { account: string; joined: number };
type RangeRow = { from_revision: number; to_revision: number };
const rangesOf = (rows: unknown[]): Ranges => (rows as RangeRow[]).map((row) => [row.from_revision, row.to_revision]);

export class Receipts {
  readonly #statements;
  /** Conversation ref to ranges that became complete since they were last taken. */
  #fresh = new Map<number, Ranges>();

  constructor(db: DatabaseSync) {
    this.#statements = {
      viewedWithin: db.prepare('SELECT from_revision, to_revision FROM viewed WHERE conversation = ?1 AND account = ?2 AND from_revision <= ?4 AND to_revision >= ?3'),
      putViewed: db.prepare('INSERT INTO viewed VALUES (?, ?, ?, ?, ?)'),
      anyViewed: db.prepare('SELECT 1 FROM viewed WHERE conversation = ? LIMIT 1'),
      completeWithin: db.prepare('SELECT from_revision, to_revision FROM complete WHERE conversation = ?1 AND from_revision <= ?3 AND to_revision >= ?2 ORDER BY from_revision'),
      dropComplete: db.prepare('DELETE FROM complete WHERE conversation = ? AND from_revision = ?'),
      putComplete: db.prepare('INSERT INTO complete VALUES (?, ?, ?)'),
      lines: db.prepare('SELECT revision, author FROM lines WHERE conversation = ? AND revision BETWEEN ? AND ? AND ordinal IS NOT NULL'),
      members: db.prepare('SELECT account, joined FROM intervals WHERE conversation = ? AND left_at IS NULL'),
      membersMax: db.prepare('SELECT members_max FROM receipts'),
      putMembersMax: db.prepare('INSERT INTO receipts VALUES (1, ?) ON CONFLICT DO UPDATE SET members_max = excluded.members_max'),
    };
  }

  #membersMax(): number {
    return (this.#statements.membersMax.get() as { members_max: number } | undefined)?.members_max ?? limits.receiptsMembersMax;
  }

  setMembersMax(count: number): void {
    this.#statements.putMembersMax.run(count);
  }

  /** `account` really saw [from, to] at `at`; the first time counts. */
  viewed(conversation: number, account: string, from: number, to: number, at: number): void {
    const known = rangesOf(this.#statements.viewedWithin.all(conversation, account, from, to));
    const fresh = without(from, to, known);
    for (const [one, other] of fresh) this.#statements.putViewed.run(conversation, account, one, other, at);
    if (fresh.length === 0) return;
    const members = this.#statements.members.all(conversation) as Member[];
    const viewer = members.find((member) => member.account === account);
    if (!viewer || members.length > this.#membersMax()) return;
    const others = members.filter((member) => member !== viewer);
    for (const [one, other] of fresh) this.#complete(conversation, Math.max(one, viewer.joined), other, account, others);
  }

  /** Called after `account` left (or joined anew): nobody waits for them any more. `joined`: the join that ended. */
  released(conversation: number, account: string, joined: number, head: number): void {
    if (!this.#statements.anyViewed.get(conversation)) return;
    const members = (this.#statements.members.all(conversation) as Member[]).filter((member) => member.account !== account);
    const max = this.#membersMax();
    if (members.length === 0 || members.length > max) return;
    // Whoever brings the number down to the limit opens receipts for everything before, too.
    this.#complete(conversation, members.length === max ? 0 : joined, head, account, members);
  }

  /** Completes what nobody of `others` is missing in [from, to], among lines not by `settled`, whom they no longer wait for. */
  #complete(conversation: number, from: number, to: number, settled: string, others: readonly Member[]): void {
    if (from > to) return;
    const lines = this.#statements.lines.all(conversation, from, to) as Line[];
    if (lines.length === 0) return;
    const done = rangesOf(this.#statements.completeWithin.all(conversation, from, to));
    let candidates = lines.filter((line) => line.author !== settled && !covers(done, line.revision));
    const hasLeft = others.length > 0 && !this.#isMember(conversation, settled);
    if (hasLeft) candidates = candidates.filter((line) => others.some((member) => member.account !== line.author && member.joined <= line.revision));
    for (const member of others) {
      const first = candidates[0];
      if (!first) return;
      const seen = rangesOf(this.#statements.viewedWithin.all(conversation, member.account, first.revision, candidates.at(-1)!.revision));
      candidates = candidates.filter((line) => line.author === member.account || line.revision < member.joined || covers(seen, line.revision));
    }
    if (candidates.length > 0) this.#store(conversation, runsOf(lines, new Set(candidates.map((line) => line.revision)), done));
  }

  #isMember(conversation: number, account: string): boolean {
    return (this.#statements.members.all(conversation) as Member[]).some((member) => member.account === account);
  }

  #store(conversation: number, runs: Ranges): void {
    for (const [from, to] of runs) {
      const touching = rangesOf(this.#statements.completeWithin.all(conversation, from - 1, to + 1));
      for (const [start] of touching) this.#statements.dropComplete.run(conversation, start);
      for (const [one, other] of uniteRanges(touching, [[from, to]])) this.#statements.putComplete.run(conversation, one, other);
    }
    this.#fresh.set(conversation, uniteRanges(this.#fresh.get(conversation) ?? [], runs));
  }

  /** What became complete since the last call. */
  takeFresh(): ReadonlyMap<number, Ranges> {
    const taken = this.#fresh;
    this.#fresh = new Map();
    return taken;
  }
}

/** Ranges over neighbouring lines that are complete now; what lies between two lines (edits, reactions) shows no mark. */
const runsOf = (lines: readonly Line[], fresh: ReadonlySet<number>, done: Ranges): Ranges => {
  const runs: Ranges = [];
  let run: { from: number; to: number; isFresh: boolean } | undefined;
  const end = (): void => {
    if (run?.isFresh) runs.push([run.from, run.to]);
    run = undefined;
  };
  for (const { revision } of lines) {
    const isFresh = fresh.has(revision);
    if (!isFresh && !covers(done, revision)) end();
    else if (!run) run = { from: revision, to: revision, isFresh };
    else run = { from: run.from, to: revision, isFresh: run.isFresh || isFresh };
  }
  end();
  return runs;
};

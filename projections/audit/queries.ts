import type { AuditRow } from '#src/contract/archive.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';
import { actorOf, narrowedBy, nameOf, withTitle } from './words.ts';

export type AuditParams = {
  /** Any of these; empty: all. */
  readonly kinds: readonly AuditRow['kind'][];
  /** Who did it, or to whom. */
  readonly person?: string;
  readonly from?: number;
  /** Exclusive. */
  readonly until?: number;
  /** `next` of the page before. */
  readonly before?: number;
  readonly limit: number;
  /** With reasons, queries and titles: for officers, never for administrators. */
  readonly tellsReasons: boolean;
};
export type AuditValue = { readonly total: number; readonly rows: readonly AuditRow[]; readonly next: number | null };

type Row = { position: number; at: number; kind: AuditRow['kind']; type: string; by: string; subject: string | null; says: string; told: string | null; filter: string | null; place: string | null; door: string; address: string | null };

const audit = (view: ViewReader, p: AuditParams): AuditValue => {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  if (p.kinds.length > 0) {
    conditions.push(`kind IN (${p.kinds.map(() => '?').join(', ')})`);
    values.push(...p.kinds);
  }
  if (p.person !== undefined) {
    conditions.push('(by = ? OR subject = ?)');
    values.push(p.person, p.person);
  }
  if (p.from !== undefined) {
    conditions.push('at >= ?');
    values.push(p.from);
  }
  if (p.until !== undefined) {
    conditions.push('at < ?');
    values.push(p.until);
  }
  const where = conditions.join(' AND ') || '1';
  const rows = view.all<Row>(`SELECT * FROM rows WHERE ${where} AND position < ? ORDER BY position DESC LIMIT ?`, ...values, p.before ?? Number.MAX_SAFE_INTEGER, p.limit + 1);
  const shown = rows.slice(0, p.limit);
  return {
    total: view.get<{ n: number }>(`SELECT count(*) AS n FROM rows WHERE ${where}`, ...values)!.n, next: rows.length > p.limit ? shown.at(-1)!.position : null,
    rows: shown.map(({ told, filter, place, ...row }) => ({
      ...row, byName: actorOf(view, row.by), subjectName: row.subject === null ? null : nameOf(view, row.subject) || null,
      says: p.tellsReasons ? `${place === null ? row.says : withTitle(view, row.says, place)}${told ?? ''}${filter === null ? '' : narrowedBy(view, filter)}` : row.says,
    })),
  };
};

export const auditQueries = {
  /** Newest first. */
  'audit.rows': viewQuery<AuditParams, AuditValue>(['audit'], (read, p) => audit(read('audit'), p)),
};

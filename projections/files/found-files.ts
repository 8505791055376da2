import type { FileKind, SharedFile } from '#src/contract/files.ts';
import { tokensOf } from '../search/tokens.ts';
import type { ViewReader } from '../view-queries.ts';

export type Row = {
  position: number; stream: string; file: string; revision: number; at: number; author: string; name: string | null; size: number; type: string; kind: FileKind; width: number | null; height: number | null;
  hash: string | null; message: string | null; withdrawn_at: number | null;
};
export const columns = 'f.position, n.name AS stream, f.file, f.revision, f.at, f.author, f.name, f.size, f.type, f.kind, f.width, f.height, f.hash, f.message, f.withdrawn_at';
export const from = 'files f JOIN names n ON n.ref = f.conversation';

/** `forOfficers`: the name of a withdrawn file too. */
export const sharedFileOf = (row: Row, forOfficers = false): SharedFile => ({
  conversationId: row.stream.slice('conversation-'.length), fileId: row.file, revision: row.revision, at: row.at, author: row.author, name: row.withdrawn_at === null || forOfficers ? row.name : null,
  size: row.size, type: row.type, kind: row.kind, width: row.width, height: row.height, withdrawn: row.withdrawn_at !== null,
});

/** Conditions over `files f`, with their values. */
export class Conditions {
  readonly #sql: string[] = ['1'];
  readonly #values: (string | number)[] = [];

  add(sql: string, ...values: (string | number)[]): void {
    this.#sql.push(sql);
    this.#values.push(...values);
  }

  anyOf(column: string, values: readonly (string | number)[]): void {
    if (values.length > 0) this.add(`${column} IN (${values.map(() => '?').join(', ')})`, ...values);
  }

  get sql(): string {
    return this.#sql.map((one) => `(${one})`).join(' AND ');
  }

  get values(): readonly (string | number)[] {
    return this.#values;
  }
}

/** All words of the name, in any order; the last may be the beginning of one. Nothing to look for finds everything. */
export const addName = (conditions: Conditions, name: string): void => {
  const terms = tokensOf(name).map(({ term }) => `"${term.replaceAll('"', '""')}"`);
  if (terms.length > 0) conditions.add('f.position IN (SELECT rowid FROM texts WHERE texts MATCH ?)', `tokens : (${terms.join(' AND ')} *)`);
  // Only what is no letter was asked for.
  else if (name.trim() !== '') conditions.add('instr(f.name, ?) > 0', name.trim());
};

export type Page = { readonly before?: number; readonly limit: number };
type Found = { readonly total: number; readonly bytes: number; readonly rows: readonly Row[]; readonly next: number | null };

export const find = (files: ViewReader, conditions: Conditions, { before = Number.MAX_SAFE_INTEGER, limit }: Page): Found => {
  const { sql, values } = conditions;
  const { n, bytes } = files.get<{ n: number; bytes: number }>(`SELECT count(*) AS n, coalesce(sum(f.size), 0) AS bytes FROM ${from} WHERE ${sql}`, ...values)!;
  const rows = files.all<Row>(`SELECT ${columns} FROM ${from} WHERE ${sql} AND f.position < ? ORDER BY f.position DESC LIMIT ?`, ...values, before, limit + 1);
  const shown = rows.slice(0, limit);
  return { total: n, bytes, rows: shown, next: rows.length > limit ? shown.at(-1)!.position : null };
};

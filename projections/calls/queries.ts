import type { PastCall } from '#src/contract/calls.ts';
import { viewQuery, type ViewReader } from '../view-queries.ts';

/** `conversations`: those whose calls may be shown, each from this revision on. `before`: position of the last call of the page before. */
export type PastCallsParams = { readonly account: string; readonly conversations: readonly (readonly [conversationId: string, from: number])[]; readonly before?: number; readonly limit: number };
export type PastCallsValue = { readonly calls: readonly PastCall[]; readonly next: number | null };
type Row = { position: number; conversation: string; call: string; revision: number; started_at: number; started_by: string; audio_only: number; ended_at: number | null; seconds: number | null; people: string; role: PastCall['role'] | null };

const past = (calls: ViewReader, p: PastCallsParams): PastCallsValue => {
  const rows = calls.all<Row>(
    `SELECT c.*, r.role FROM calls c JOIN json_each(?) j ON j.value ->> 0 = c.conversation AND c.revision >= j.value ->> 1
      LEFT JOIN roles r ON r.position = c.position AND r.account = ? WHERE c.position < ? ORDER BY c.position DESC LIMIT ?`,
    JSON.stringify(p.conversations), p.account, p.before ?? Number.MAX_SAFE_INTEGER, p.limit + 1,
  );
  const shown = rows.slice(0, p.limit);
  return { calls: shown.map(pastCallOf), next: rows.length > p.limit ? shown.at(-1)!.position : null };
};

const pastCallOf = (row: Row): PastCall => ({
  conversationId: row.conversation, callId: row.call, revision: row.revision, startedAt: row.started_at, endedAt: row.ended_at, startedBy: row.started_by, audioOnly: row.audio_only === 1,
  people: JSON.parse(row.people) as string[], seconds: row.seconds, role: row.role ?? 'without-me',
});

export const callsQueries = {
  'calls.past': viewQuery<PastCallsParams, PastCallsValue>(['calls'], (read, p) => past(read('calls'), p)),
};

import { readAudit, type AuditRow } from '#src/contract/archive.ts';
import type { InputOf } from '#src/contract/endpoint.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { Store } from '../../client/store.ts';

export type AuditFilter = Omit<InputOf<typeof readAudit>, 'before' | 'kinds'> & { readonly kinds: readonly AuditRow['kind'][] };
export type AuditState = {
  readonly filter: AuditFilter;
  readonly rows: readonly AuditRow[] | undefined;
  readonly total: number;
  readonly position: number;
  readonly next: number | null;
  readonly running: 'no' | 'newest' | 'older';
  readonly failure: Refusal | undefined;
};

/** The audit log as one reader pages through it, newest first. Answers that a newer filter overtook are dropped. */
export class AuditReading {
  readonly state = new Store<AuditState>({ filter: { kinds: [] }, rows: undefined, total: 0, position: 0, next: null, running: 'no', failure: undefined });
  #turn = 0;

  #patch(change: Partial<AuditState>): void {
    this.state.set({ ...this.state.value, ...change });
  }

  /** Reads the newest page under this filter. */
  async read(filter: AuditFilter = this.state.value.filter): Promise<void> {
    const turn = ++this.#turn;
    this.#patch({ filter, running: 'newest', failure: undefined });
    const answer = await call(readAudit, { ...filter, kinds: [...filter.kinds] }, { once: true });
    if (turn !== this.#turn) return;
    this.#patch({ running: 'no', ...(answer.ok ? answer.output : { failure: answer }) });
  }

  /** Reads the page before the last row. */
  async older(): Promise<void> {
    const { filter, next, rows, running } = this.state.value;
    if (next === null || running !== 'no') return;
    const turn = this.#turn;
    this.#patch({ running: 'older', failure: undefined });
    const answer = await call(readAudit, { ...filter, kinds: [...filter.kinds], before: next }, { once: true });
    if (turn !== this.#turn) return;
    this.#patch({ running: 'no', ...(answer.ok ? { rows: [...(rows ?? []), ...answer.output.rows], next: answer.output.next } : { failure: answer }) });
  }
}

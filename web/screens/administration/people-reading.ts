import { listAccounts, type AccountRow } from '#src/contract/accounts.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { Store } from '../../client/store.ts';

export type PeopleState = {
  readonly find: string;
  readonly kind: 'employee' | 'nickname';
  readonly rows: readonly AccountRow[] | undefined;
  readonly total: number;
  readonly after: string | null;
  readonly running: boolean;
  readonly failure: Refusal | undefined;
};

/** A name is looked up when typing rests. */
const typingRestMs = 200;

/** The people an administrator pages through. Answers that newer typing overtook are dropped. */
export class PeopleReading {
  readonly state = new Store<PeopleState>({ find: '', kind: 'employee', rows: undefined, total: 0, after: null, running: false, failure: undefined });
  #turn = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  #patch(change: Partial<PeopleState>): void {
    this.state.set({ ...this.state.value, ...change });
  }

  /** Reads from the start, e.g. after somebody was added. */
  async read(): Promise<void> {
    clearTimeout(this.#rest);
    const turn = ++this.#turn;
    const { find, kind } = this.state.value;
    this.#patch({ running: true, failure: undefined });
    const answer = await call(listAccounts, { find, kind });
    if (turn !== this.#turn) return;
    this.#patch({ running: false, ...(answer.ok ? { rows: answer.output.accounts, total: answer.output.total, after: answer.output.after } : { failure: answer }) });
  }

  async more(): Promise<void> {
    const { find, kind, after, rows } = this.state.value;
    if (after === null || this.state.value.running) return;
    const turn = this.#turn;
    this.#patch({ running: true, failure: undefined });
    const answer = await call(listAccounts, { find, kind, after });
    if (turn !== this.#turn) return;
    this.#patch({ running: false, ...(answer.ok ? { rows: [...(rows ?? []), ...answer.output.accounts], after: answer.output.after } : { failure: answer }) });
  }

  find(find: string): void {
    this.#patch({ find });
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.read(), typingRestMs);
  }
  show(kind: PeopleState['kind']): void {
    this.#patch({ kind, rows: undefined });
    void this.read();
  }
  /** Classes of service of the people who were read, each once. */
  get classes(): readonly string[] {
    return [...new Set(this.state.value.rows?.flatMap(({ classOfService }) => classOfService ?? []))].toSorted();
  }
  /** What an act of ours changed, shown at once; the next reading confirms it. */
  changed(account: string, change: Partial<AccountRow>): void {
    this.#patch({ rows: this.state.value.rows?.map((row) => (row.account === account ? { ...row, ...change } : row)) });
  }
  stop(): void {
    clearTimeout(this.#rest);
    this.#turn += 1;
  }
}

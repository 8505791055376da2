import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { ViewName } from './view.ts';

/** A read-only connection with its statements prepared once. */
export class ViewReader {
  readonly db: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(db: DatabaseSync) {
    this.db = db;
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      // Texts made of variable lists could pile up; the ones in use come back at once.
      if (this.#statements.size > 200) this.#statements.clear();
      statement = this.db.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  get<Row>(sql: string, ...values: (string | number | null)[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: (string | number | null)[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  iterate<Row>(sql: string, ...values: (string | number | null)[]): IterableIterator<Row> {
    return this.#statement(sql).iterate(...values) as unknown as IterableIterator<Row>;
  }
}

/** The views that a question reads, each inside one read transaction. They began in the order that the question names them. */
export type Readers = (view: ViewName) => ViewReader;

/**
 * One question. `views`: the first gives the answer's position and is read first; the writer commits views in the order of
 * `everyView`, so a question names later views before earlier ones, and what it reads of the others is never older.
 */
export type ViewQuery<Params, Value> = { readonly views: readonly ViewName[]; readonly run: (read: Readers, params: Params) => Value };

export const viewQuery = <Params, Value>(views: readonly ViewName[], run: (read: Readers, params: Params) => Value): ViewQuery<Params, Value> => ({ views, run });

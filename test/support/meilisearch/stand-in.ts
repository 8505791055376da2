/**
 * Stands in for a Meilisearch server over real HTTP: the calls that the product makes, tasks in order, refusals of what it does not know, and
 * faults on demand. It proves our reading of the API, of tasks and of failures. It does not prove how Meilisearch ranks, how fast it is, or what it does with a full disk.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiError, Index, type Document, type Question, type Settings } from './indexes.ts';

export type TaskType = 'indexCreation' | 'indexDeletion' | 'indexSwap' | 'settingsUpdate' | 'documentAdditionOrUpdate' | 'documentDeletion';
type Task = { readonly uid: number; readonly type: TaskType; readonly indexUid: string | null; status: 'enqueued' | 'processing' | 'succeeded' | 'failed'; error: { readonly code: string; readonly message: string } | null };
export type Request = { readonly method: string; readonly path: string; readonly body: unknown };

const key = 'a key that no browser sees';
const questionFields: ReadonlySet<string> = new Set(['indexUid', 'q', 'filter', 'limit', 'attributesToRetrieve', 'attributesToHighlight', 'highlightPreTag', 'highlightPostTag', 'matchingStrategy']);

export class MeilisearchStandIn {
  readonly key = key;
  readonly requests: Request[] = [];
  /** Tasks of these types fail, so many times. */
  readonly failing = new Map<TaskType, number>();
  /** How long a task takes. */
  taskMs = 0;
  /** How long a search takes. */
  searchMs = 0;
  /** Answers everything with this status. */
  status: number | undefined;
  /** Sends everybody there. */
  redirectTo: string | undefined;
  /** Deletion tasks succeed and delete nothing, or leave the words findable. */
  keeps: 'documents' | 'words' | undefined;
  /** What a broken or hostile server makes of a search's results. */
  lie: ((results: readonly Record<string, unknown>[]) => unknown) | undefined;
  readonly indexes = new Map<string, Index>();
  readonly tasks: Task[] = [];
  #working: Promise<void> = Promise.resolve();
  #held: PromiseWithResolvers<void> | undefined;
  #server: Server | undefined;
  #port = 0;

  static async start(): Promise<MeilisearchStandIn> {
    const server = new MeilisearchStandIn();
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Also again, on the same port and with what it held. */
  async start(): Promise<void> {
    this.#server = createServer((request, response) => void this.#serve(request, response)).listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }
  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  /** Somebody deleted its data. */
  wipe(): void {
    this.indexes.clear();
  }
  /** Tasks wait from now on. Gives back how to let them go on. */
  hold(): () => void {
    const held = Promise.withResolvers<void>();
    this.#held = held;
    return () => {
      this.#held = undefined;
      held.resolve();
    };
  }

  /** Every document of an index, checkpoint and all. */
  documentsOf(uid: string): readonly Document[] {
    return [...(this.indexes.get(uid)?.documents.values() ?? [])];
  }
  /** What was asked of it to find something. */
  get questions(): readonly Question[] {
    return this.requests.filter(({ path }) => path === '/multi-search').flatMap(({ body }) => (body as { queries: Question[] }).queries);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = (status: number, body: unknown): void => {
      if (!response.destroyed) response.writeHead(status, { 'Content-Type': 'application/json' }).end(body === undefined ? '' : JSON.stringify(body));
    };
    try {
      const chunks = (await request.toArray()) as Buffer[];
      const text = Buffer.concat(chunks).toString();
      const url = new URL(request.url!, this.url);
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      this.requests.push({ method: request.method!, path: url.pathname, body });
      if (this.redirectTo !== undefined) return void response.writeHead(307, { Location: `${this.redirectTo}${request.url}` }).end();
      if (this.status !== undefined) return answer(this.status, { message: 'out of order', code: 'internal', type: 'internal', link: '' });
      if (request.headers.authorization !== `Bearer ${key}`) throw new ApiError(403, 'invalid_api_key');
      if (url.pathname === '/multi-search' && this.searchMs > 0) await new Promise((resolve) => setTimeout(resolve, this.searchMs));
      const [status, said] = this.#answer(request.method!, url, body);
      answer(status, said);
    } catch (cause) {
      const { status = 500, code = 'internal', message } = cause as Partial<ApiError> & Error;
      answer(status, { message, code, type: status < 500 ? 'invalid_request' : 'internal', link: '' });
    }
  }

  #answer(method: string, { pathname, searchParams }: URL, body: unknown): readonly [number, unknown] {
    const [, top, uid = '', part, rest] = pathname.split('/');
    const does = `${method} ${[top, uid && ':uid', part, rest && part === 'documents' && !['delete-batch'].includes(rest) ? ':id' : rest].filter(Boolean).join('/')}`;
    switch (does) {
      case 'GET tasks/:uid': {
        const task = this.tasks[Number(uid)];
        if (!task) throw new ApiError(404, 'task_not_found');
        return [200, { ...task, batchUid: null, canceledBy: null, duration: null, startedAt: null, finishedAt: null, enqueuedAt: '' }];
      }
      case 'POST indexes':
        return this.#enqueue('indexCreation', (body as { uid: string }).uid, () => this.#create((body as { uid: string }).uid));
      case 'GET indexes/:uid':
        this.#index(uid);
        return [200, { uid, primaryKey: 'id', createdAt: '2026-01-01T00:00:00Z', updatedAt: '2026-01-01T00:00:00Z' }];
      case 'DELETE indexes/:uid':
        return this.#enqueue('indexDeletion', uid, () => void (this.#index(uid) && this.indexes.delete(uid)));
      case 'GET indexes/:uid/settings':
        return [200, this.#index(uid).settings];
      case 'PATCH indexes/:uid/settings':
        return this.#enqueue('settingsUpdate', uid, () => this.#made(uid).set(body as Settings));
      case 'POST indexes/:uid/documents':
        // An index that is not there is made, without settings, as the real one does.
        return this.#enqueue('documentAdditionOrUpdate', uid, () => this.#made(uid).put(body as Document[]));
      case 'POST indexes/:uid/documents/delete-batch':
        return this.#enqueue('documentDeletion', uid, () => this.#delete(this.#index(uid), body as string[]));
      case 'GET indexes/:uid/documents/:id': {
        const document = this.#index(uid).documents.get(rest!);
        if (!document) throw new ApiError(404, 'document_not_found');
        return [200, document];
      }
      case 'GET indexes/:uid/documents': {
        for (const name of searchParams.keys()) if (!['ids', 'limit', 'fields'].includes(name)) throw new ApiError(400, 'bad_request', `Unknown parameter \`${name}\``);
        const wanted = searchParams.get('fields')?.split(',');
        const results = (searchParams.get('ids')?.split(',') ?? []).flatMap((id) => this.#index(uid).documents.get(id) ?? []).slice(0, Number(searchParams.get('limit') ?? 20));
        return [200, { results: results.map((document) => Object.fromEntries(Object.entries(document).filter(([name]) => !wanted || wanted.includes(name)))), offset: 0, limit: 20, total: results.length }];
      }
      case 'POST multi-search':
        return [200, { results: this.#search((body as { queries: Question[] }).queries) }];
      case 'POST swap-indexes':
        return this.#enqueue('indexSwap', null, () => this.#swap((body as { indexes: [string, string] }[])[0]!));
      default:
        throw new ApiError(404, 'not_found', `The stand-in knows no ${method} ${pathname}.`);
    }
  }

  #search(questions: readonly Question[]): unknown {
    const results = questions.map((question) => {
      for (const name of Object.keys(question)) if (!questionFields.has(name)) throw new ApiError(400, 'bad_request', `Unknown field \`${name}\``);
      return this.#index(question.indexUid).search(question) as Record<string, unknown>;
    });
    return this.lie ? this.lie(results) : results;
  }

  #index(uid: string): Index {
    const index = this.indexes.get(uid);
    if (!index) throw new ApiError(404, 'index_not_found', `Index \`${uid}\` not found.`);
    return index;
  }
  #made(uid: string): Index {
    if (!this.indexes.has(uid)) this.indexes.set(uid, new Index());
    return this.indexes.get(uid)!;
  }
  #create(uid: string): void {
    if (this.indexes.has(uid)) throw new ApiError(409, 'index_already_exists');
    this.indexes.set(uid, new Index());
  }
  #swap({ indexes: [one, other] }: { readonly indexes: readonly [string, string] }): void {
    const [first, second] = [this.#index(one), this.#index(other)];
    this.indexes.set(one, second).set(other, first);
  }
  #delete(index: Index, ids: readonly string[]): void {
    for (const id of ids) {
      const document = index.documents.get(id);
      if (!document || this.keeps === 'documents') continue;
      index.documents.delete(id);
      if (this.keeps === 'words') index.ghosts.set(id, document);
    }
  }

  /** Taken at once, done later, one after the other: 202 is no promise. */
  #enqueue(type: TaskType, indexUid: string | null, work: () => void): readonly [number, unknown] {
    const task: Task = { uid: this.tasks.length, type, indexUid, status: 'enqueued', error: null };
    this.tasks.push(task);
    this.#working = this.#working.then(async () => {
      await this.#held?.promise;
      task.status = 'processing';
      if (this.taskMs > 0) await new Promise((resolve) => setTimeout(resolve, this.taskMs));
      try {
        const failures = this.failing.get(type) ?? 0;
        if (failures > 0) {
          this.failing.set(type, failures - 1);
          throw new ApiError(500, 'internal', 'The stand-in was told to fail.');
        }
        work();
        task.status = 'succeeded';
      } catch (cause) {
        task.status = 'failed';
        task.error = { code: (cause as ApiError).code, message: (cause as ApiError).message };
      }
    });
    return [202, { taskUid: task.uid, indexUid, status: 'enqueued', type, enqueuedAt: '2026-01-01T00:00:00Z' }];
  }
}

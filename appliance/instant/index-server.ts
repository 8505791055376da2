import { setTimeout as pause } from 'node:timers/promises';
import type { EnqueuedTask, IndexSwap, Meilisearch, MultiSearchQuery, MultiSearchResult, RecordAny } from 'meilisearch';
import type { InstantDocument } from '#projections/instant/documents.ts';
import { areManaged, managedSettings } from './settings.ts';
import { codeOf, Unwell, unwellOf } from './unwell.ts';

/** How far an index is, kept in the index itself: it can be emptied, restored or made by another appliance. `leaf`: leaf hash of the event at `position`; `settings`: the mark it was made under. */
export type Checkpoint = { readonly position: number; readonly leaf: string; readonly settings: string };
export type Server = { readonly url: string; readonly key: string | undefined };

export const checkpointId = 'checkpoint';
const requestWithinMs = 30_000;
const taskPollMs = { first: 5, most: 250 };
/** Ids in one look-up: they travel in the address. */
const idsAtOnce = 50;
const wordsOfProof = 8;

/**
 * The few calls of Meilisearch that the product makes. A write resolves once its task has succeeded, and rejects with
 * `Unwell` otherwise; nothing is assumed written because it was taken. The package is loaded only here, when it is wanted.
 */
export class IndexServer {
  readonly #client: Meilisearch;
  readonly #closing = new AbortController();
  /** Words of documents that were deleted and not yet looked for in vain: nobody else has them any more. */
  readonly #unproven = new Map<string, string>();

  static async open({ url, key }: Server): Promise<IndexServer> {
    const { Meilisearch: Client } = await import('meilisearch');
    return new IndexServer(new Client({ host: url, timeout: requestWithinMs, requestInit: { redirect: 'error' /* Texts go where the operator said, and nowhere else. */ }, ...(key === undefined ? {} : { apiKey: key }) }));
  }

  private constructor(client: Meilisearch) {
    this.#client = client;
  }

  /** Whoever waits for a task waits no longer. */
  close(): void {
    this.#closing.abort();
  }

  /** The client keeps its own deadline only where it is given no signal. */
  #signal(withinMs = requestWithinMs): { readonly signal: AbortSignal } {
    return { signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(withinMs)]) };
  }

  async #task(enqueued: Promise<EnqueuedTask>): Promise<void> {
    const { taskUid } = await enqueued.catch((cause: unknown) => Promise.reject(unwellOf(cause)));
    for (let waitMs = taskPollMs.first; ; waitMs = Math.min(waitMs * 1.5, taskPollMs.most)) {
      const { status, type, error } = await this.#client.tasks.getTask(taskUid, this.#signal()).catch((cause: unknown) => Promise.reject(unwellOf(cause)));
      if (status === 'succeeded') return;
      if (status === 'failed' || status === 'canceled') throw new Unwell('wrong', `Its task ${type} ${status} (${error?.code ?? 'no reason given'}).`);
      await pause(waitMs, undefined, { signal: this.#closing.signal });
    }
  }

  /** Undefined where there is no such index, or no checkpoint in it. */
  async checkpoint(uid: string): Promise<Checkpoint | undefined> {
    try {
      const { position, leaf, settings } = await this.#client.index(uid).getDocument<RecordAny>(checkpointId);
      return { position, leaf, settings } as Checkpoint;
    } catch (cause) {
      if (['index_not_found', 'document_not_found'].includes(codeOf(cause) ?? '')) return undefined;
      throw unwellOf(cause);
    }
  }

  /** False also where there is no such index. */
  async isManaged(uid: string): Promise<boolean> {
    try {
      return areManaged(await this.#client.index(uid).getSettings());
    } catch (cause) {
      if (codeOf(cause) === 'index_not_found') return false;
      throw unwellOf(cause);
    }
  }

  async exists(uid: string): Promise<boolean> {
    try {
      await this.#client.getRawIndex(uid);
      return true;
    } catch (cause) {
      if (codeOf(cause) === 'index_not_found') return false;
      throw unwellOf(cause);
    }
  }

  /** An empty index with our settings. */
  async make(uid: string): Promise<void> {
    await this.#task(this.#client.createIndex(uid, { primaryKey: 'id' }));
    await this.#task(this.#client.index(uid).updateSettings({ ...managedSettings } as Parameters<ReturnType<Meilisearch['index']>['updateSettings']>[0]));
  }

  /** Whether or not it is there. */
  async drop(uid: string): Promise<void> {
    if (await this.exists(uid)) await this.#task(this.#client.deleteIndex(uid));
  }

  async swap(one: string, other: string): Promise<void> {
    // Without `rename`: servers before 1.18 refuse a field that they do not know.
    await this.#task(this.#client.swapIndexes([{ indexes: [one, other] } as IndexSwap]));
  }

  /** Documents replace those of the same id; the checkpoint goes with them, in one task, so that it is never there without them. */
  async put(uid: string, documents: readonly InstantDocument[], checkpoint?: Checkpoint): Promise<void> {
    const all: RecordAny[] = [...documents, ...(checkpoint ? [{ id: checkpointId, kind: 'checkpoint', ...checkpoint }] : [])];
    if (all.length > 0) await this.#task(this.#client.index(uid).addDocuments(all));
  }

  /**
   * Takes documents out for good: retractions now, erasure the same way. Resolves only when none of them can be fetched and
   * none is found any more, by its words or without; rejects with `Unwell` where one is.
   */
  async remove(uid: string, ids: readonly string[]): Promise<void> {
    for (let from = 0; from < ids.length; from += idsAtOnce) {
      const wanted = ids.slice(from, from + idsAtOnce);
      const present = await this.#fetch(uid, wanted);
      for (const { id, text, name } of present) this.#unproven.set(id, wordsOf(text ?? name ?? ''));
      if (present.length > 0) {
        await this.#task(this.#client.index(uid).deleteDocuments(present.map(({ id }) => id)));
        if ((await this.#fetch(uid, wanted)).length > 0) throw new Unwell('wrong', 'It still holds documents that it says it has deleted.');
      }
      const filter = `id IN ${listOf(wanted)}`;
      const words = wanted.map((id) => this.#unproven.get(id) ?? '').filter((text) => text !== '');
      const found = await this.search(['', ...words].map((q) => ({ indexUid: uid, q, filter, limit: 1 })), requestWithinMs);
      if (found.some(({ hits }) => hits.length > 0)) throw new Unwell('wrong', 'It still finds documents that it says it has deleted.');
      for (const id of wanted) this.#unproven.delete(id);
    }
  }

  async #fetch(uid: string, ids: readonly string[]): Promise<readonly { readonly id: string; readonly text?: string; readonly name?: string }[]> {
    try {
      const { results } = await this.#client.index(uid).getDocuments<RecordAny>({ ids: [...ids], limit: ids.length, fields: ['id', 'text', 'name'] });
      return results as unknown as readonly { readonly id: string }[];
    } catch (cause) {
      throw unwellOf(cause);
    }
  }

  /** Several questions in one request; rejects with `Unwell`, `down` also where it takes longer than this. */
  async search(questions: readonly MultiSearchQuery[], withinMs: number): Promise<readonly MultiSearchResult<RecordAny>[]> {
    try {
      const { results } = (await this.#client.multiSearch({ queries: [...questions] }, this.#signal(withinMs))) as { readonly results: MultiSearchResult<RecordAny>[] };
      return results;
    } catch (cause) {
      throw unwellOf(cause);
    }
  }
}

/** A list of strings in Meilisearch's filter language. */
export const listOf = (values: readonly string[]): string => `[${values.map((value) => JSON.stringify(value)).join(', ')}]`;

/** Quotation marks and minus signs would ask something else. */
const wordsOf = (text: string): string => text.split(/[^\p{L}\p{N}\p{M}]+/u).filter((word) => word !== '').slice(0, wordsOfProof).join(' ');

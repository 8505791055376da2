import { searchArchive, type ArchiveFilter, type ArchiveHit, type ArchivePage } from '#src/contract/archive.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { Store } from '../../client/store.ts';
import { emptyFilter } from './filter-state.ts';
import { faultOf, faultOfRefusal, plainQuotes, type QueryFault } from './query-grammar.ts';

export type SearchState = {
  readonly query: string;
  readonly filter: ArchiveFilter;
  readonly oldestFirst: boolean;
  /** `untouched`: nothing has been looked at yet. */
  readonly phase: 'untouched' | 'running' | 'answered' | 'failed';
  /** What the page answers: the query box may have moved on meanwhile. An export asks for exactly this. */
  readonly asked: { readonly query: string; readonly filter: ArchiveFilter } | undefined;
  /** The latest first page: counts, facets and how complete they are. Stays on screen while the next one is awaited. */
  readonly page: ArchivePage | undefined;
  readonly hits: readonly ArchiveHit[];
  readonly next: string | null;
  readonly more: 'idle' | 'running' | 'failed';
  readonly fault: QueryFault | undefined;
  readonly failure: Refusal | undefined;
};

/** Every search is a look that is recorded, so several ticks in a row become one. */
const ticksRestMs = 350;

/** One officer's searching inside one inquiry. Answers that were overtaken by a newer search are dropped. */
export class InquirySearch {
  readonly state = new Store<SearchState>({ query: '', filter: emptyFilter, oldestFirst: false, phase: 'untouched', asked: undefined, page: undefined, hits: [], next: null, more: 'idle', fault: undefined, failure: undefined });
  readonly #inquiry: string;
  /** Names learned from facets and hits, for chips whose row has gone. */
  readonly #names = new Map<string, string>();
  #turn = 0;
  #rest: ReturnType<typeof setTimeout> | undefined;

  constructor(inquiry: string) {
    this.#inquiry = inquiry;
  }

  #patch(change: Partial<SearchState>): void {
    this.state.set({ ...this.state.value, ...change });
  }

  /** The name that stands for a person or a conversation, as last heard. */
  nameOf(value: string): string {
    return this.#names.get(value) ?? '…';
  }
  learn(value: string, name: string): void {
    this.#names.set(value, name);
  }

  /** Typing searches nothing; it only takes the old complaint away. */
  type(query: string): void {
    this.#patch({ query, fault: undefined });
  }

  /** Ticks rest a moment and then search; before the first search they only wait for it. */
  filter(filter: ArchiveFilter): void {
    this.#patch({ filter });
    if (this.state.value.phase !== 'untouched') this.#soon();
  }
  order(oldestFirst: boolean): void {
    this.#patch({ oldestFirst });
    if (this.state.value.phase !== 'untouched') void this.run();
  }

  #soon(): void {
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => void this.run(), ticksRestMs);
  }

  /** Searches from the first page. Resolves when the answer, or a refusal, is in the state. */
  async run(): Promise<void> {
    clearTimeout(this.#rest);
    const { query, filter, oldestFirst } = this.state.value;
    const fault = faultOf(query);
    if (fault) return this.#patch({ fault });
    const turn = ++this.#turn;
    const asked = { query: plainQuotes(query), filter };
    this.#patch({ phase: 'running', fault: undefined, failure: undefined, more: 'idle' });
    const answer = await call(searchArchive, { inquiry: this.#inquiry, ...asked, oldestFirst }, { once: true });
    if (turn !== this.#turn) return;
    if (answer.ok) {
      this.#remember(answer.output);
      return this.#patch({ phase: 'answered', asked, page: answer.output, hits: answer.output.hits, next: answer.output.next });
    }
    const unreadable = answer.code === 'query-unreadable';
    this.#patch({ phase: this.state.value.page ? 'answered' : unreadable ? 'untouched' : 'failed', ...(unreadable ? { fault: faultOfRefusal(query, answer.sentence) } : { failure: answer }) });
  }

  /** The next page of the same result, after what is shown. */
  async loadMore(): Promise<void> {
    const { asked, next, oldestFirst } = this.state.value;
    if (!asked || next === null || this.state.value.more === 'running') return;
    const turn = this.#turn;
    this.#patch({ more: 'running' });
    const answer = await call(searchArchive, { inquiry: this.#inquiry, ...asked, oldestFirst, next }, { once: true });
    if (turn !== this.#turn) return;
    if (!answer.ok) return this.#patch({ more: 'failed' });
    this.#remember(answer.output);
    this.#patch({ more: 'idle', hits: [...this.state.value.hits, ...answer.output.hits], next: answer.output.next });
  }

  #remember(page: ArchivePage): void {
    for (const { value, name } of [...page.facets.people, ...page.facets.conversations]) this.#names.set(value, name);
    for (const hit of page.hits) this.#names.set(hit.author, hit.authorName).set(hit.conversationId, hit.conversationTitle);
  }

  stop(): void {
    clearTimeout(this.#rest);
    this.#turn += 1;
  }
}

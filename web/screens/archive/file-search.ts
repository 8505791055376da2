import { searchFiles, type ArchivedFile, type FileFilter } from '#src/contract/files.ts';
import type { InputOf, OutputOf } from '#src/contract/endpoint.ts';
import type { Refusal } from '../../client/answer.ts';
import { call } from '../../client/call.ts';
import { Store } from '../../client/store.ts';
import { noFileFilter, withEnd } from './file-filter-state.ts';

type Page = OutputOf<typeof searchFiles>;
type Asked = Required<Pick<InputOf<typeof searchFiles>, 'name' | 'words' | 'filter'>>;
export type FileSearchState = {
  readonly name: string;
  /** To be found inside. */
  readonly words: string;
  readonly filter: FileFilter;
  readonly phase: 'untouched' | 'running' | 'answered' | 'failed';
  /** The latest first page, and what it answers. */
  readonly page: (Page & { readonly answeredAt: number }) | undefined;
  readonly asked: Asked | undefined;
  readonly files: readonly ArchivedFile[];
  readonly next: number | null;
  readonly more: 'idle' | 'running' | 'failed';
  readonly failure: Refusal | undefined;
};

/** One officer's searching for files inside one inquiry. Each search is a look that is recorded, so it waits to be asked for. */
export class FileSearch {
  readonly state = new Store<FileSearchState>({ name: '', words: '', filter: noFileFilter, phase: 'untouched', page: undefined, asked: undefined, files: [], next: null, more: 'idle', failure: undefined });
  readonly #inquiry: string;
  /** Of people and conversations. */
  readonly #names = new Map<string, string>();
  #turn = 0;

  constructor(inquiry: string) {
    this.#inquiry = inquiry;
  }

  #patch(change: Partial<FileSearchState>): void {
    this.state.set({ ...this.state.value, ...change });
  }
  type(typed: Partial<Pick<FileSearchState, 'name' | 'words'>>): void {
    this.#patch(typed);
  }
  filter(filter: FileFilter): void {
    // What was not read has no words to be found by.
    this.#patch({ filter, ...(filter.unread && { words: '' }) });
    if (this.state.value.phase !== 'untouched') void this.run();
  }
  /** Those of the same scope whose words could not be looked through, each with its reason. */
  listUnread(): void {
    this.filter({ ...this.state.value.filter, unread: true });
  }
  learn(id: string, name: string): void {
    this.#names.set(id, name);
  }
  nameOf(id: string): string {
    return this.#names.get(id) ?? '…';
  }

  /** Searches from the first page. Resolves when the answer, or a refusal, is in the state. */
  async run(): Promise<void> {
    const { name, words, page } = this.state.value;
    const filter = words.trim() === '' ? this.state.value.filter : withEnd(this.state.value.filter, 'unread', undefined);
    const turn = ++this.#turn;
    const asked: Asked = { name: name.trim(), words: words.trim(), filter };
    this.#patch({ filter, phase: 'running', failure: undefined, more: 'idle' });
    const answer = await call(searchFiles, { inquiry: this.#inquiry, ...asked }, { once: true });
    if (turn !== this.#turn) return;
    if (!answer.ok) return this.#patch({ phase: page ? 'answered' : 'failed', failure: answer });
    this.#remember(answer.output);
    this.#patch({ phase: 'answered', asked, page: { ...answer.output, answeredAt: Date.now() }, files: answer.output.files, next: answer.output.next });
  }
  /** The next page of the same result, after what is shown. */
  async loadMore(): Promise<void> {
    const { asked, next, more, files } = this.state.value;
    if (!asked || next === null || more === 'running') return;
    const turn = this.#turn;
    this.#patch({ more: 'running' });
    const answer = await call(searchFiles, { inquiry: this.#inquiry, ...asked, next }, { once: true });
    if (turn !== this.#turn) return;
    if (!answer.ok) return this.#patch({ more: 'failed' });
    this.#remember(answer.output);
    this.#patch({ more: 'idle', files: [...files, ...answer.output.files], next: answer.output.next });
  }
  #remember({ files }: Page): void {
    for (const { author, authorName, conversationId, conversationTitle } of files) this.#names.set(author, authorName).set(conversationId, conversationTitle);
  }
  stop(): void {
    this.#turn += 1;
  }
}

import { readDirectory, type Person } from '#src/contract/accounts.ts';
import { call } from './call.ts';
import { Store } from './store.ts';

const fold = (text: string): string => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();

type Entry = { readonly person: Person; readonly folded: string; readonly signInName: string };

/** How well a name answers what was typed: 0 not at all, 4 its beginning. `typed` is folded. */
const matchOf = ({ folded, signInName }: Entry, typed: string): number => {
  const place = folded.indexOf(typed);
  if (place === 0) return 4;
  if (signInName.startsWith(typed)) return 3.5;
  if (place > 0) return /[\s._-]/.test(folded[place - 1]!) ? 3 : 1;
  return signInName.includes(typed) ? 1 : 0;
};

/** Every name this workspace knows, kept here so that names are shown and found without asking. */
export class Directory {
  /** Counts up whenever names have come or changed. */
  readonly version = new Store(0);
  readonly #people = new Map<string, Entry>();
  #position = -1;
  #loading: Promise<void> | undefined;

  /** Loads what is new since the last time; calls that overlap share one reading. */
  load(): Promise<void> {
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined));
    return this.#loading;
  }

  async #load(): Promise<void> {
    const answer = await call(readDirectory, { since: this.#position }, { overHttp: true });
    if (!answer.ok) return;
    for (const person of answer.output.people) this.#people.set(person[0], { person, folded: fold(person[1]), signInName: person[2] ?? '' });
    this.#position = answer.output.position;
    if (answer.output.people.length > 0) this.version.set(this.version.value + 1);
  }

  clear(): void {
    this.#people.clear();
    this.#position = -1;
    this.version.set(this.version.value + 1);
  }

  get size(): number {
    return this.#people.size;
  }

  person(account: string): Person | undefined {
    return this.#people.get(account)?.person;
  }

  /** The display name; an ellipsis while it is not known yet. */
  nameOf(account: string): string {
    return this.#people.get(account)?.person[1] ?? '…';
  }

  /**
   * People whose name or sign-in name has what was typed at the start of a word, or anywhere, best first. `first` come
   * before everybody who matches as well; `only` narrows.
   */
  find(typed: string, { most = 20, first, only }: { most?: number; first?: ReadonlySet<string>; only?: (person: Person) => boolean } = {}): Person[] {
    const wanted = fold(typed.trim());
    const found: [number, Entry][] = [];
    for (const entry of this.#people.values()) {
      const match = wanted === '' ? 1 : matchOf(entry, wanted);
      if (match > 0 && (!only || only(entry.person))) found.push([match + (first?.has(entry.person[0]) ? 10 : 0) - (entry.person[3] === 'e' ? 0 : 0.4), entry]);
    }
    found.sort((a, b) => b[0] - a[0] || (a[1].folded < b[1].folded ? -1 : 1));
    return found.slice(0, most).map(([, entry]) => entry.person);
  }
}

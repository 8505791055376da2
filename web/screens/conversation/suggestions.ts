import { html, type TemplateResult } from 'lit';
import { findEmoji, loadEmoji, type Emoji } from '../../client/emoji.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import { insert, mayTake, type Asked, type Field } from './composer-text.ts';

/** One thing that can be put in at the caret. `picked`: the person it names. */
export type Suggestion = { readonly label: string; readonly aside: string; readonly puts: string; readonly picked?: readonly [name: string, account: string]; readonly face?: string; readonly emoji?: string };

const shownMax = 8;

/** What is offered while somebody types `@` or `:`; from local data, so that it is there with the key. */
export class Suggestions {
  asked: Asked | undefined;
  items: readonly Suggestion[] = [];
  chosen = 0;
  #moved = false;
  #emoji: readonly Emoji[] | undefined;
  readonly #changed: () => void;

  constructor(changed: () => void) {
    this.#changed = changed;
  }

  look(asked: Asked | undefined, members: ReadonlySet<string>): void {
    const isSame = asked && this.asked && asked.from === this.asked.from && asked.typed === this.asked.typed;
    this.asked = asked;
    if (isSame) return;
    this.chosen = 0;
    this.#moved = false;
    this.items = !asked ? [] : asked.sign === '@' ? peopleFor(asked.typed, members) : this.#emojiFor(asked.typed, members);
  }

  get isOpen(): boolean {
    return this.items.length > 0;
  }
  /** Does Enter belong to the list now? */
  get takesEnter(): boolean {
    return this.isOpen && this.asked !== undefined && mayTake(this.asked, this.#moved);
  }

  move(by: number): void {
    this.#moved = true;
    this.chosen = (this.chosen + by + this.items.length) % this.items.length;
  }
  close(): void {
    this.items = [];
  }

  /** The field after taking an item. */
  take(field: Field, item: Suggestion): Field {
    const { from, to } = this.asked!;
    this.items = [];
    return insert({ ...field, from, to }, `${item.puts} `);
  }

  #emojiFor(typed: string, members: ReadonlySet<string>): readonly Suggestion[] {
    if (this.#emoji) return findEmoji(this.#emoji, typed, shownMax).map(({ emoji, words }) => ({ label: `:${words[0] ?? ''}:`, aside: '', puts: emoji, emoji }));
    void loadEmoji().then((all) => {
      if (all.length === 0) return;
      this.#emoji = all;
      const { asked } = this;
      this.asked = undefined;
      this.look(asked, members);
      this.#changed();
    });
    return [];
  }
}

const peopleFor = (typed: string, members: ReadonlySet<string>): readonly Suggestion[] => {
  const { me } = workspace;
  const people = workspace.directory.find(typed, { most: shownMax, first: members, only: ([account, , , kind]) => account !== me?.account && (kind === 'e' || members.has(account)) });
  const found = people.map(([account, name, signInName]): Suggestion => ({
    label: name, face: account, puts: `@${name}`, picked: [name, account],
    aside: members.has(account) ? (signInName ?? '') : 'not in this conversation, will not be notified',
  }));
  const everyone: Suggestion = { label: 'everyone', aside: 'all who are in this conversation', puts: '@everyone', picked: ['everyone', 'everyone'] };
  return typed && 'everyone'.startsWith(typed.toLowerCase()) ? [...found.slice(0, shownMax - 1), everyone] : found;
};

/** The list over the composer. The options are pressed with the pointer down, so that the field keeps the focus. */
export const suggestionList = ({ items, chosen, asked }: Suggestions, take: (item: Suggestion) => void): TemplateResult => html`
  <ul class="suggestions" id="suggestions" role="listbox" aria-label=${asked?.sign === ':' ? 'Emoji' : 'People'} ?hidden=${items.length === 0}>
    ${items.map((item, n) => html`<li id=${`suggestion-${n}`} role="option" aria-selected=${n === chosen} @pointerdown=${(event: Event) => { event.preventDefault(); take(item); }}>
      ${item.face ? html`<hansard-avatar .name=${item.label} .key=${item.face} .size=${24}></hansard-avatar>` : html`<span class="glyph" aria-hidden="true">${item.emoji ?? '@'}</span>`}
      <span class="label" dir="auto">${item.label}</span><span class="beside">${item.aside}</span></li>`)}
  </ul>`;

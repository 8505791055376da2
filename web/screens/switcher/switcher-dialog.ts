import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { openDirect } from '#src/contract/conversations.ts';
import { isUnread } from '../../app/conversation-order.ts';
import { recentConversations } from '../../app/recent.ts';
import { navigate, pathOfConversation, pathOfSearch, route } from '../../app/router.ts';
import { call } from '../../client/call.ts';
import { instantIsOff } from '../../client/instant-is-off.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import type { HansardDialog } from '../../elements/hansard-dialog.ts';
import '../../elements/hansard-dialog.ts';
import { toast } from '../../elements/hansard-toasts.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { findBest, type Match, type Prepared } from './fuzzy.ts';
import type { InstantPart, InstantPlace } from './instant-places.ts';
import { everyPlace, type Place } from './places.ts';

const mostShown = 14;
/** Beside what was said, which the server finds, names take half of the list. */
const mostNamesShown = 7;
const sayAfterMs = 700;

/** Ctrl+K: where is that person, group, channel or message? Opens with the conversation one was in before, so that Enter goes back and forth. */
export class SwitcherDialog extends LitElement {
  static override properties = { onlyPeople: { type: Boolean, attribute: 'only-people' }, typed: { state: true }, at: { state: true }, said: { state: true } };
  declare onlyPeople: boolean;
  declare typed: string;
  declare at: number;
  /** For those who listen, once typing has paused. */
  declare said: string;
  #instant: InstantPart | undefined;
  #saying: ReturnType<typeof setTimeout> | undefined;
  /** What the server found, below everything that is found here: nothing above it moves when it comes. */
  #beyond: readonly InstantPlace[] = [];
  #places: { readonly of: unknown; readonly version: number; readonly all: readonly Prepared<Place>[] } | undefined;
  readonly #recent = new Map(recentConversations().map((conversationId, n) => [conversationId, n]));

  constructor() {
    super();
    this.onlyPeople = false;
    this.typed = '';
    this.at = 0;
    this.said = '';
    new StoreController(this, workspace.conversations, workspace.directory.version, instantIsOff);
  }

  static override styles = [base, surfaces, css`
    .asked { display: flex; align-items: center; gap: 0.75rem; padding: 0.25rem var(--space-4); border-block-end: 1px solid var(--rule); color: var(--ink-2); }
    input { flex: 1; min-inline-size: 0; min-block-size: 2.75rem; border: 0; background: none; outline: none; font-size: var(--text-l); color: var(--ink); }
    input:focus-visible { outline: none; }
    input::placeholder { color: var(--ink-3); opacity: 1; }
    ul { flex: 1; min-block-size: 0; max-block-size: min(27rem, 62dvh); overflow-y: auto; padding: 0.375rem; scrollbar-width: thin; }
    li { display: flex; align-items: center; gap: 0.75rem; min-block-size: 2.375rem; padding: 0.1875rem 0.625rem; border-radius: var(--round-m); cursor: pointer; scroll-margin-block: 0.375rem; }
    li[aria-selected="true"] { background: var(--accent-soft); --avatar-surface: var(--accent-soft); }
    .sign { display: grid; place-items: center; inline-size: 24px; color: var(--ink-3); }
    .name { flex: 0 1 auto; }
    .name b { font-weight: 700; color: var(--accent); }
    .unread .name { font-weight: 600; }
    .hint { flex: 0 2 auto; font-size: var(--text-s); color: var(--ink-3); }
    .end { margin-inline-start: auto; }
    footer { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; padding: 0.5rem var(--space-4); border-block-start: 1px solid var(--rule); font-size: var(--text-s); color: var(--ink-3); }
    .said { flex: 1; min-inline-size: 0; }
    .by { font-size: var(--text-s); color: var(--ink-3); }
    .who { padding: 0.5rem var(--space-4); border-block-start: 1px solid var(--rule); background: var(--sunken); font-size: var(--text-s); color: var(--ink-2); }
    .none { padding: 0.75rem 0.625rem; color: var(--ink-2); cursor: default; }
    @media (max-width: 719px) { ul { max-block-size: none; } footer, .asked kbd { display: none; } }
    @media (forced-colors: active) { li[aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -2px; } }
  `];

  #all(): readonly Prepared<Place>[] {
    const of = workspace.conversations.value;
    const version = workspace.directory.version.value;
    if (this.#places?.of !== of || this.#places?.version !== version) this.#places = { of, version, all: everyPlace(this.onlyPeople) };
    return this.#places!.all;
  }
  /** Where one was last, what is unread, and one's own come before strangers. */
  #lift = (place: Place): number => {
    const here = route.value.screen === 'conversation' ? route.value.conversationId : undefined;
    const { row } = place;
    if (!row) return place.person && place.person[3] !== 'e' ? -40 : 0;
    const visit = this.#recent.get(row.conversationId);
    const recency = visit === undefined ? 0 : 60 - visit;
    if (this.typed.trim() !== '') return 30 + recency / 2 + (isUnread(row) ? 20 : 0);
    if (row.conversationId === here) return -1_000;
    const isLast = [...this.#recent.keys()].find((conversationId) => conversationId !== here) === row.conversationId;
    return 100 + recency + (isUnread(row) ? 200 : 0) + (isLast ? 1_000 : 0);
  };
  get #found(): readonly Match<Place>[] {
    return findBest(this.#all(), this.typed, this.#canSearch && !instantIsOff.value ? mostNamesShown : mostShown, this.#lift);
  }

  #type = async (event: InputEvent): Promise<void> => {
    this.typed = (event.target as HTMLInputElement).value;
    this.at = 0;
    if (this.onlyPeople) return;
    const script: { readonly InstantPart: typeof InstantPart } | undefined = this.#instant ? undefined : await import('./instant-places.ts'); // Undefined where it did not come.
    if (script) this.#instant ??= new script.InstantPart(() => this.#foundMore());
    if (this.isConnected) this.#instant?.finder.type(this.typed);
  };
  /** What was chosen stays chosen, where it is still there. */
  #foundMore(): void {
    const above = this.#found;
    const chosen = this.#beyond[this.at - above.length - 1]?.key;
    const { places, aloud } = this.#instant!.beyond(new Set(above.flatMap(({ item }) => [item.key, ...(item.person ? [item.person[0]] : [])])));
    this.#beyond = places;
    if (chosen !== undefined) this.at = above.length + 1 + places.findIndex(({ key }) => key === chosen);
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => (this.said = aloud), sayAfterMs);
    this.requestUpdate();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#instant?.finder.stop();
    clearTimeout(this.#saying);
  }

  #close(): void {
    this.renderRoot.querySelector<HansardDialog>('hansard-dialog')?.close();
  }
  #go = async (place: Place | undefined): Promise<void> => {
    this.#close();
    if (!place) return navigate(pathOfSearch(this.typed.trim()));
    if (place.row) return navigate(pathOfConversation(place.row.conversationId));
    const [account, name, , kind] = place.person!;
    if (kind === 'n' || kind === 'g') return navigate(pathOfSearch(`from:"${name}"`));
    const answer = await call(openDirect, { with: account });
    if (answer.ok) navigate(pathOfConversation(answer.output.conversationId));
    else toast(answer.sentence, { danger: true });
  };
  #key = (event: KeyboardEvent): void => {
    const rows = this.#found.length + (this.#canSearch ? 1 + this.#beyond.length : 0);
    if (event.isComposing || rows === 0) return;
    if (event.key === 'ArrowDown') this.at = (this.at + 1) % rows;
    else if (event.key === 'ArrowUp') this.at = (this.at - 1 + rows) % rows;
    else if (event.key === 'Enter') this.#choose(this.at);
    else return;
    event.preventDefault();
  };
  #choose(at: number): void {
    const place = this.#beyond[at - this.#found.length - 1];
    if (!place) return void this.#go(this.#found[at]?.item);
    this.#close();
    place.go();
  }
  get #canSearch(): boolean {
    return !this.onlyPeople && this.typed.trim() !== '';
  }
  override updated(): void {
    this.renderRoot.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }

  #name({ item, marks }: Match<Place>): TemplateResult {
    const marked = new Set(marks);
    const parts: { text: string; hit: boolean }[] = [];
    for (let n = 0; n < item.name.length; n++) {
      const last = parts.at(-1);
      if (last && last.hit === marked.has(n)) last.text += item.name[n];
      else parts.push({ text: item.name[n]!, hit: marked.has(n) });
    }
    return html`<span class="name one-line" dir="auto">${parts.map(({ text, hit }) => (hit ? html`<b>${text}</b>` : text))}</span>`;
  }
  #option = (match: Match<Place>, n: number): TemplateResult => {
    const { row, person, key, name, hint } = match.item;
    const forMe = row ? (row.kind === 'direct' ? row.unread : row.mentions) : 0;
    return html`<li id="place-${n}" role="option" aria-selected=${n === this.at} class=${row && isUnread(row) ? 'unread' : ''} @pointermove=${() => (this.at = n)} @click=${() => this.#go(match.item)}>
      ${row?.kind === 'channel' ? html`<span class="sign">${icon('hash')}</span>` : html`<hansard-avatar .name=${name} .key=${person?.[0] ?? key} .size=${24} ?square=${!person}></hansard-avatar>`}
      ${this.#name(match)}<span class="hint one-line">${hint}</span>
      ${row && isUnread(row) ? html`<span class="end count ${forMe > 0 ? 'strong' : ''}">${forMe > 0 ? forMe : row.unread > 999 ? '999+' : row.unread}<span class="seen-by-readers-only"> unread</span></span>` : nothing}</li>`;
  };

  #beyondNames(first: number): readonly TemplateResult[] {
    const words = html`<span class="sign">${icon('message-square-text')}</span><span class="name one-line">Search messages for “<bdi>${this.typed.trim()}</bdi>”</span>`;
    return [words, ...this.#beyond.map(({ shown }) => shown)].map((shown, n) => html`<li id="place-${first + n}" role="option" aria-selected=${this.at === first + n} @pointermove=${() => (this.at = first + n)} @click=${() => this.#choose(first + n)}>${shown}</li>`);
  }
  #who(): TemplateResult | typeof nothing {
    const says = this.#canSearch ? this.#instant?.exactInstead : undefined;
    return says ? html`<p class="who">${says}</p>` : nothing;
  }

  override render() {
    const found = this.#found;
    return html`<hansard-dialog bare heading=${this.onlyPeople ? 'Write to somebody' : 'Search or jump to'}>
      <div class="asked">${icon('search')}<input role="combobox" aria-label=${this.onlyPeople ? 'Name' : 'Person, group or channel'} aria-expanded="true" aria-controls="found" aria-autocomplete="list"
        aria-activedescendant=${found.length > 0 || this.#canSearch ? `place-${this.at}` : nothing} placeholder=${this.onlyPeople ? 'Name of a person' : 'Person, group or channel'} autocomplete="off" spellcheck="false" dir="auto" autofocus
        @input=${this.#type} @keydown=${this.#key}><kbd>Esc</kbd></div>
      <ul id="found" role="listbox" aria-label="Places">${found.map(this.#option)}
        ${this.#canSearch ? this.#beyondNames(found.length) : found.length === 0 ? html`<li class="none" role="option" aria-selected="false" aria-disabled="true">Nobody has a name like that.</li>` : nothing}</ul>
      <p class="seen-by-readers-only" role="status">${this.said}</p>
      ${this.#who()}
      <footer><span><kbd>↑</kbd> <kbd>↓</kbd> choose</span><span><kbd>Enter</kbd> go there</span><span><kbd>Esc</kbd> close</span></footer>
    </hansard-dialog>`;
  }
}
customElements.define('switcher-dialog', SwitcherDialog);

import { css, html, LitElement, nothing } from 'lit';
import type { Person } from '#src/contract/accounts.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';

const mostShown = 8;

/**
 * Picks people from the directory: chips for the picked, a combobox for the rest. `most` is how many more fit; `without` are in already. Fires `changed`
 * with the picked account ids.
 */
export class PeoplePicker extends LitElement {
  static override properties = { label: {}, help: {}, most: { type: Number }, without: { attribute: false }, picked: { attribute: false }, typed: { state: true }, at: { state: true }, open: { state: true } };
  declare label: string;
  declare help: string;
  declare most: number;
  declare without: readonly string[];
  declare picked: readonly string[];
  declare typed: string;
  declare at: number;
  declare open: boolean;

  constructor() {
    super();
    this.label = 'People';
    this.help = '';
    this.most = Infinity;
    this.without = [];
    this.picked = [];
    this.typed = '';
    this.at = 0;
    this.open = false;
    new StoreController(this, workspace.directory.version);
  }

  static override styles = [base, fields, surfaces, css`
    :host { display: block; }
    .box { display: flex; flex-wrap: wrap; gap: 0.3125rem; padding: 0.3125rem; min-block-size: 2.25rem; border: 1px solid var(--control); border-radius: var(--round-m); background: var(--raised); cursor: text; }
    .box:focus-within { outline: 2px solid var(--accent); outline-offset: -1px; border-color: var(--accent); }
    .chip { display: inline-flex; align-items: center; gap: 0.375rem; max-inline-size: 100%; padding: 0.0625rem 0.125rem 0.0625rem 0.25rem; border-radius: var(--round-full); background: var(--accent-soft); font-size: var(--text-s); }
    .chip button { display: grid; place-items: center; inline-size: 1.375rem; block-size: 1.375rem; border: 0; border-radius: 50%; background: none; color: var(--ink-2); cursor: pointer; }
    .chip button:hover { background: var(--hover); }
    input { flex: 1; min-inline-size: 8rem; border: 0; padding: 0 0.3125rem; background: none; outline: none; min-block-size: 1.5rem; }
    input:focus-visible { outline: none; }
    input::placeholder { color: var(--ink-3); opacity: 1; }
    @media (pointer: coarse) { .box { min-block-size: 2.75rem; } input { min-block-size: 2rem; font-size: max(1rem, var(--text-m)); } }
    .found { margin-block-start: 0.25rem; padding: 0.25rem; border: 1px solid var(--rule); border-radius: var(--round-m); max-block-size: 13.5rem; overflow-y: auto; }
    .found li { display: flex; align-items: center; gap: 0.625rem; padding: 0.25rem 0.5rem; border-radius: 6px; cursor: pointer; }
    .found li[aria-selected="true"] { background: var(--hover); }
    .found .sign-in { margin-inline-start: auto; font-size: var(--text-s); color: var(--ink-3); }
    .full { color: var(--notice-ink); }
  `];

  get #left(): number {
    return this.most - this.picked.length;
  }
  get #found(): readonly Person[] {
    if (!this.open || this.#left <= 0) return [];
    const out = new Set([...this.picked, ...this.without]);
    return workspace.directory.find(this.typed, { most: mostShown, only: ([account, , , kind]) => kind === 'e' && !out.has(account) });
  }
  #set(picked: readonly string[]): void {
    this.picked = picked;
    this.typed = '';
    this.at = 0;
    this.dispatchEvent(new CustomEvent('changed', { detail: picked }));
  }
  #pick(person: Person | undefined): void {
    if (!person) return;
    this.#set([...this.picked, person[0]]);
    this.renderRoot.querySelector('input')!.value = '';
  }
  #key = (event: KeyboardEvent): void => {
    const found = this.#found;
    if (event.isComposing) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.at = (this.at + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length);
    else if (event.key === 'Enter' && this.typed) this.#pick(found[this.at]);
    else if (event.key === 'Backspace' && this.typed === '' && this.picked.length > 0) return this.#set(this.picked.slice(0, -1));
    else if (event.key === 'Escape' && this.typed) {
      this.typed = '';
      this.renderRoot.querySelector('input')!.value = '';
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  #input = (event: InputEvent): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.at = 0;
    this.open = true;
  };

  override focus(): void {
    this.renderRoot.querySelector('input')?.focus();
  }

  override render() {
    const found = this.#found;
    const says = this.#left <= 0 ? `That is as many as fit.` : this.help;
    return html`<div class="field">
      <span class="name" id="label">${this.label}</span>
      <div class="box" @click=${() => this.focus()}>
        ${this.picked.map((account) => html`<span class="chip"><hansard-avatar .name=${workspace.directory.nameOf(account)} .key=${account} .size=${20}></hansard-avatar><span class="one-line" dir="auto">${workspace.directory.nameOf(account)}</span>
          <button type="button" aria-label="Take ${workspace.directory.nameOf(account)} out" @click=${() => this.#set(this.picked.filter((one) => one !== account))}>${icon('x', 14)}</button></span>`)}
        <input role="combobox" aria-labelledby="label" aria-expanded=${found.length > 0} aria-controls="found" aria-autocomplete="list" aria-activedescendant=${found[this.at] ? `found-${this.at}` : nothing}
          autocomplete="off" spellcheck="false" dir="auto" placeholder=${this.picked.length === 0 ? 'Type a name' : ''} ?disabled=${this.#left <= 0} @input=${this.#input} @focus=${() => (this.open = true)} @keydown=${this.#key}>
      </div>
      <ul class="found" id="found" role="listbox" aria-label="Found" ?hidden=${found.length === 0}>${found.map(([account, name, signIn], n) => html`
        <li id="found-${n}" role="option" aria-selected=${n === this.at} @pointermove=${() => (this.at = n)} @mousedown=${(event: Event) => event.preventDefault()} @click=${() => this.#pick(found[n])}>
          <hansard-avatar .name=${name} .key=${account} .size=${24}></hansard-avatar><span class="one-line" dir="auto">${name}</span><span class="sign-in">${signIn ?? ''}</span></li>`)}</ul>
      ${says ? html`<span class="help ${this.#left <= 0 ? 'full' : ''}">${says}</span>` : nothing}
    </div>`;
  }
}
customElements.define('people-picker', PeoplePicker);

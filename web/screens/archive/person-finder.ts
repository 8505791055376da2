import { css, html, LitElement, nothing } from 'lit';
import type { Person } from '#src/contract/accounts.ts';
import { StoreController } from '../../client/store.ts';
import { workspace } from '../../client/workspace.ts';
import '../../elements/hansard-avatar.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { fields } from '../../styles/fields.ts';
import { surfaces } from '../../styles/surfaces.ts';
import { archiveStyles } from './archive-styles.ts';

const shownMax = 6;

/** Finds one person of the directory by name. Fires `found` with { account, name }. */
export class PersonFinder extends LitElement {
  static override properties = { label: {}, placeholder: {}, typed: { state: true }, active: { state: true } };
  declare label: string;
  declare placeholder: string;
  declare typed: string;
  declare active: number;

  constructor() {
    super();
    this.label = 'Find a person';
    this.placeholder = 'Add a person';
    this.typed = '';
    this.active = 0;
    new StoreController(this, workspace.directory.version);
  }

  static override styles = [base, fields, surfaces, archiveStyles, css`
    :host { display: block; position: relative; }
    .input { unicode-bidi: plaintext; min-block-size: 2.125rem; font-size: var(--text-s); }
    [role="listbox"] { position: absolute; z-index: 3; inset-inline: 0; inset-block-start: calc(100% + 4px); padding: 0.25rem; border: 1px solid var(--rule); border-radius: 10px; background: var(--raised); box-shadow: var(--shadow); --avatar-surface: var(--raised); }
    [role="option"] { display: flex; align-items: center; gap: var(--space-2); min-block-size: var(--control-height); padding: 0.125rem 0.375rem; border-radius: 6px; font-size: var(--text-s); cursor: pointer; }
    [aria-selected="true"] { background: var(--officer-soft); }
    .nobody { padding: 0.375rem; color: var(--ink-3); font-size: var(--text-s); }
    @media (forced-colors: active) { [aria-selected="true"] { outline: 2px solid Highlight; outline-offset: -2px; } }
  `];

  get #found(): readonly Person[] {
    return this.typed.trim() === '' ? [] : workspace.directory.find(this.typed, { most: shownMax });
  }
  #choose(person: Person | undefined): void {
    if (!person) return;
    this.typed = '';
    this.dispatchEvent(new CustomEvent('found', { detail: { account: person[0], name: person[1] } }));
  }
  #key = (event: KeyboardEvent): void => {
    const found = this.#found;
    if (event.isComposing || this.typed === '') return;
    if (event.key === 'ArrowDown') this.active = Math.min(this.active + 1, found.length - 1);
    else if (event.key === 'ArrowUp') this.active = Math.max(this.active - 1, 0);
    else if (event.key === 'Enter') this.#choose(found[this.active]);
    else if (event.key === 'Escape') this.typed = '';
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  #type = (event: Event): void => {
    this.typed = (event.target as HTMLInputElement).value;
    this.active = 0;
  };

  override render() {
    const found = this.#found;
    const open = this.typed.trim() !== '';
    return html`<div class="officer-blue"><label class="search-box">${icon('search', 16)}
        <input class="input" role="combobox" aria-label=${this.label} aria-expanded=${open} aria-controls="found" aria-autocomplete="list" aria-activedescendant=${open && found.length > 0 ? `person-${this.active}` : ''}
          placeholder=${this.placeholder} autocomplete="off" .value=${this.typed} @input=${this.#type} @keydown=${this.#key} @blur=${() => (this.typed = '')}></label>
      ${open ? html`<div role="listbox" id="found" aria-label="People">${found.map((person, n) => html`
        <div role="option" id="person-${n}" aria-selected=${n === this.active} @pointerdown=${(event: Event) => { event.preventDefault(); this.#choose(person); }}>
          <hansard-avatar .name=${person[1]} .key=${person[0]} .size=${20} aria-hidden="true"></hansard-avatar><span class="one-line" dir="auto">${person[1]}</span>${person[3] === 'n' ? html`<span class="tag">Imported</span>` : nothing}</div>`)}
        ${found.length === 0 ? html`<div class="nobody" role="option" aria-selected="false" aria-disabled="true">Nobody of this name.</div>` : nothing}</div>` : nothing}</div>`;
  }
}
customElements.define('person-finder', PersonFinder);

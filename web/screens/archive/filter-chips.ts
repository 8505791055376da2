import { css, html, LitElement } from 'lit';
import type { ArchiveFilter } from '#src/contract/archive.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { emptyFilter, kindNames, stateNames, toggled, withSpan } from './filter-state.ts';
import { spanOf } from './record-times.ts';

type Chip = { readonly says: string; readonly without: ArchiveFilter };

const chipsOf = (filter: ArchiveFilter, nameOf: (value: string) => string): Chip[] => [
  ...filter.kinds.map((kind) => ({ says: kindNames[kind], without: toggled(filter, 'kinds', kind) })),
  ...filter.states.map((state) => ({ says: stateNames[state], without: toggled(filter, 'states', state) })),
  ...filter.people.map((person) => ({ says: `from ${nameOf(person)}`, without: toggled(filter, 'people', person) })),
  ...filter.conversations.map((conversation) => ({ says: `in ${nameOf(conversation)}`, without: toggled(filter, 'conversations', conversation) })),
  ...(filter.from === undefined && filter.until === undefined ? [] : [{ says: spanOf(filter.from, filter.until), without: withSpan(filter, undefined, undefined) }]),
];

/** What narrows the result, each to be taken away by a press. Fires `filtered`. */
export class FilterChips extends LitElement {
  static override properties = { filter: { attribute: false }, nameOf: { attribute: false } };
  declare filter: ArchiveFilter;
  declare nameOf: (value: string) => string;

  constructor() {
    super();
    this.filter = emptyFilter;
    this.nameOf = (value) => value;
  }

  static override styles = [base, buttons, css`
    :host { display: block; }
    ul { display: flex; flex-wrap: wrap; align-items: center; gap: 0.375rem; }
    li { max-inline-size: 100%; }
    .chip { display: flex; align-items: center; gap: 0.375rem; max-inline-size: min(20rem, 100%); min-block-size: 1.5rem; padding: 0 0.375rem 0 0.5rem; border: 0; border-radius: 6px; background: var(--officer-soft); color: var(--officer); font-size: var(--text-s); font-weight: 600; cursor: pointer; }
    .chip:hover { background: color-mix(in oklch, var(--officer) 16%, var(--officer-soft)); }
    .button.small { min-block-size: 1.5rem; }
    :focus-visible { outline-color: var(--officer); }
    @media (pointer: coarse) { .chip, .button.small { min-block-size: 2.75rem; } }
    @media (forced-colors: active) { .chip { border: 1px solid ButtonBorder; } }
  `];

  #fire(filter: ArchiveFilter): void {
    this.dispatchEvent(new CustomEvent('filtered', { detail: filter }));
  }
  override render() {
    return html`<ul aria-label="Filters">${chipsOf(this.filter, this.nameOf).map((chip) => html`
      <li><button class="chip" aria-label="Remove the filter ${chip.says}" @click=${() => this.#fire(chip.without)}><span class="one-line" dir="auto">${chip.says}</span>${icon('x', 14)}</button></li>`)}
      <li><button class="button quiet small" @click=${() => this.#fire(emptyFilter)}>Clear</button></li></ul>`;
  }
}
customElements.define('filter-chips', FilterChips);

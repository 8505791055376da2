import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import type { FileFilter } from '#src/contract/files.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from './archive-styles.ts';
import { bytesIn, hashIn, megabytesOf, noFileFilter, withEnd, type Optional } from './file-filter-state.ts';
import { dayAfter, dayFrom, firstDayOf, lastDayOf } from './filter-state.ts';
import './person-finder.ts';

const office = ['vnd.openxmlformats-officedocument.wordprocessingml.document', 'vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'vnd.openxmlformats-officedocument.presentationml.presentation', 'vnd.oasis.opendocument.text', 'vnd.oasis.opendocument.spreadsheet', 'vnd.oasis.opendocument.presentation', 'msword', 'vnd.ms-excel', 'vnd.ms-powerpoint', 'rtf', 'x-cfb'].map((name) => `application/${name}`);
/** Families and types as people call them; a family ends with a slash. Together at most 20, as the contract allows. */
const types: readonly (readonly [words: string, types: readonly string[]])[] = [
  ['Pictures', ['image/']], ['Sound', ['audio/']], ['Video', ['video/']], ['PDF', ['application/pdf']], ['Text', ['text/']], ['Office documents', office], ['Archives', ['application/zip', 'application/gzip', 'application/x-7z-compressed']],
];
/** What narrows a search for files: sender, conversation, type, size, hash, days, and whether it was read inside. Fires `filtered` with the new filter, `learned` with a name. */
export class FileFilters extends LitElement {
  static override properties = { filter: { attribute: false }, nameOf: { attribute: false }, badHash: { state: true } };
  declare filter: FileFilter;
  declare nameOf: (account: string) => string;
  declare badHash: boolean;

  constructor() {
    super();
    this.filter = noFileFilter;
    this.nameOf = (account) => account;
    this.badHash = false;
  }

  static override styles = [base, buttons, fields, archiveStyles, css`
    :host { display: block; padding: var(--space-3) var(--space-4) var(--space-5); }
    section { padding-block-end: var(--space-4); }
    h2 { padding-block-end: 0.25rem; }
    label.row { display: flex; align-items: center; gap: 0.5625rem; min-block-size: 1.6875rem; font-size: var(--text-s); cursor: pointer; }
    .tick { inline-size: 0.9375rem; block-size: 0.9375rem; }
    .ends { display: grid; gap: 0.375rem; }
    .ends label { display: grid; grid-template-columns: 4.75rem minmax(0, 1fr); align-items: center; }
    .input { font-size: var(--text-s); padding: 0.125rem 0.5rem; min-block-size: 1.875rem; min-inline-size: 0; }
    .hash { font-family: var(--font-code); font-size: var(--text-xs); }
    .chip { display: flex; align-items: center; gap: 0.375rem; max-inline-size: 100%; min-block-size: 1.5rem; margin-block-start: 0.375rem; padding: 0 0.375rem 0 0.5rem; border: 0; border-radius: 6px; background: var(--officer-soft); color: var(--officer); font-size: var(--text-s); font-weight: 600; cursor: pointer; }
    @media (pointer: coarse) { label.row, .input, .chip { min-block-size: 2.75rem; } .tick { inline-size: 1.25rem; block-size: 1.25rem; } }
    @media (forced-colors: active) { .chip { border: 1px solid ButtonBorder; } }
  `];

  #fire(filter: FileFilter): void {
    this.dispatchEvent(new CustomEvent('filtered', { detail: filter }));
  }
  #end<K extends Optional>(name: K, read: (value: string) => FileFilter[K] | undefined): (event: Event) => void {
    return (event) => this.#fire(withEnd(this.filter, name, read((event.target as HTMLInputElement).value)));
  }
  readonly #found = ({ detail }: CustomEvent<{ account: string; name: string }>): void => {
    this.dispatchEvent(new CustomEvent('learned', { detail }));
    if (!this.filter.senders.includes(detail.account)) this.#fire({ ...this.filter, senders: [...this.filter.senders, detail.account] });
  };
  readonly #hash = (event: Event): void => {
    const hash = hashIn((event.target as HTMLInputElement).value);
    this.badHash = hash === null;
    if (hash !== null) this.#fire(withEnd(this.filter, 'hash', hash));
  };

  #types(): TemplateResult {
    const { filter } = this;
    return html`${types.map(([words, its]) => {
      const ticked = its.every((one) => filter.types.includes(one));
      const next = filter.types.filter((one) => !its.includes(one));
      return html`<label class="row"><input class="tick" type="checkbox" .checked=${ticked} @change=${() => this.#fire({ ...filter, types: ticked ? next : [...next, ...its] })}>${words}</label>`;
    })}`;
  }

  override render() {
    const { filter } = this;
    return html`<div class="officer-blue">
      <section aria-labelledby="type"><h2 class="section-title" id="type">Type, as the bytes show it</h2>${this.#types()}</section>
      <section aria-labelledby="sender"><h2 class="section-title" id="sender">Sender</h2>
        <person-finder label="Find a sender" placeholder="Add a sender" @found=${this.#found}></person-finder>
        ${filter.senders.map((account) => html`<button class="chip" aria-label="Remove the sender ${this.nameOf(account)}" @click=${() => this.#fire({ ...filter, senders: filter.senders.filter((one) => one !== account) })}><span class="one-line" dir="auto">${this.nameOf(account)}</span>${icon('x', 14)}</button>`)}</section>
      ${filter.conversations.length === 0 ? nothing : html`<section aria-labelledby="place"><h2 class="section-title" id="place">Conversation</h2>
        ${filter.conversations.map((conversation) => html`<button class="chip" aria-label="Remove the conversation ${this.nameOf(conversation)}" @click=${() => this.#fire({ ...filter, conversations: filter.conversations.filter((one) => one !== conversation) })}><span class="one-line" dir="auto">${this.nameOf(conversation)}</span>${icon('x', 14)}</button>`)}</section>`}
      <section aria-labelledby="inside"><h2 class="section-title" id="inside">Words inside</h2>
        <label class="row"><input class="tick" type="checkbox" .checked=${filter.unread === true} @change=${() => this.#fire(withEnd(filter, 'unread', filter.unread ? undefined : true))}>Only what was not read, or not all</label></section>
      <section aria-labelledby="size"><h2 class="section-title" id="size">Size <span class="small">MB</span></h2><div class="ends">
        <label><span class="small">From</span><input class="input" inputmode="decimal" .value=${megabytesOf(filter.sizeFrom)} @change=${this.#end('sizeFrom', bytesIn)}></label>
        <label><span class="small">To</span><input class="input" inputmode="decimal" .value=${megabytesOf(filter.sizeTo)} @change=${this.#end('sizeTo', bytesIn)}></label></div></section>
      <section aria-labelledby="hash"><h2 class="section-title" id="hash">SHA-256 of the file</h2>
        <input class="input hash" aria-labelledby="hash" aria-invalid=${this.badHash} aria-describedby="hash-form" spellcheck="false" autocomplete="off" .value=${filter.hash ?? ''} @change=${this.#hash}>
        <p class=${this.badHash ? 'fault' : 'small'} id="hash-form">${this.badHash ? '64 hexadecimal digits are needed; this is not used.' : '64 hexadecimal digits.'}</p></section>
      <section aria-labelledby="days"><h2 class="section-title" id="days">Dates <span class="small">UTC days</span></h2><div class="ends">
        <label><span class="small">From</span><input class="input" type="date" max=${lastDayOf(filter.until) || nothing} .value=${firstDayOf(filter.from)} @change=${this.#end('from', dayFrom)}></label>
        <label><span class="small">To, included</span><input class="input" type="date" min=${firstDayOf(filter.from) || nothing} .value=${lastDayOf(filter.until)} @change=${this.#end('until', (value) => dayAfter(dayFrom(value)))}></label></div></section>
    </div>`;
  }
}
customElements.define('file-filters', FileFilters);

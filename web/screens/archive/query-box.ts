import { css, html, LitElement, nothing } from 'lit';
import { limits } from '#src/contract/limits.ts';
import { icon } from '../../elements/icons.ts';
import { base } from '../../styles/base.ts';
import { buttons } from '../../styles/buttons.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from './archive-styles.ts';
import { queryGrammar, withTerm, type QueryFault } from './query-grammar.ts';

/** Where there is room, the grammar lies open until the first search. */
const roomy = matchMedia('(min-width: 1100px)');

/**
 * The one query box, with the grammar behind a press and the fault underlined at its character. Fires `typed` (the text) and `asked`.
 * Nothing is searched while typing: every search is a look, and a look is recorded.
 */
export class QueryBox extends LitElement {
  static override properties = { query: {}, fault: { attribute: false }, running: { type: Boolean }, answered: { type: Boolean }, helping: { state: true } };
  declare query: string;
  declare fault: QueryFault | undefined;
  declare running: boolean;
  /** There is an answer on screen; the grammar gives it the room. */
  declare answered: boolean;
  declare helping: boolean;

  constructor() {
    super();
    this.query = '';
    this.fault = undefined;
    this.running = false;
    this.answered = false;
    this.helping = roomy.matches;
  }

  static override styles = [base, buttons, fields, archiveStyles, css`
    form { position: relative; }
    .box { position: relative; display: block; }
    .box > .icon { position: absolute; inset-inline-start: 0.75rem; inset-block-start: 50%; translate: 0 -50%; color: var(--ink-2); pointer-events: none; }
    .box > .input { block-size: 2.625rem; padding-inline: 2.375rem 5.25rem; font-size: var(--text-l); border-color: var(--control); }
    .input, .mirror { unicode-bidi: plaintext; text-align: start; }
    .mirror { position: absolute; inset-block-start: 0; inset-inline: calc(2.375rem + 1px) 5.25rem; block-size: 2.625rem; line-height: 2.625rem; font-size: var(--text-l); white-space: pre; overflow: hidden; color: transparent; pointer-events: none; }
    .mirror .place { text-decoration: underline wavy var(--danger) 2px; text-underline-offset: 0.3em; text-decoration-skip-ink: none; }
    .end { position: absolute; inset-inline-end: 0.3125rem; inset-block: 0; display: flex; align-items: center; gap: 0.125rem; }
    .end .icon-button { inline-size: 1.875rem; block-size: 1.875rem; }
    .fault { margin-block-start: var(--space-2); }
    .help { margin-block-start: var(--space-2); padding: var(--space-2) 0 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: 0 var(--space-4); }
    .help li { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: baseline; gap: var(--space-2); font-size: var(--text-s); color: var(--ink-2); padding-block: 0.125rem; }
    .help button { justify-self: start; font-family: var(--font-code); font-weight: 400; font-size: var(--text-xs); padding: 0.1875rem 0.375rem; background: var(--sunken); overflow-wrap: anywhere; }
    .help .note { display: block; grid-column: 1 / -1; padding-block-start: var(--space-2); }
    @media (pointer: coarse) { .help button { min-block-size: 2.75rem; } }
  `];

  get #input(): HTMLInputElement {
    return this.renderRoot.querySelector('input')!;
  }
  override focus(): void {
    void this.updateComplete.then(() => this.#input.focus());
  }
  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('answered') && this.answered) this.helping = false;
  }
  override updated(changed: Map<string, unknown>): void {
    if (!changed.has('fault') || !this.fault) return;
    this.#input.focus();
    this.#input.setSelectionRange(this.fault.from, this.fault.to);
    this.#scrolled();
  }

  #type = (text: string): void => {
    this.query = text;
    this.dispatchEvent(new CustomEvent('typed', { detail: text }));
  };
  #asked = (event: Event): void => {
    event.preventDefault();
    this.helping = false;
    this.dispatchEvent(new CustomEvent('asked'));
  };
  #insert = (term: string): void => {
    this.#type(withTerm(this.query, term));
    void this.updateComplete.then(() => this.#input.focus());
  };
  #scrolled = (): void => {
    const mirror = this.renderRoot.querySelector('.mirror');
    if (mirror) mirror.scrollLeft = this.#input.scrollLeft;
  };

  #help() {
    return html`<ul class="help" id="help">${queryGrammar.map(({ example, says }) => html`
      <li><button class="text-button" type="button" title="Add to the query" @click=${() => this.#insert(example)}>${example}</button><span>${says}</span></li>`)}
      <li class="note small">No stop words; two-character words in any script are found. Old versions and retracted texts are searched too. Enter searches; typing does not, because every search is recorded.</li></ul>`;
  }

  override render() {
    const { query, fault } = this;
    return html`<form class="officer-blue" role="search" @submit=${this.#asked}>
      <div class="box">
        ${icon('search', 18)}
        <input class="input" type="text" name="query" autocomplete="off" spellcheck="false" maxlength=${limits.queryMax} .value=${query} aria-label="Search everything that was said"
          placeholder="Words, “phrase”, from:name …" aria-invalid=${fault ? 'true' : 'false'} aria-describedby="fault"
          @input=${(event: Event) => this.#type((event.target as HTMLInputElement).value)} @scroll=${this.#scrolled}>
        ${fault ? html`<div class="mirror" aria-hidden="true">${query.slice(0, fault.from)}<span class="place">${query.slice(fault.from, fault.to)}</span>${query.slice(fault.to)}</div>` : nothing}
        <span class="end">
          <button class="icon-button" type="button" aria-label="How to write a query" data-tip="How to write a query" aria-expanded=${this.helping} aria-controls="help" @click=${() => (this.helping = !this.helping)}>${icon('info')}</button>
          <button class="icon-button" aria-label="Search" data-tip="Search" data-keys="Enter" aria-busy=${this.running}>${icon('arrow-right')}</button>
        </span>
      </div>
      <p class="fault" id="fault" role="alert" ?hidden=${!fault}>${icon('circle-alert', 16)}<span>${fault ? html`${fault.says} <span class="small">Character ${fault.from + 1}.</span>` : nothing}</span></p>
      ${this.helping ? this.#help() : nothing}
    </form>`;
  }
}
customElements.define('query-box', QueryBox);

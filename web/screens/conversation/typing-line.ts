import { css, html, LitElement } from 'lit';
import { workspace } from '../../client/workspace.ts';
import { base } from '../../styles/base.ts';
import type { TypingPeople } from './typing-people.ts';

const namedMax = 2;

/** "Ines is writing…". Its line is always there, so that nothing moves when somebody begins. */
export class TypingLine extends LitElement {
  static override properties = { typing: { attribute: false } };
  declare typing: TypingPeople;
  #end = (): void => {};

  static override styles = [base, css`
    :host { display: block; block-size: 1.25rem; padding-inline: 4.4375rem 1.4375rem; font-size: var(--text-s); color: var(--ink-3); }
    @media (max-width: 719px) { :host { padding-inline: 3.625rem 0.75rem; } }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#end = this.typing.people.watch(() => this.requestUpdate());
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#end();
  }

  override render() {
    const people = this.typing.people.value;
    const names = people.slice(0, namedMax).map((account) => workspace.directory.nameOf(account));
    const others = people.length - names.length;
    if (names.length === 0) return html``;
    const who = others > 0 ? `${names.join(', ')} and ${others} more` : names.join(' and ');
    return html`<p class="one-line" dir="auto">${who} ${people.length === 1 ? 'is' : 'are'} writing…</p>`;
  }
}
customElements.define('typing-line', TypingLine);

import { css, html, LitElement, nothing } from 'lit';
import '../../elements/hansard-copy.ts';
import { fullTime } from '../../elements/times.ts';
import { base } from '../../styles/base.ts';
import { fields } from '../../styles/fields.ts';
import { archiveStyles } from './archive-styles.ts';

/** A link that is shown this once, with a way to copy it. What it is for stands in the slot. */
export class OnceLink extends LitElement {
  static override properties = { link: {}, expiresAt: { attribute: false } };
  declare link: string;
  declare expiresAt: number | null;

  constructor() {
    super();
    this.link = '';
    this.expiresAt = null;
  }

  static override styles = [base, fields, archiveStyles, css`
    :host { display: grid; gap: var(--space-2); }
    .row { display: flex; gap: var(--space-2); align-items: center; }
    .input { flex: 1; min-inline-size: 0; font-family: var(--font-code); font-size: var(--text-s); text-overflow: ellipsis; }
  `];

  /** The appliance may give a path alone; people are handed a whole address. */
  get #address(): string {
    return new URL(this.link, location.origin).href;
  }

  override render() {
    return html`<p><slot></slot></p>
      <div class="row"><input class="input" readonly dir="ltr" aria-label="One-time link" .value=${this.#address} @focus=${(event: Event) => (event.target as HTMLInputElement).select()}>
        <hansard-copy words .text=${this.#address} label="Copy the link"></hansard-copy></div>
      ${this.expiresAt === null ? nothing : html`<p class="small">It works once, until ${fullTime(this.expiresAt)}.</p>`}`;
  }
}
customElements.define('once-link', OnceLink);

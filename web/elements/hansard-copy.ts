import { css, html, LitElement } from 'lit';
import { base } from '../styles/base.ts';
import { buttons } from '../styles/buttons.ts';
import { icon } from './icons.ts';

const doneMs = 2_000;

/** Copies `text`. A drawing alone by default; with `words` a button that says so. The clipboard is missing on plain HTTP, so a selection does it there. */
export class HansardCopy extends LitElement {
  static override properties = { text: {}, label: {}, words: { type: Boolean }, copied: { state: true } };
  declare text: string;
  declare label: string;
  declare words: boolean;
  declare copied: boolean;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    super();
    this.text = '';
    this.label = 'Copy';
    this.words = false;
    this.copied = false;
  }

  static override styles = [base, buttons, css`
    :host { display: inline-block; }
    .icon-button { inline-size: 1.625rem; block-size: 1.625rem; }
    .done { color: var(--accent); }
  `];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }
  #copy = async (): Promise<void> => {
    this.copied = await copyText(this.text, this.renderRoot as ShadowRoot);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.copied = false), doneMs);
  };

  override render() {
    const drawing = this.copied ? icon('check', 16) : icon('copy', 16);
    const done = this.copied ? 'done' : '';
    return html`${this.words
      ? html`<button class="button" aria-label=${this.label} @click=${this.#copy}><span class=${done}>${drawing}</span>${this.copied ? 'Copied' : 'Copy'}</button>`
      : html`<button class="icon-button ${done}" aria-label=${this.label} data-tip=${this.label} @click=${this.#copy}>${drawing}</button>`}<span class="seen-by-readers-only" role="status">${this.copied ? 'Copied' : ''}</span>`;
  }
}
customElements.define('hansard-copy', HansardCopy);

const copyText = async (text: string, beside: ShadowRoot): Promise<boolean> => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false);
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'seen-by-readers-only';
  beside.append(field);
  field.select();
  const copied = document.execCommand('copy');
  field.remove();
  return copied;
};

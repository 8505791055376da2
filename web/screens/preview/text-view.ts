import { css, html, LitElement, nothing } from 'lit';
import { bytesOf } from '../../elements/file-size.ts';
import { base } from '../../styles/base.ts';
import { surfaces } from '../../styles/surfaces.ts';

/** What is shown of a text; more is slow to lay out, and nobody reads it in a window. */
const shownBytes = 256 * 1024;

/** The beginning of a text file, as text and nothing else. `size`: of the file, bytes. */
export class TextView extends LitElement {
  static override properties = { url: {}, size: { type: Number }, text: { state: true }, failed: { state: true } };
  declare url: string;
  declare size: number;
  declare text: string | undefined;
  declare failed: boolean;
  #stop = new AbortController();

  constructor() {
    super();
    this.url = '';
    this.size = 0;
    this.text = undefined;
    this.failed = false;
  }

  static override styles = [base, surfaces, css`
    :host { display: block; inline-size: min(60rem, 100%); margin-inline: auto; padding: var(--space-4) var(--space-5) var(--space-5); background: var(--page); border-radius: var(--round-m); border: 1px solid var(--rule); }
    pre { margin: 0; font: var(--text-s)/1.55 var(--font-code); white-space: pre-wrap; overflow-wrap: anywhere; tab-size: 4; }
    .rest { margin-block-start: var(--space-4); padding-block-start: var(--space-3); border-block-start: 1px solid var(--rule); font-size: var(--text-s); color: var(--ink-2); }
    .skeleton { block-size: 0.8125rem; margin-block: 0.5rem; }
    .skeleton:nth-child(2) { inline-size: 70%; }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stop = new AbortController();
    void this.#read();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  async #read(): Promise<void> {
    try {
      const response = await fetch(this.url, { signal: this.#stop.signal, headers: this.size > shownBytes ? { Range: `bytes=0-${shownBytes - 1}` } : {} });
      if (!response.ok) throw new Error(String(response.status));
      // A character that was cut in two at the end is left out.
      this.text = new TextDecoder().decode(await response.arrayBuffer(), { stream: this.size > shownBytes });
    } catch {
      this.failed = !this.#stop.signal.aborted;
    }
  }

  override render() {
    if (this.failed) return html`<p role="alert">The text could not be read just now. Nothing was lost; close this and open it again.</p>`;
    if (this.text === undefined) return html`<div aria-hidden="true"><span class="skeleton"></span><span class="skeleton"></span><span class="skeleton"></span></div>`;
    return html`<pre dir="auto">${this.text}</pre>${this.size > shownBytes ? html`<p class="rest">These are the first ${bytesOf(shownBytes)} of ${bytesOf(this.size)}. The rest is in the download.</p>` : nothing}`;
  }
}
customElements.define('text-view', TextView);

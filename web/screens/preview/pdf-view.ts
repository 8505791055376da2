import { css, html, LitElement, type TemplateResult } from 'lit';
import { base } from '../../styles/base.ts';
import { surfaces } from '../../styles/surfaces.ts';
import type { OpenPdf, PDFDocumentProxy, PdfFailure } from './pdf-document.ts';
import { PdfPage, pdfPageStyles } from './pdf-page.ts';

const sentences: Readonly<Record<PdfFailure, string>> = {
  encrypted: 'This PDF asks for a password, which is not asked here. Download it and open it with a program of yours.',
  damaged: 'This PDF cannot be read: it is damaged, or is something else. It can be downloaded as it was shared.',
  unreachable: 'The PDF could not be read just now. Nothing was lost; close this and open it again.',
};
/** A document that says it has a million pages must not make a million boxes. */
const pagesMax = 2_000;

/** The pages of a PDF, one below the other, each drawn when it comes into view. What draws them comes when this is first asked for. */
export class PdfView extends LitElement {
  static override properties = { url: {}, failure: { state: true }, pages: { state: true }, total: { state: true } };
  declare url: string;
  declare failure: PdfFailure | undefined;
  declare pages: readonly PdfPage[] | undefined;
  declare total: number;
  #open: OpenPdf | undefined;
  #seen: IntersectionObserver | undefined;
  #resized: ResizeObserver | undefined;

  constructor() {
    super();
    this.url = '';
    this.failure = undefined;
    this.pages = undefined;
    this.total = 0;
  }

  static override styles = [base, surfaces, pdfPageStyles, css`
    :host { display: grid; justify-items: center; gap: var(--space-4); inline-size: 100%; }
    .said { max-inline-size: 32rem; padding: var(--space-5); text-align: center; color: var(--ink-2); }
    .skeleton { inline-size: min(50rem, 100%); aspect-ratio: 1 / 1.414; background: var(--page); }
  `];

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#read();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#seen?.disconnect();
    this.#resized?.disconnect();
    for (const page of this.pages ?? []) page.letGo();
    this.#open?.close();
    this.#open = undefined;
  }

  async #read(): Promise<void> {
    try {
      const { openPdf } = await import('./pdf-document.ts');
      if (!this.isConnected) return;
      const open = (this.#open = openPdf(this.url));
      const document = await open.pages;
      if (this.#open !== open) return;
      if (typeof document === 'string') this.failure = document;
      else await this.#show(document);
    } catch {
      this.failure = 'unreachable';
    }
  }

  async #show(document: PDFDocumentProxy): Promise<void> {
    const first = await document.getPage(1);
    const { width, height } = first.getViewport({ scale: 1 });
    this.total = document.numPages;
    const pages = Array.from({ length: Math.min(pagesMax, document.numPages) }, (_, n) => new PdfPage(document, n + 1, { width, height }));
    const byBox = new Map<Element, PdfPage>(pages.map((page) => [page.box, page]));
    this.#seen = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) byBox.get(target)?.isSeen(isIntersecting);
    }, { root: null, rootMargin: '50% 0px' });
    this.#resized = new ResizeObserver(() => {
      for (const page of pages) page.fit(this.clientWidth);
    });
    for (const page of pages) {
      page.fit(this.clientWidth);
      this.#seen.observe(page.box);
    }
    this.#resized.observe(this);
    this.pages = pages;
  }

  override render(): TemplateResult {
    if (this.failure) return html`<p class="said" role="alert">${sentences[this.failure]}</p>`;
    if (!this.pages) return html`<span class="skeleton" aria-hidden="true"></span>`;
    return html`${this.pages.map(({ box }) => box)}${this.total > pagesMax ? html`<p class="said">These are the first ${pagesMax} of ${this.total} pages. The rest is in the download.</p>` : ''}`;
  }
}
customElements.define('pdf-view', PdfView);

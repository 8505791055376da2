import { css } from 'lit';
import type { PDFDocumentProxy, PDFPageProxy, RenderTask } from './pdf-document.ts';

/** A page as wide as a screen at twice its fineness; what is larger is drawn coarser. */
const pixelsMax = 16_000_000;
const widthMax = 960;

type Size = { readonly width: number; readonly height: number };

/** One page: a box that has its size before it is drawn, a canvas while it is near, and its text over it, to be selected and read out. */
export class PdfPage {
  readonly box = document.createElement('div');
  readonly #pdf: PDFDocumentProxy;
  readonly #n: number;
  #size: Size;
  #width = 0;
  #page: PDFPageProxy | undefined;
  #near = false;
  #drawn = 0;
  #task: RenderTask | undefined;
  /** Counts the drawings, so that an overtaken one stops. */
  #drawing = 0;

  /** `n`: from 1. `size`: of the first page, in points, until its own is known. */
  constructor(pdf: PDFDocumentProxy, n: number, size: Size) {
    this.#pdf = pdf;
    this.#n = n;
    this.#size = size;
    this.box.className = 'page';
    this.box.setAttribute('role', 'group');
    this.box.setAttribute('aria-label', `Page ${n}`);
  }

  /** `width`: what there is, CSS pixels. */
  fit(width: number): void {
    this.#width = Math.max(1, Math.min(widthMax, width));
    this.box.style.setProperty('--page-width', `${this.#width}px`);
    this.box.style.setProperty('--page-height', `${Math.round((this.#width * this.#size.height) / this.#size.width)}px`);
    if (this.#near) void this.#draw();
  }

  isSeen(near: boolean): void {
    this.#near = near;
    if (near) void this.#draw();
    else this.letGo();
  }

  /** Gives back what a page far away holds: a canvas is some tens of megabytes. */
  letGo(): void {
    this.#drawing += 1;
    this.#task?.cancel();
    this.#task = undefined;
    this.#drawn = 0;
    for (const canvas of this.box.querySelectorAll('canvas')) canvas.width = 0;
    this.box.replaceChildren();
    this.#page?.cleanup();
  }

  async #draw(): Promise<void> {
    if (this.#drawn === this.#width) return;
    this.#drawn = this.#width;
    const drawing = (this.#drawing += 1);
    try {
      const page = (this.#page ??= await this.#pdf.getPage(this.#n));
      if (drawing !== this.#drawing) return;
      const own = page.getViewport({ scale: 1 });
      if (own.width !== this.#size.width || own.height !== this.#size.height) {
        this.#size = { width: own.width, height: own.height };
        this.fit(this.#width);
      }
      await this.#render(page, drawing);
    } catch {
      // Overtaken, closed, or a page that cannot be drawn: its box stays empty, and the download has it.
    }
  }

  async #render(page: PDFPageProxy, drawing: number): Promise<void> {
    const scale = this.#width / this.#size.width;
    const viewport = page.getViewport({ scale });
    const fine = Math.min(devicePixelRatio, 2, Math.sqrt(pixelsMax / (viewport.width * viewport.height)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.floor(viewport.width * fine);
    canvas.height = Math.floor(viewport.height * fine);
    canvas.setAttribute('aria-hidden', 'true');
    this.#task?.cancel();
    this.#task = page.render({ canvas, viewport, transform: [fine, 0, 0, fine, 0, 0] });
    await this.#task.promise;
    if (drawing !== this.#drawing) return;
    const text = document.createElement('div');
    text.className = 'textLayer';
    this.box.style.setProperty('--total-scale-factor', String(scale));
    this.box.replaceChildren(canvas, text);
    const { TextLayer } = await import('./pdf-document.ts');
    if (drawing === this.#drawing) await new TextLayer({ textContentSource: page.streamTextContent(), container: text, viewport }).render();
  }
}

/** After pdf_viewer.css of PDF.js (Apache-2.0): text lies unseen over what is drawn. */
export const pdfPageStyles = css`
  .page { position: relative; inline-size: var(--page-width); block-size: var(--page-height); background: white; box-shadow: var(--shadow); overflow: clip; }
  .page canvas { display: block; inline-size: 100%; block-size: 100%; }
  .textLayer { position: absolute; inset: 0; overflow: clip; text-align: initial; line-height: 1; letter-spacing: normal; word-spacing: normal; text-size-adjust: none; forced-color-adjust: none; transform-origin: 0 0; color-scheme: only light; --scale-round-x: 1px; --scale-round-y: 1px; --min-font-size: 1; --text-scale-factor: calc(var(--total-scale-factor) * var(--min-font-size)); --min-font-size-inv: calc(1 / var(--min-font-size)); }
  .textLayer :is(span, br) { color: transparent; position: absolute; white-space: pre; cursor: text; transform-origin: 0% 0%; user-select: text; }
  .textLayer > :not(.markedContent), .textLayer .markedContent span:not(.markedContent) { z-index: 1; --font-height: 0; font-size: calc(var(--text-scale-factor) * var(--font-height)); --scale-x: 1; --rotate: 0deg; transform: rotate(var(--rotate)) scaleX(var(--scale-x)) scale(var(--min-font-size-inv)); }
  .textLayer .markedContent { display: contents; }
  .textLayer ::selection { background: color-mix(in srgb, AccentColor, transparent 50%); color: transparent; }
`;

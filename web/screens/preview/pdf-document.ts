import { getDocument, PDFWorker, type PDFDocumentLoadingTask, type PDFDocumentProxy } from 'pdfjs-dist';

export { TextLayer } from 'pdfjs-dist';
export type { PDFDocumentProxy, PDFPageProxy, RenderTask } from 'pdfjs-dist';

/** Why a PDF cannot be shown. */
export type PdfFailure = 'encrypted' | 'damaged' | 'unreachable';
export type OpenPdf = { readonly pages: Promise<PDFDocumentProxy | PdfFailure>; readonly close: () => void };

/** Put there by the bundle (vite.config.ts), like the parts. */
const workerUrl = '/pdf/worker.js';

type TrustedTypes = { readonly createPolicy: (name: string, rules: { readonly createScriptURL: (url: string) => string }) => { readonly createScriptURL: (url: string) => string } };
const { trustedTypes } = globalThis as { readonly trustedTypes?: TrustedTypes };
/** The one script that may become a worker here. */
const scripts = trustedTypes?.createPolicy('hansard-pdf', {
  createScriptURL(url) {
    if (url !== workerUrl) throw new TypeError(`${url} is no script of ours.`);
    return url;
  },
});
const partsOf = (folder: string): string => new URL(`/pdf/${folder}/`, location.origin).href;

/** Opens a PDF in a worker of its own, which ends with `close`. Nothing in it runs: scripts are not even loaded, forms and links are not drawn. Parts are read as pages need them. */
export const openPdf = (url: string): OpenPdf => {
  const thread = new Worker(scripts?.createScriptURL(workerUrl) ?? workerUrl, { type: 'module' });
  const worker = PDFWorker.create({ port: thread });
  const task = getDocument({
    url: new URL(url, location.origin).href, worker, enableXfa: false, isEvalSupported: false, useWasm: false, stopAtErrors: false, maxImageSize: 64_000_000, disableAutoFetch: true, disableStream: true, rangeChunkSize: 256 * 1024,
    cMapUrl: partsOf('cmaps'), cMapPacked: true, standardFontDataUrl: partsOf('standard_fonts'), wasmUrl: partsOf('wasm'), verbosity: 0,
  } as Parameters<typeof getDocument>[0]);
  return {
    pages: opened(task),
    close() {
      void task.destroy().catch(() => undefined).finally(() => {
        worker.destroy();
        thread.terminate();
      });
    },
  };
};

const opened = (task: PDFDocumentLoadingTask): Promise<PDFDocumentProxy | PdfFailure> =>
  new Promise((resolve) => {
    task.onPassword = () => resolve('encrypted');
    task.promise.then(resolve, (cause: unknown) => resolve((cause as { readonly name?: string }).name === 'InvalidPDFException' ? 'damaged' : 'unreachable'));
  });

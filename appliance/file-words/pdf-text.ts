import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getDocument, VerbosityLevel, type PDFPageProxy } from 'pdfjs-dist/legacy/build/pdf.mjs';
import { GrowingText, unread, type Reading, type ReadingLimits } from './reading.ts';

const packageFolder = dirname(fileURLToPath(import.meta.resolve('pdfjs-dist/package.json')));

/** Words of a PDF page by page, with what its forms and comments say. Pictures of pages have none: such a file is `no-text`. */
export const pdfText = async (bytes: Uint8Array, { textChars }: ReadingLimits): Promise<Reading> => {
  const loading = getDocument({
    // pdf.js keeps the bytes, and takes them away.
    data: new Uint8Array(bytes), verbosity: VerbosityLevel.ERRORS, disableFontFace: true, useSystemFonts: false, useWorkerFetch: false, useWasm: false, enableXfa: false, isOffscreenCanvasSupported: false, maxImageSize: 0,
    cMapUrl: `${packageFolder}/cmaps/`, cMapPacked: true, standardFontDataUrl: `${packageFolder}/standard_fonts/`,
  });
  try {
    const document = await loading.promise;
    const text = new GrowingText(textChars);
    for (let number = 1; number <= document.numPages; number += 1) {
      if (text.isFull) text.isPartial = true;
      if (text.isFull) break;
      try {
        const page = await document.getPage(number);
        await addPage(text, page);
        page.cleanup();
      } catch {
        text.isPartial = true;
      }
    }
    return text.reading();
  } catch (cause) {
    return unread(cause instanceof Error && cause.name === 'PasswordException' ? 'encrypted' : 'damaged');
  } finally {
    await loading.destroy();
  }
};

const addPage = async (text: GrowingText, page: PDFPageProxy): Promise<void> => {
  const { items } = await page.getTextContent();
  for (const item of items) if ('str' in item) text.add(item.hasEOL ? `${item.str}\n` : item.str);
  text.add('\n');
  for (const annotation of (await page.getAnnotations()) as readonly { readonly fieldValue?: unknown; readonly contentsObj?: { readonly str?: string } }[]) {
    for (const said of [annotation.fieldValue, annotation.contentsObj?.str]) if (typeof said === 'string' && said !== '') text.add(`${said}\n`);
  }
};

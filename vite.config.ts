import { readdirSync, readFileSync } from 'node:fs';
import { defineConfig, type Plugin } from 'vite';

const pdfjs = new URL('./node_modules/pdfjs-dist/', import.meta.url);
/** The thread that reads PDFs, and what a PDF may need that does not bring it along: fonts that every reader has, Asian encodings, pictures of scanners. They are asked for by name, and only then. */
const pdfParts: Plugin = {
  name: 'pdf-parts',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'pdf/worker.js', source: readFileSync(new URL('build/pdf.worker.min.mjs', pdfjs)) });
    const wanted = { cmaps: /\.bcmap$/, standard_fonts: /\.(pfb|ttf)$/, wasm: /_nowasm_fallback\.js$/ };
    for (const [folder, names] of Object.entries(wanted)) for (const name of readdirSync(new URL(`${folder}/`, pdfjs)).filter((one) => names.test(one))) this.emitFile({ type: 'asset', fileName: `pdf/${folder}/${name}`, source: readFileSync(new URL(`${folder}/${name}`, pdfjs)) });
  },
};

/** What an endpoint says of itself is for the reference; nobody reads it in a browser, and it is on the first screen. */
const withoutReference: Plugin = {
  name: 'without-reference',
  enforce: 'pre',
  transform: (code, id) => (id.includes('/src/contract/') ? code.replace(/ says: '(?:[^'\\\n]|\\.)*',/g, " says: '',") : null),
};

/** The web bundle only. Nothing is inlined into the page: the content security policy allows no inline script or style, and fonts come from our own origin. */
export default defineConfig({
  root: 'web',
  base: '/',
  plugins: [pdfParts, withoutReference],
  publicDir: 'app/static',
  resolve: { alias: { entities: new URL('./web/client/references.ts', import.meta.url).pathname } }, // A tenth of the first screen's script; that file says what is left out.
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600, // The list of emoji, which comes only when somebody opens it.
    rolldownOptions: {
      // Whoever takes a schema from zod takes what was set in it with it: chunks run whole, so this holds before the first schema is made.
      output: { codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|app[\\/]without-eval/ }] } },
    },
  },
});

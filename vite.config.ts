import { defineConfig } from 'vite';

/** The web bundle only. Nothing is inlined into the page: the content security policy allows no inline script or style, and fonts come from our own origin. */
export default defineConfig({
  root: 'web',
  base: '/',
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

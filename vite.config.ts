import { defineConfig } from 'vite';

/** The web bundle only. Nothing is inlined into the page: the content security policy allows no inline script or style, and fonts come from our own origin. */
export default defineConfig({
  root: 'web',
  base: '/',
  publicDir: 'app/static',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});

import { readFileSync, readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { figure, type Figure } from '../support/figure.ts';

const assets = new URL('../../../web/dist/assets/', import.meta.url);

/** Scripts that the page itself names, and what those import before anything is pressed. */
export const webFigures = (): Figure[] => {
  const page = readFileSync(new URL('../index.html', assets), 'utf8');
  const seen = new Set<string>();
  const visit = (name: string): void => {
    if (seen.has(name) || !name.endsWith('.js')) return;
    seen.add(name);
    // Static imports only: `import"./x.js"` and `from"./x.js"`; a lazy one is `import("./x.js")`.
    for (const [, next] of readFileSync(new URL(name, assets), 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+\.js)"/g)) visit(next!);
  };
  for (const [, name] of page.matchAll(/assets\/([^"]+\.js)"/g)) visit(name!);
  const shell = readdirSync(assets).filter((name) => /^(app-shell|conversation-screen|details-panel)-.*\.js$/.test(name));
  for (const name of shell) visit(name);
  const bytes = [...seen].reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, assets))).length, 0);
  return [figure('script for the first screen, conversation open, gzip', bytes / 1_024, 'KB', { most: 150 })];
};

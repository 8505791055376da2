import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { printFigures, type Figure } from './support/figure.ts';
import { archiveFigures } from './parts/archive.ts';
import { engineFigures } from './parts/engine.ts';
import { eventStoreFigures } from './parts/event-store.ts';
import { fanOutFigures } from './parts/fan-out.ts';
import { fileFigures } from './parts/files.ts';
import { idleFigures } from './parts/idle.ts';
import { nodeFigures } from './parts/nodes.ts';
import { postFigures } from './parts/posts.ts';
import { signalFigures } from './parts/signals.ts';
import { turnFigures } from './parts/turn.ts';
import { webFigures } from './parts/web.ts';

/**
 * `npm run bench [part ...]`: prints a table and writes JSON to bench-results/. Asserts nothing. BENCH_MESSAGES sets how
 * large the archive grows (default one million, after ten and a hundred thousand).
 */
const most = Number(process.env['BENCH_MESSAGES'] ?? 1_000_000);
const parts: { readonly [name: string]: () => Promise<readonly Figure[]> | readonly Figure[] } = {
  engine: engineFigures,
  'fan-out': fanOutFigures,
  posts: postFigures,
  idle: () => idleFigures(15_000),
  archive: async () => {
    const figures: Figure[] = [];
    for (const messages of [10_000, 100_000, 1_000_000].filter((size) => size <= most)) figures.push(...(await archiveFigures(messages)));
    return figures;
  },
  files: fileFigures,
  web: webFigures,
  'event-store': eventStoreFigures,
  nodes: nodeFigures,
  turn: turnFigures,
  signals: signalFigures,
};

const wanted = process.argv.slice(2);
const measured: { [part: string]: readonly Figure[] } = {};
for (const [name, measure] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  measured[name] = await measure();
  printFigures(name, measured[name]);
}
const folder = new URL('../../bench-results/', import.meta.url);
mkdirSync(folder, { recursive: true });
const at = new Date().toISOString();
writeFileSync(new URL(`${at.replaceAll(':', '-')}.json`, folder), JSON.stringify({ at, node: process.version, processors: cpus().length, memoryBytes: totalmem(), measured }, null, 2));
process.exit(0);

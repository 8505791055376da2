import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Every appliance of the tests begins a dozen threads, and they read the same files: what was compiled once is kept, as the product keeps it.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/node');

/** Where tests wait for sockets, clocks and disks more than they work, one file more than there are processors runs beside the others. */
const waiting = Math.max(2, availableParallelism()) + 1;

/** One project per tier, by the word in the file name. Browsers leave no processor idle: two files of them run side by side. */
const tier = (name: string, order: number, timeoutMs: number, maxWorkers: number) => ({
  test: {
    name,
    include: name === 'tidy' ? ['test/tidy.spec.ts', 'test/docs/**/*.spec.ts'] : [`test/**/*.${name}.spec.ts`],
    environment: 'node' as const,
    testTimeout: timeoutMs,
    hookTimeout: Math.max(timeoutMs, 60_000),
    sequence: { groupOrder: order },
    pool: 'forks' as const,
    // Files are run by Node itself, as in the product. What is pure keeps nothing, so that its files share a process.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    isolate: name !== 'unit',
    maxWorkers,
  },
});

const report = process.env['HANSARD_TEST_REPORT'];

export default defineConfig({
  test: {
    projects: [
      tier('tidy', 0, 30_000, 2),
      tier('unit', 1, 10_000, Math.max(2, availableParallelism())),
      tier('contract', 2, 60_000, waiting),
      tier('api', 3, 60_000, waiting),
      tier('journey', 4, 180_000, 2),
      tier('fault', 4, 240_000, 2),
    ],
    // The continuous run takes its closing line from this file.
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});

import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

// Every appliance of the tests begins a dozen threads, and they read the same files: what was compiled once is kept, as the product keeps it.
process.env['NODE_COMPILE_CACHE'] ??= join(import.meta.dirname, 'node_modules/.cache/node');

/** One project per tier, by the word in the file name. Journeys and faults run one file at a time: they measure deadlines and kill processes. */
const tier = (name: string, order: number, timeoutMs: number, oneAtATime = false) => ({
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
    ...(oneAtATime ? { fileParallelism: false, maxWorkers: 1 } : { maxWorkers: Math.max(2, availableParallelism()) }),
  },
});

const report = process.env['HANSARD_TEST_REPORT'];

export default defineConfig({
  test: {
    projects: [
      tier('tidy', 0, 30_000),
      tier('unit', 1, 10_000),
      tier('contract', 2, 60_000),
      tier('api', 3, 60_000),
      tier('journey', 4, 180_000, true),
      tier('fault', 5, 240_000, true),
    ],
    // The continuous run takes its closing line from this file.
    ...(report === undefined ? {} : { reporters: ['default', 'json'], outputFile: { json: report } }),
  },
});

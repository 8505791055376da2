/** Preloaded into a process of the product: a clock that is as far ahead as a file says, so that nobody waits for patience to end. It does not prove what a clock that jumps does: timers run as ever. */
import { readFileSync } from 'node:fs';

const file = process.env['HANSARD_TEST_AHEAD'];
const readEveryMs = 20;

if (file !== undefined) {
  const { now } = Date;
  let aheadMs = Number(readFileSync(file, 'utf8'));
  setInterval(() => void (aheadMs = Number(readFileSync(file, 'utf8'))), readEveryMs).unref();
  Date.now = () => now() + aheadMs;
}

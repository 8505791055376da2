import { spawnSync } from 'node:child_process';
import { chromiumPath, programOnPath } from './chromium.ts';

/** Runs before the tests. Journeys need a Chromium; the fault tests are better with strace and say so where there is none. */

const aptGet = (...words: readonly string[]): boolean =>
  spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...words], { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;

const install = (name: string): boolean => aptGet('install', name) || (aptGet('update') && aptGet('install', name));

const canInstall = process.getuid?.() === 0 && programOnPath('apt-get') !== undefined;

if (chromiumPath() === undefined && canInstall) {
  console.error('Installing Chromium for the journeys (once).');
  install('chromium');
}
if (chromiumPath() === undefined) {
  console.error('The journeys need a Chromium and none was found. Install one ("apt-get install chromium" as root), or name one in HANSARD_TEST_CHROMIUM.');
  process.exitCode = 1;
}
if (programOnPath('strace') === undefined && canInstall) install('strace');

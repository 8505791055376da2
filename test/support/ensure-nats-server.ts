import { spawnSync } from 'node:child_process';
import { programOnPath } from './chromium.ts';
import { natsServerPath } from './nats-server.ts';

/** Runs before the tests. The contract of the bus needs a real nats-server. */

const aptGet = (...words: readonly string[]): boolean =>
  spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...words], { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;

if (natsServerPath() === undefined && process.getuid?.() === 0 && programOnPath('apt-get') !== undefined) {
  console.error('Installing nats-server for the tests of the bus (once).');
  if (!aptGet('install', 'nats-server') && aptGet('update')) aptGet('install', 'nats-server');
}
if (natsServerPath() === undefined) {
  console.error('The tests of the bus need a nats-server and none was found. Install one ("apt-get install nats-server" as root), or name one in HANSARD_TEST_NATS.');
  process.exitCode = 1;
}

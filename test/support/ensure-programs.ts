import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { chromiumPath, programOnPath } from './chromium.ts';
import { clamdPath } from './clamd.ts';
import { turnUtilsPath } from './coturn.ts';
import { natsServerPath } from './nats-server.ts';

/** Runs before the tests, and puts in from Debian what they are made with: as root, where it is not there yet. */

type Program = { readonly debian: string; readonly found: () => string | undefined; readonly isFor: string; /** What names another one; where it is missing nothing runs. */ readonly needed?: string };
const programs: readonly Program[] = [
  { debian: 'chromium', found: chromiumPath, isFor: 'the journeys', needed: 'HANSARD_TEST_CHROMIUM' },
  { debian: 'nats-server', found: natsServerPath, isFor: 'the tests of the bus', needed: 'HANSARD_TEST_NATS' },
  { debian: 'coturn', found: turnUtilsPath, isFor: 'the tests of the relay', needed: 'HANSARD_TEST_UCLIENT' },
  // Without these some tests name what they leave out.
  { debian: 'strace', found: () => programOnPath('strace'), isFor: 'the fault tests' },
  { debian: 'clamav-daemon', found: clamdPath, isFor: 'the tests of the virus check' },
];

const canInstall = process.getuid?.() === 0 && programOnPath('apt-get') !== undefined;
const aptGet = (...words: readonly string[]): boolean =>
  spawnSync('apt-get', ['-qq', '-y', '--no-install-recommends', ...words], { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;

/** Debian starts a service as it installs it, and that of ClamAV would fetch signatures; tests start what they need (invoke-rc.d(8)). */
const policy = '/usr/sbin/policy-rc.d';
const install = (debian: string): void => {
  const isOurs = !existsSync(policy);
  if (isOurs) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    if (!aptGet('install', debian) && aptGet('update')) aptGet('install', debian);
  } finally {
    if (isOurs) rmSync(policy);
  }
};

for (const { debian, found, isFor, needed } of programs) {
  if (found() !== undefined) continue;
  if (canInstall) {
    console.error(`Installing ${debian} for ${isFor} (once).`);
    install(debian);
  }
  if (needed === undefined || found() !== undefined) continue;
  console.error(`There is no ${debian} for ${isFor}. Install one ("apt-get install ${debian}" as root), or name one in ${needed}.`);
  process.exitCode = 1;
}

#!/usr/bin/env node
// Plain JavaScript that an older Node reads too: it hands over to the Node that came with the packages.
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const require = createRequire(import.meta.url);

const ownNode = () => {
  try {
    return join(dirname(require.resolve('node/package.json')), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  } catch {
    return undefined;
  }
};

if (Number(process.versions.node.split('.')[0]) >= 24) {
  await import(main);
} else {
  const node = ownNode();
  if (node === undefined) {
    console.error(`Hansard needs Node 24, this is ${process.version}, and the packages are not installed. Run "npm ci" first.`);
    process.exit(1);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (cause) => {
    console.error(`The Node that came with the packages does not start: ${cause.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1));
}

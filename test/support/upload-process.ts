import { createSecretKey, randomBytes } from 'node:crypto';
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { folderStore } from '#appliance/files/folder-store.ts';
import { Uploads } from '#appliance/files/uploads.ts';

/**
 * A process that takes some of an upload, tells how far it has come, and is watched doing it. `untold` is a broken build: it tells what it
 * was given, and has not asked whether it is kept. Arguments: folder, mode.
 */
const [folder = '', mode = 'sound'] = process.argv.slice(2);
const uploads = new Uploads(join(folder, 'uploads'), createSecretKey(randomBytes(32)), folderStore(folder));
await uploads.begin('a.b', 300_000);
for (const at of [0, 131_072]) {
  await uploads.append('a.b', at, randomBytes(131_072));
  const told = mode === 'sound' ? (await uploads.offset('a.b'))!.offset : at + 131_072;
  writeSync(1, `told ${told}\n`);
}
await uploads.append('a.b', 262_144, randomBytes(300_000 - 262_144));
if (mode === 'sound') await uploads.stored('a.b');
writeSync(1, 'told 300000\n');

import { createSecretKey } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { masterKeyFile, readMasterKey, writeOnce } from './key-files.ts';
import { secretsFile } from './shared-files.ts';
import { unwrap, wrap } from './wrapping.ts';

const sharedSecretName = (name: string): string => `hansard/secret/1/${name}`;

/** Throws `Fault` saying that the folder is not there. Never makes it: what is missing is most likely not mounted. */
export const assertSharedFolder = (folder: string): void => {
  if (!existsSync(folder)) throw new Fault(`The folder of the keys ${folder} (HANSARD_KEYS) is not there. Mount it, or make it if this is the first start of a new log.`);
};

/** What all nodes have in common, oldest first. Throws `Fault` naming what is missing. */
export const readSharedSecrets = (folder: string): ReadonlyMap<string, Buffer> => {
  assertSharedFolder(folder);
  if (!existsSync(join(folder, masterKeyFile))) throw new Fault(`The folder of the keys ${folder} (HANSARD_KEYS) holds no ${masterKeyFile}. Is it mounted? Else put it back from the backup.`);
  const path = join(folder, secretsFile);
  if (!existsSync(path)) throw new Fault(`${path} is missing. Put it back from the backup.`);
  const master = createSecretKey(readMasterKey(folder));
  try {
    const wrapped = Object.entries(JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>).sort(([one], [other]) => (one < other ? -1 : 1));
    return new Map(wrapped.map(([name, bytes]) => [name, unwrap(master, sharedSecretName(name), Buffer.from(bytes, 'base64url'))]));
  } catch (cause) {
    throw new Fault(`${path} does not open with the ${masterKeyFile} beside it. Put both back from one backup.`, { cause });
  }
};

/** Keeps the secrets for all nodes, unless another node has kept some before. */
export const putSharedSecrets = (folder: string, secrets: ReadonlyMap<string, Buffer>): void => {
  const master = createSecretKey(readMasterKey(folder));
  const wrapped = [...secrets].map(([name, secret]) => [name, wrap(master, sharedSecretName(name), secret).toString('base64url')]);
  writeOnce(join(folder, secretsFile), `${JSON.stringify(Object.fromEntries(wrapped), null, 1)}\n`);
};

import { createPrivateKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';

/** Where the keys of an appliance are, under its data folder. */
export const keyFolder = (dataFolder: string): string => join(dataFolder, 'keys');
export const keyringFile = 'keyring.sqlite';
export const masterKeyFile = 'master.key';
export const signingKeyFile = 'signing.key';

/** Writes a file that must not be there yet, readable by its owner alone, and waits until it is on stable storage. */
const writeSecretFile = (path: string, text: string): void => {
  writeFileSync(path, text, { flag: 'wx', mode: 0o600, flush: true });
};

/** A new name in a folder is durable only when the folder is flushed too. */
export const flushFolder = (path: string): void => {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

const masterKeyBytes = 32;

export const makeMasterKey = (folder: string): void =>
  writeSecretFile(join(folder, masterKeyFile), `${randomBytes(masterKeyBytes).toString('base64url')}\n`);

/** The 32 bytes that wrap everything else. Throws `Fault` naming the file when it is missing or no key. */
export const readMasterKey = (folder: string): Buffer => {
  const path = join(folder, masterKeyFile);
  if (!existsSync(path)) throw new Fault(`The master key is missing: ${path}. Without it the keyring cannot be opened; put it back from the backup.`);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  if (key.length !== masterKeyBytes) throw new Fault(`${path} does not hold a master key: 32 bytes in base64url are expected.`);
  return key;
};

/** Ed25519, PKCS 8 PEM. A lost signing key costs nothing that was signed, so a new one is made; custody announces it. */
export const readOrMakeSigningKey = (folder: string): KeyObject => {
  const path = join(folder, signingKeyFile);
  if (!existsSync(path)) {
    writeSecretFile(path, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    flushFolder(folder);
  }
  const key = createPrivateKey(readFileSync(path, 'utf8'));
  if (key.asymmetricKeyType !== 'ed25519') throw new Fault(`${path} does not hold an Ed25519 key.`);
  return key;
};

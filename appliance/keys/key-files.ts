import { createPrivateKey, createSecretKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, linkSync, openSync, readFileSync, readdirSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import { unwrap, wrap } from './wrapping.ts';

/** `<data>/keys`. */
export const keyFolder = (dataFolder: string): string => join(dataFolder, 'keys');
export const keyringFile = 'keyring.sqlite';
export const masterKeyFile = 'master.key';
export const signingKeyFile = 'signing.key';

/** A new name in a folder is durable only when the folder is flushed too. */
export const flushFolder = (path: string): void => {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
};

/**
 * A file that is there as a whole or not at all, for its owner alone, and on stable storage when this returns. What is there
 * already stays: of several nodes that come at once one writes, and all read the same (link(2) is atomic, over NFS too).
 */
export const writeOnce = (path: string, text: string): void => {
  const making = `${path}.${uuidv4()}.making`;
  writeFileSync(making, text, { flag: 'wx', mode: 0o600, flush: true });
  try {
    linkSync(making, path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
  } finally {
    unlinkSync(making);
  }
  flushFolder(dirname(path));
};

/** Its bytes are overwritten before its name goes. What a disk keeps beneath its file system is beyond this. */
const destroyFile = (path: string): void => {
  writeFileSync(path, randomBytes(statSync(path).size), { flag: 'r+', flush: true });
  rmSync(path);
};

const keyBytes = 32;

export const makeMasterKey = (folder: string): void => writeOnce(join(folder, masterKeyFile), `${randomBytes(keyBytes).toString('base64url')}\n`);

/** The 32 bytes that wrap everything else. Throws `Fault` naming the file when it is missing or no key. */
export const readMasterKey = (folder: string): Buffer => {
  const path = join(folder, masterKeyFile);
  if (!existsSync(path)) throw new Fault(`The master key is missing: ${path}. Without it the keyring cannot be opened; put it back from the backup.`);
  const key = Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url');
  if (key.length !== keyBytes) throw new Fault(`${path} does not hold a master key: 32 bytes in base64url are expected.`);
  return key;
};

/** Ed25519, PKCS 8 PEM. A lost signing key costs nothing that was signed, so a new one is made; custody announces it. */
export const readOrMakeSigningKey = (folder: string): KeyObject => {
  const path = join(folder, signingKeyFile);
  if (!existsSync(path)) writeOnce(path, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  const key = createPrivateKey(readFileSync(path, 'utf8'));
  if (key.asymmetricKeyType !== 'ed25519') throw new Fault(`${path} does not hold an Ed25519 key.`);
  return key;
};

const epochFile = (id: string): string => `epoch-${id}.key`;
const epochName = (id: string): string => `hansard/epoch-key/1/${id}`;

/** A new key between the master key and the key-encryption keys, in a file of its own; it is durable when this returns. */
export const makeEpochKey = (folder: string, master: KeyObject, id: string): KeyObject => {
  const key = randomBytes(keyBytes);
  writeOnce(join(folder, epochFile(id)), `${wrap(master, epochName(id), key).toString('base64url')}\n`);
  return createSecretKey(key);
};

/** Throws `Fault` naming the file when it is missing or does not fit the master key. */
export const readEpochKey = (folder: string, master: KeyObject, id: string): KeyObject => {
  const path = join(folder, epochFile(id));
  if (!existsSync(path)) throw new Fault(`${path} is missing, which ${keyringFile} beside it needs: they belong together and come from one backup. A ${keyringFile} older than the last destruction of keys opens nothing any more.`);
  try {
    return createSecretKey(unwrap(master, epochName(id), Buffer.from(readFileSync(path, 'utf8').trim(), 'base64url')));
  } catch (cause) {
    throw new Fault(`${path} does not open with the master key.`, { cause });
  }
};

/** Destroys the keys of all epochs but this one. */
export const destroyOldEpochKeys = (folder: string, current: string): void => {
  const old = readdirSync(folder).filter((name) => /^epoch-[0-9a-f-]{36}\.key$/.test(name) && name !== epochFile(current));
  for (const name of old) destroyFile(join(folder, name));
  if (old.length > 0) flushFolder(folder);
};

import { createPublicKey, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import { hmacKey } from '#src/sealing/hmac.ts';
import { logCheck, type WriterKey } from '#src/sealing/keyring.ts';
import { flushFolder, keyFolder, keyringFile, makeMasterKey, masterKeyFile, readOrMakeSigningKey } from './key-files.ts';
import { KeyringStore } from './keyring-store.ts';
import { keysMovedTo } from './node-identity.ts';
import { foldersOf, type KeyFolders, type KeyPlaces } from './places.ts';
import { readSharedSecrets } from './shared-secrets.ts';
import { secretsFile } from './shared-files.ts';

const logSecretName = 'log';
const writerPrefix = 'writer/';

export type KeyringSecrets = {
  readonly logSecret: KeyObject;
  readonly writers: ReadonlyMap<string, WriterKey>;
  /** The newest: what this appliance writes with. */
  readonly writer: WriterKey;
};

/** Log secret and one writer key of a new log, by their names. */
export const newSecrets = (): ReadonlyMap<string, Buffer> => new Map([[logSecretName, randomBytes(32)], [`${writerPrefix}${uuidv7(Date.now())}`, randomBytes(32)]]);

/**
 * Makes the folder of the keys of a new log: master key, keyring with log secret and one writer key, signing key. It is there as a
 * whole or not at all. Throws `Fault` where there is one already: keys are never overwritten.
 */
export const makeKeyringFiles = (dataFolder: string): void => {
  const folder = keyFolder(dataFolder);
  if (existsSync(folder)) throw new Fault(`${folder} exists already; keys are never overwritten.`);
  makeFolder(folder, (making) => {
    makeMasterKey(making);
    makeKeyringFile(making, making, newSecrets());
    readOrMakeSigningKey(making);
  });
};

/** `keyring.sqlite` of a node that joins others: their secrets, and no data keys yet. */
export const makeWorkingCopy = ({ working, common }: KeyFolders, secrets: ReadonlyMap<string, Buffer>): void =>
  makeFolder(working, (making) => makeKeyringFile(making, common, secrets));

const makeFolder = (folder: string, fill: (making: string) => void): void => {
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  fill(making);
  flushFolder(making);
  renameSync(making, folder);
  flushFolder(dirname(folder));
};

const makeKeyringFile = (folder: string, common: string, secrets: ReadonlyMap<string, Buffer>): void => {
  const store = new KeyringStore(folder, 'create', common);
  for (const [name, secret] of secrets) store.putSecret(name, secret);
  store.close();
  chmodSync(join(folder, keyringFile), 0o600);
};

/** Throws `Fault` naming what is missing. `file` is where the secrets were read. */
const namedSecrets = (secrets: ReadonlyMap<string, Buffer>, file = keyringFile): KeyringSecrets => {
  const logSecret = secrets.get(logSecretName);
  if (!logSecret) throw new Fault(`${file} holds no log secret.`);
  const writers = new Map<string, WriterKey>();
  for (const [name, secret] of secrets) {
    if (!name.startsWith(writerPrefix)) continue;
    const id = name.slice(writerPrefix.length);
    writers.set(id, { id, key: hmacKey(secret) });
  }
  // Ids are UUIDv7 and come in order, so the last is the newest.
  const writer = [...writers.values()].at(-1);
  if (!writer) throw new Fault(`${file} holds no writer's key.`);
  return { logSecret: createSecretKey(logSecret), writers, writer };
};

export const secretsOf = (store: KeyringStore): KeyringSecrets => namedSecrets(store.secrets());

/** Where the secrets are: in the shared folder, unless this data folder's keys are only about to be moved there. */
const isShared = ({ working, shared }: KeyFolders): boolean => shared !== undefined && (existsSync(join(shared, masterKeyFile)) || !existsSync(join(working, masterKeyFile)));

/** Throws `Fault` naming the file that is missing. */
export const openSecrets = (folders: KeyFolders): KeyringSecrets => {
  if (folders.shared !== undefined && isShared(folders)) return namedSecrets(readSharedSecrets(folders.shared), join(folders.shared, secretsFile));
  const movedTo = existsSync(join(folders.working, masterKeyFile)) ? undefined : keysMovedTo(folders.dataFolder);
  if (movedTo !== undefined) throw new Fault(`The keys of ${folders.dataFolder} were moved to ${movedTo}. Set HANSARD_KEYS to that folder.`);
  const store = new KeyringStore(folders.working, 'read');
  try {
    return secretsOf(store);
  } finally {
    store.close();
  }
};

/** Whether there are keys already, whoever made them; a log without events gets new ones only where there are none. */
export const hasKeys = (places: KeyPlaces | string): boolean => {
  const { working, shared } = foldersOf(places);
  return existsSync(working) || (shared !== undefined && existsSync(join(shared, masterKeyFile)));
};

/** The keys of writers that are held; empty where the keyring cannot be read: `checkKeyring` says why. */
export const heldWriters = (places: KeyPlaces | string): ReadonlyMap<string, WriterKey> => {
  try {
    return openSecrets(foldersOf(places)).writers;
  } catch {
    return new Map();
  }
};

const assertWorkingCopy = ({ working }: KeyFolders, common: string): void => {
  const store = new KeyringStore(working, 'read', common);
  try {
    store.assertOpens();
  } finally {
    store.close();
  }
};

/** What custody says of the log that these keys should belong to. */
export type KeyringExpectation = { readonly logId: string; readonly check: string; readonly writers: readonly string[] };

/**
 * Compares the keys with the log before anything starts. Returns a sentence for every fault found, naming the file; empty when all is well.
 * A missing signing key is no fault: a new one is made and announced.
 */
export const checkKeyring = (places: KeyPlaces | string, expected: KeyringExpectation): readonly string[] => {
  const folders = foldersOf(places);
  const working = join(folders.working, keyringFile);
  const isElsewhere = folders.shared !== undefined && isShared(folders);
  let path = isElsewhere ? join(folders.shared, secretsFile) : working;
  try {
    const { logSecret, writers } = openSecrets(folders);
    if (logCheck(logSecret, expected.logId) !== expected.check) return [`${path} is the keyring of another log, not of ${expected.logId}.`];
    const lacking = expected.writers.filter((writer) => !writers.has(writer)).map((writer) => `${path} lacks the key of the writer ${writer}, which custody names.`);
    path = working;
    // A node that joins has none yet.
    if (existsSync(working)) assertWorkingCopy(folders, isElsewhere ? folders.common : folders.working);
    return lacking;
  } catch (cause) {
    if (cause instanceof Fault) return [cause.message];
    return [`${path} cannot be opened with the master key beside it: ${cause instanceof Error ? cause.message : String(cause)}`];
  }
};

/** The 32 bytes of an Ed25519 public key, base64url, as custody announces it. */
export const publicKeyOf = (signingKey: KeyObject): string => createPublicKey(signingKey).export({ format: 'jwk' }).x!;

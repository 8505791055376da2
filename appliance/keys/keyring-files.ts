import { createPublicKey, createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import { hmacKey } from '#src/sealing/hmac.ts';
import { logCheck, type WriterKey } from '#src/sealing/keyring.ts';
import { flushFolder, keyFolder, keyringFile, makeMasterKey, readOrMakeSigningKey } from './key-files.ts';
import { KeyringStore } from './keyring-store.ts';

const logSecretName = 'log';
const writerPrefix = 'writer/';

export type KeyringSecrets = {
  readonly logSecret: KeyObject;
  readonly writers: ReadonlyMap<string, WriterKey>;
  /** The newest: what this appliance writes with. */
  readonly writer: WriterKey;
};

/**
 * Makes the folder of the keys of a new log: master key, keyring with log secret and one writer key, signing key. It is there as a
 * whole or not at all. Throws `Fault` where there is one already: keys are never overwritten.
 */
export const makeKeyringFiles = (dataFolder: string): void => {
  const folder = keyFolder(dataFolder);
  if (existsSync(folder)) throw new Fault(`${folder} exists already; keys are never overwritten.`);
  const making = `${folder}.making`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true, mode: 0o700 });
  makeMasterKey(making);
  const store = new KeyringStore(making, 'create');
  store.putSecret(logSecretName, randomBytes(32));
  store.putSecret(`${writerPrefix}${uuidv7(Date.now())}`, randomBytes(32));
  store.close();
  chmodSync(join(making, keyringFile), 0o600);
  readOrMakeSigningKey(making);
  flushFolder(making);
  renameSync(making, folder);
  flushFolder(dirname(folder));
};

/** Throws `Fault` naming what is missing. */
export const secretsOf = (store: KeyringStore): KeyringSecrets => {
  const secrets = store.secrets();
  const logSecret = secrets.get(logSecretName);
  if (!logSecret) throw new Fault(`${keyringFile} holds no log secret.`);
  const writers = new Map<string, WriterKey>();
  for (const [name, secret] of secrets) {
    if (!name.startsWith(writerPrefix)) continue;
    const id = name.slice(writerPrefix.length);
    writers.set(id, { id, key: hmacKey(secret) });
  }
  // Ids are UUIDv7 and come in order, so the last is the newest.
  const writer = [...writers.values()].at(-1);
  if (!writer) throw new Fault(`${keyringFile} holds no writer's key.`);
  return { logSecret: createSecretKey(logSecret), writers, writer };
};

/** What custody says of the log that these keys should belong to. */
export type KeyringExpectation = { readonly logId: string; readonly check: string; readonly writers: readonly string[] };

/**
 * Compares the keys with the log before anything starts. Returns a sentence for every fault found, naming the file; empty when all is well.
 * A missing signing key is no fault: a new one is made and announced.
 */
export const checkKeyring = (dataFolder: string, expected: KeyringExpectation): readonly string[] => {
  const folder = keyFolder(dataFolder);
  const path = join(folder, keyringFile);
  try {
    const store = new KeyringStore(folder, 'read');
    try {
      const { logSecret, writers } = secretsOf(store);
      if (logCheck(logSecret, expected.logId) !== expected.check) return [`${path} is the keyring of another log, not of ${expected.logId}.`];
      return expected.writers.filter((writer) => !writers.has(writer)).map((writer) => `${path} lacks the key of the writer ${writer}, which custody names.`);
    } finally {
      store.close();
    }
  } catch (cause) {
    if (cause instanceof Fault) return [cause.message];
    return [`${path} cannot be opened with the master key beside it: ${cause instanceof Error ? cause.message : String(cause)}`];
  }
};

/** The 32 bytes of an Ed25519 public key, base64url, as custody announces it. */
export const publicKeyOf = (signingKey: KeyObject): string => createPublicKey(signingKey).export({ format: 'jwk' }).x!;

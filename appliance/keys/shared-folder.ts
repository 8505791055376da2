import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { flushFolder, keyringFile, makeMasterKey, masterKeyFile, readOrMakeSigningKey, signingKeyFile, writeOnce } from './key-files.ts';
import { makeWorkingCopy, newSecrets } from './keyring-files.ts';
import { KeyringStore } from './keyring-store.ts';
import { keysMovedTo, rememberKeysMovedTo } from './node-identity.ts';
import type { KeyFolders } from './places.ts';
import { assertSharedFolder, putSharedSecrets, readSharedSecrets } from './shared-secrets.ts';

/**
 * Brings shared folder and data folder together, so that the node can open both. `create`: for a log without events; an empty folder
 * gets the keys of a new log. Throws `Fault` naming what is missing, or what belongs to another log.
 */
export const prepareSharedFolder = (folders: KeyFolders, what: 'create' | 'open'): void => {
  const shared = folders.shared!;
  assertSharedFolder(shared);
  const isEmpty = !existsSync(join(shared, masterKeyFile));
  const isMoving = existsSync(join(folders.working, masterKeyFile));
  if (isMoving) moveKeys(folders, shared);
  else if (what === 'create' && isEmpty && !existsSync(folders.working) && keysMovedTo(folders.dataFolder) === undefined) makeSharedKeys(shared);
  const secrets = readSharedSecrets(shared);
  if (!existsSync(join(folders.working, keyringFile))) makeWorkingCopy(folders, secrets);
  else completeWorkingCopy(folders, secrets);
  rememberKeysMovedTo(folders.dataFolder, shared);
};

/** Each file is written once: of nodes that come at the same time every one may be the first with one of them, and all use the same. */
const makeSharedKeys = (shared: string): void => {
  makeMasterKey(shared);
  putSharedSecrets(shared, newSecrets());
  readOrMakeSigningKey(shared);
};

/** The data folder's master key goes last: an interrupted move is completed at the next start. */
const moveKeys = ({ working }: KeyFolders, shared: string): void => {
  const master = readFileSync(join(working, masterKeyFile), 'utf8');
  writeOnce(join(shared, masterKeyFile), master);
  if (readFileSync(join(shared, masterKeyFile), 'utf8') !== master) throw new Fault(`${shared} holds the keys of another log, and ${working} has a ${masterKeyFile} of its own. Nothing was changed. Set HANSARD_KEYS to the folder of this log, or to an empty one.`);
  const store = new KeyringStore(working, 'read');
  const secrets = store.secrets();
  store.close();
  putSharedSecrets(shared, new Map([...secrets].filter(([name]) => name === 'log' || name.startsWith('writer/'))));
  const signingKey = join(working, signingKeyFile);
  if (existsSync(signingKey)) writeOnce(join(shared, signingKeyFile), readFileSync(signingKey, 'utf8'));
  const moved = readSharedSecrets(shared);
  if (!secrets.get('log')!.equals(moved.get('log') ?? Buffer.alloc(0))) throw new Fault(`The keys of ${working} did not arrive in ${shared}. They are still where they were.`);
  for (const name of [signingKeyFile, masterKeyFile]) rmSync(join(working, name), { force: true });
  flushFolder(working);
};

/** Writers' keys that came later are kept here too. Throws `Fault` where the working copy is of another log. */
const completeWorkingCopy = ({ working, common }: KeyFolders, secrets: ReadonlyMap<string, Buffer>): void => {
  const store = new KeyringStore(working, 'write', common);
  try {
    const known = knownSecrets(store);
    if (!known?.get('log')?.equals(secrets.get('log')!)) throw new Fault(`${join(working, keyringFile)} does not belong to the keys in ${common}. Set HANSARD_KEYS to the folder of this log.`);
    for (const [name, secret] of secrets) if (!known.has(name)) store.putSecret(name, secret);
  } finally {
    store.close();
  }
};

/** Undefined where they do not open with this master key. */
const knownSecrets = (store: KeyringStore): ReadonlyMap<string, Buffer> | undefined => {
  try {
    return store.secrets();
  } catch {
    return undefined;
  }
};

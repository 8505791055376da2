import { Fault } from '#src/kernel/fault.ts';
import { isUuid } from '#src/kernel/ids.ts';
import type { ClosedFor, DataKey, Keyring } from '#src/sealing/keyring.ts';
import { scopeName, type Scope } from '#src/sealing/scopes.ts';
import { AwaitedKeys } from './awaited-keys.ts';
import { KeyCache } from './key-cache.ts';
import { readOrMakeSigningKey } from './key-files.ts';
import { makeKeyringFiles, openSecrets, type KeyringSecrets } from './keyring-files.ts';
import type { FromThread, KeyringAnswer, KeyringRequest, KeysMessage } from './keyring-thread.ts';
import { batchKeysMax, Lane } from './lane.ts';
import { foldersOf, type KeyFolders, type KeyPlaces } from './places.ts';
import { prepareSharedFolder } from './shared-folder.ts';
import { ThreadClient } from './thread-client.ts';

/** The keyring of a running appliance. */
export type DiskKeyring = Keyring & {
  /** Seals nothing more under the scopes' keys, from now on in this process; they still open. Returns their ids. Every node closes its own. */
  readonly closeScope: (...scopes: readonly Scope[]) => Promise<readonly string[]>;
  /**
   * Destroys the scopes' closed keys, for good, on this node. Returns their ids: readers in other threads must `forget` them. Many
   * scopes at once cost hardly more than one.
   */
  readonly destroyScope: (...scopes: readonly Scope[]) => Promise<readonly string[]>;
  /** Undefined while all is well; else why no keys can be made, in a sentence: for good, or until the shared folder is back. */
  readonly stopped: () => string | undefined;
  /** Undefined while all is well; else why what other nodes sealed does not open yet, in a sentence. Only with a shared folder. */
  readonly behind: () => string | undefined;
  readonly close: () => Promise<void>;
};

/**
 * Makes the keys of a new log and opens them. Throws `Fault` where there are keys already; in a shared folder they are those that
 * another node, which came first, has made for the same log, and are taken.
 */
export const createKeyring = async (places: KeyPlaces | string): Promise<DiskKeyring> => {
  const folders = foldersOf(places);
  if (folders.shared === undefined) makeKeyringFiles(folders.dataFolder);
  else prepareSharedFolder(folders, 'create');
  return opened(folders);
};

/**
 * Opens the keys. Throws `Fault` naming the file that is missing or does not fit; compare with the log first (`checkKeyring`).
 * With a shared folder: a node that is new joins it, and the keys of a data folder that had them to itself are moved there.
 */
export const openKeyring = async (places: KeyPlaces | string): Promise<DiskKeyring> => {
  const folders = foldersOf(places);
  if (folders.shared !== undefined) prepareSharedFolder(folders, 'open');
  return opened(folders);
};

/**
 * Moves the keys of a data folder, on which no appliance may run, into a folder that other nodes will share, and opens them there
 * once. It can be repeated after an interruption. Throws `Fault` where that folder holds the keys of another log; nothing is changed then.
 */
export const shareKeyring = async (dataFolder: string, keysFolder: string): Promise<void> => (await openKeyring({ dataFolder, keysFolder })).close();

const opened = async (folders: KeyFolders): Promise<DiskKeyring> => {
  const keyring = new ThreadedKeyring(folders, openSecrets(folders));
  try {
    if (folders.shared !== undefined) await keyring.start();
    return keyring;
  } catch (cause) {
    await keyring.close();
    throw cause;
  }
};

/** Keys remembered, about 0.5 KB each; a batch always fits, so that what was waited for is there. */
const rememberedKeysHalf = 2 * batchKeysMax;

/** A shared folder that takes longer to flush a key is said to be away: storage that hangs gives no error. */
const folderAnswersWithinMs = 10_000;

class ThreadedKeyring implements DiskKeyring {
  readonly logSecret;
  readonly writers;
  readonly writer;
  readonly signingKey;
  readonly #shared: string | undefined;
  readonly #thread: ThreadClient;
  readonly #openKeys = new KeyCache<DataKey>(rememberedKeysHalf);
  readonly #keys = new KeyCache<DataKey | ClosedFor>(rememberedKeysHalf);
  readonly #closed = new Set<string>();
  readonly #making = new Lane<Scope>((scopes) => this.#make(scopes));
  readonly #finding = new Lane<string>((ids) => this.#find([...ids.keys()]).then(() => undefined));
  readonly #awaited = new AwaitedKeys({ takeOver: () => this.#request({ kind: 'take-over' }).then(() => undefined), find: (ids) => this.#find(ids) });
  /** Set when the thread has ended. */
  #stopped: Fault | undefined;
  /** Set when the thread cannot write any more; what there is still opens. */
  #failure: Fault | undefined;
  /** Set while the shared folder cannot be used. */
  #away: Fault | undefined;

  constructor(folders: KeyFolders, secrets: KeyringSecrets) {
    this.logSecret = secrets.logSecret;
    this.writers = secrets.writers;
    this.writer = secrets.writer;
    this.signingKey = readOrMakeSigningKey(folders.common);
    this.#shared = folders.shared;
    this.#thread = new ThreadClient(folders, (news) => this.#hear(news), (cause) => {
      this.#stopped = cause;
      this.#awaited.stop(cause);
    });
  }

  /** With a shared folder: resolves when this node's file and working copy agree, and what others told before is taken over. */
  start = async (): Promise<void> => {
    await this.#request({ kind: 'start' });
  };

  openKey = (scope: Scope): DataKey | undefined => this.#openKeys.get(scopeName(scope));

  find = (keyId: string): DataKey | ClosedFor | undefined => this.#keys.get(keyId);

  isOpen = (keyId: string): boolean => !this.#closed.has(keyId);

  ready = (scopes: readonly Scope[]): Promise<void> | undefined => {
    // What is sealed while the others cannot get its key would keep them waiting, and would be lost with this node.
    if (this.#away) return Promise.reject(this.#away);
    const missing = scopes.filter((scope) => this.openKey(scope) === undefined);
    return missing.length === 0 ? undefined : this.#making.ask(missing.map((scope) => [scopeName(scope), scope])).then(() => this.ready(scopes));
  };

  load = (keyIds: readonly string[]): Promise<void> | undefined => {
    const missing = keyIds.filter((id) => this.find(id) === undefined);
    if (missing.length === 0) return undefined;
    return this.#finding.ask(missing.map((id) => [id, id])).then(async () => {
      const unknown = missing.filter((id) => this.find(id) === undefined);
      if (unknown.length > 0) await this.#awaited.wait(unknown);
      await this.load(keyIds);
    });
  };

  closeScope = async (...scopes: readonly Scope[]): Promise<readonly string[]> => {
    const ids = await this.#change({ kind: 'close-scope', scopes });
    for (const id of ids) this.#closed.add(id);
    for (const scope of scopes) this.#openKeys.delete(scopeName(scope));
    return ids;
  };

  destroyScope = async (...scopes: readonly Scope[]): Promise<readonly string[]> => {
    const ids = await this.#change({ kind: 'destroy-scope', scopes });
    for (const id of ids) this.#keys.set(id, 'gone');
    return ids;
  };

  stopped = (): string | undefined => (this.#stopped ?? this.#failure ?? this.#away)?.message;

  behind = (): string | undefined => this.#awaited.behind();

  close = (): Promise<void> => this.#thread.close();

  async #make(scopes: ReadonlyMap<string, Scope>): Promise<void> {
    const asked = this.#request({ kind: 'make', scopes: [...scopes.values()] }).then((answer) => {
      if (answer.kind !== 'keys') return;
      const names = scopes.keys();
      for (const key of dataKeys(answer.found)) {
        this.#keys.set(key.id, key);
        this.#openKeys.set(names.next().value!, key);
      }
    });
    return this.#shared === undefined ? asked : this.#withinTime(asked);
  }

  /** Returns the ids that are not there; without a shared folder they are `unknown` from then on. */
  async #find(ids: readonly string[]): Promise<readonly string[]> {
    const answer = await this.#request({ kind: 'find', ids });
    if (answer.kind !== 'keys') return [];
    for (const id of answer.gone) this.#keys.set(id, 'gone');
    for (const key of dataKeys(answer.found)) this.#keys.set(key.id, key);
    // No node of ours made an id that is none.
    const isAwaited = (id: string): boolean => this.#shared !== undefined && isUuid(id);
    for (const id of answer.unknown) if (!isAwaited(id)) this.#keys.set(id, 'unknown');
    return answer.unknown.filter(isAwaited);
  }

  async #change(request: KeyringRequest): Promise<readonly string[]> {
    const answer = await this.#request(request);
    return answer.kind === 'ids' ? answer.ids : [];
  }

  /** Rejects with `Fault` where the request failed, and remembers what that says of the next one. */
  async #request(request: KeyringRequest): Promise<Exclude<KeyringAnswer, { kind: 'failed' }>> {
    const answer = await this.#thread.ask(request);
    if (answer.kind !== 'failed') return answer;
    const cause = new Fault(answer.ends === 'away' ? answer.reason : `The keyring failed: ${answer.reason}`);
    if (answer.ends === 'lasting') this.#failure ??= cause;
    if (answer.ends === 'away' && request.kind !== 'take-over') this.#away = cause;
    throw cause;
  }

  #hear(news: Exclude<FromThread, { n: number }>): void {
    if ('gone' in news) for (const id of news.gone) this.#keys.set(id, 'gone');
    else this.#away = news.folder === undefined ? undefined : new Fault(news.folder);
  }

  async #withinTime(asked: Promise<void>): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => {
      this.#away = new Fault(`The folder of the keys ${this.#shared} has not answered for ${folderAnswersWithinMs / 1_000} seconds. Nothing that was acknowledged is lost; nothing new is taken until it answers. Look after its storage; this node then goes on by itself.`);
      late.reject(this.#away);
    }, folderAnswersWithinMs);
    // Whoever waits is answered by the deadline; what comes after it is remembered all the same.
    asked.catch(() => undefined);
    await Promise.race([asked, late.promise]).finally(() => clearTimeout(timer));
  }
}

const extractedBytes = 128;

const dataKeys = ({ keys, bytes }: KeysMessage): readonly DataKey[] => {
  const memory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return keys.map((id, index) => ({ id, extracted: memory.subarray(index * extractedBytes, (index + 1) * extractedBytes) }));
};

import { Worker } from 'node:worker_threads';
import { Fault } from '#src/kernel/fault.ts';
import { keysAtOnceMax, type ClosedFor, type DataKey, type Keyring } from '#src/sealing/keyring.ts';
import { scopeName, type Scope } from '#src/sealing/scopes.ts';
import { KeyCache } from './key-cache.ts';
import { keyFolder, readOrMakeSigningKey } from './key-files.ts';
import { makeKeyringFiles, secretsOf, type KeyringSecrets } from './keyring-files.ts';
import { KeyringStore } from './keyring-store.ts';
import type { KeyringAnswer, KeyringRequest, KeysMessage } from './keyring-thread.ts';

/** The keyring of a running appliance. */
export type DiskKeyring = Keyring & {
  /** Seals nothing more under the scope's keys, from now on in this process; they still open. Returns their ids. */
  readonly closeScope: (scope: Scope) => Promise<readonly string[]>;
  /** Destroys the scope's closed keys, for good. Returns their ids: readers in other threads must `forget` them. */
  readonly destroyScope: (scope: Scope) => Promise<readonly string[]>;
  /** Undefined while all is well; else why no more keys can be made, in a sentence. */
  readonly stopped: () => string | undefined;
  readonly close: () => Promise<void>;
};

/** Makes the keys of a new log in `<dataFolder>/keys` and opens them. Throws `Fault` where there are keys already. */
export const createKeyring = async (dataFolder: string): Promise<DiskKeyring> => {
  makeKeyringFiles(dataFolder);
  return openKeyring(dataFolder);
};

/** Opens `<dataFolder>/keys`. Throws `Fault` naming the file that is missing or does not fit; compare with the log first (`checkKeyring`). */
export const openKeyring = async (dataFolder: string): Promise<DiskKeyring> => {
  const folder = keyFolder(dataFolder);
  const store = new KeyringStore(folder, 'read');
  const secrets = secretsOf(store);
  store.close();
  return new ThreadedKeyring(folder, secrets);
};

/** More requests than this wait for the next transaction. */
const batchKeysMax = 2 * keysAtOnceMax;
/** Keys remembered, about 0.5 KB each; a batch always fits, so that what was waited for is there. */
const rememberedKeysHalf = 2 * batchKeysMax;

/** What gathers while the transaction before it is being flushed. */
type Batch = { readonly scopes: Map<string, Scope>; readonly ids: Set<string>; readonly done: PromiseWithResolvers<void> };
type Sent = { readonly request: KeyringRequest; readonly answered: (answer: KeyringAnswer) => void; readonly failed: (cause: Fault) => void };

class ThreadedKeyring implements DiskKeyring {
  readonly logSecret;
  readonly writers;
  readonly writer;
  readonly signingKey;
  readonly #thread: Worker;
  readonly #openKeys = new KeyCache<DataKey>(rememberedKeysHalf);
  readonly #keys = new KeyCache<DataKey | ClosedFor>(rememberedKeysHalf);
  readonly #closed = new Set<string>();
  readonly #gathering: Batch[] = [];
  /** Requests that the thread has not answered yet, in their order. */
  readonly #sent: Sent[] = [];
  #batchUnderWay = false;
  /** Set when the thread has ended. */
  #stopped: Fault | undefined;
  /** Set when the thread cannot write any more; what there is still opens. */
  #failure: Fault | undefined;

  constructor(folder: string, secrets: KeyringSecrets) {
    this.logSecret = secrets.logSecret;
    this.writers = secrets.writers;
    this.writer = secrets.writer;
    this.signingKey = readOrMakeSigningKey(folder);
    this.#thread = new Worker(new URL('./keyring-thread.ts', import.meta.url), { workerData: { folder } });
    this.#thread.on('message', (answer: KeyringAnswer) => this.#answered(answer));
    this.#thread.on('error', (cause) => this.#stop(new Fault('The thread of the keyring ended by an error.', { cause })));
    this.#thread.on('exit', () => this.#stop(new Fault('The keyring is closed.')));
  }

  openKey = (scope: Scope): DataKey | undefined => this.#openKeys.get(scopeName(scope));

  find = (keyId: string): DataKey | ClosedFor | undefined => this.#keys.get(keyId);

  isOpen = (keyId: string): boolean => !this.#closed.has(keyId);

  ready = (scopes: readonly Scope[]): Promise<void> | undefined => {
    const missing = scopes.filter((scope) => this.openKey(scope) === undefined);
    return missing.length === 0 ? undefined : this.#batched(missing, []).then(() => this.ready(scopes));
  };

  load = (keyIds: readonly string[]): Promise<void> | undefined => {
    const missing = keyIds.filter((id) => this.find(id) === undefined);
    return missing.length === 0 ? undefined : this.#batched([], missing).then(() => this.load(keyIds));
  };

  closeScope = async (scope: Scope): Promise<readonly string[]> => {
    const ids = await this.#change({ kind: 'close-scope', scope });
    for (const id of ids) this.#closed.add(id);
    this.#openKeys.delete(scopeName(scope));
    return ids;
  };

  destroyScope = async (scope: Scope): Promise<readonly string[]> => {
    const ids = await this.#change({ kind: 'destroy-scope', scope });
    for (const id of ids) this.#keys.set(id, 'gone');
    return ids;
  };

  stopped = (): string | undefined => (this.#stopped ?? this.#failure)?.message;

  close = async (): Promise<void> => {
    if (this.#stopped) return;
    const ended = new Promise((resolve) => this.#thread.once('exit', resolve));
    this.#thread.postMessage('stop');
    await ended;
  };

  /** Joins the batch that gathers, so that a burst over a thousand conversations costs one flush and not a thousand. */
  #batched(scopes: readonly Scope[], ids: readonly string[]): Promise<void> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    if (scopes.length + ids.length > keysAtOnceMax) return Promise.reject(new Fault(`More than ${keysAtOnceMax} keys cannot be asked for at once.`));
    let batch = this.#gathering.at(-1);
    if (!batch || batch.scopes.size + batch.ids.size + scopes.length + ids.length > batchKeysMax) {
      batch = { scopes: new Map(), ids: new Set(), done: Promise.withResolvers() };
      this.#gathering.push(batch);
    }
    for (const scope of scopes) batch.scopes.set(scopeName(scope), scope);
    for (const id of ids) batch.ids.add(id);
    // The end of the turn, so that everything asked for in it goes into one transaction.
    if (!this.#batchUnderWay) {
      this.#batchUnderWay = true;
      setImmediate(() => this.#sendBatch());
    }
    return batch.done.promise;
  }

  #sendBatch(): void {
    const batch = this.#gathering.shift();
    this.#batchUnderWay = batch !== undefined;
    if (!batch) return;
    this.#send({
      request: { kind: 'keys', scopes: [...batch.scopes.values()], ids: [...batch.ids] },
      answered: (answer) => {
        if (answer.kind === 'keys') this.#remember(batch, answer);
        batch.done.resolve();
        this.#sendBatch();
      },
      failed: (cause) => {
        batch.done.reject(cause);
        this.#sendBatch();
      },
    });
  }

  #remember(batch: Batch, answer: Extract<KeyringAnswer, { kind: 'keys' }>): void {
    for (const id of answer.gone) this.#keys.set(id, 'gone');
    for (const id of answer.unknown) this.#keys.set(id, 'unknown');
    for (const key of dataKeys(answer.ofIds)) this.#keys.set(key.id, key);
    const names = batch.scopes.keys();
    for (const key of dataKeys(answer.ofScopes)) {
      this.#keys.set(key.id, key);
      this.#openKeys.set(names.next().value!, key);
    }
  }

  #change(request: KeyringRequest): Promise<readonly string[]> {
    const { promise, resolve, reject } = Promise.withResolvers<readonly string[]>();
    this.#send({ request, answered: (answer) => resolve(answer.kind === 'ids' ? answer.ids : []), failed: reject });
    return promise;
  }

  #send(sent: Sent): void {
    if (this.#stopped) {
      sent.failed(this.#stopped);
      return;
    }
    this.#sent.push(sent);
    this.#thread.postMessage(sent.request);
  }

  #answered(answer: KeyringAnswer): void {
    const sent = this.#sent.shift();
    if (answer.kind !== 'failed') {
      sent?.answered(answer);
      return;
    }
    const cause = new Fault(`The keyring failed: ${answer.reason}`);
    if (answer.writing) this.#failure ??= cause;
    sent?.failed(cause);
  }

  #stop(cause: Fault): void {
    this.#stopped ??= cause;
    for (const sent of this.#sent.splice(0)) sent.failed(this.#stopped);
  }
}

const extractedBytes = 128;

const dataKeys = ({ keys, bytes }: KeysMessage): readonly DataKey[] => {
  const memory = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return keys.map((id, index) => ({ id, extracted: memory.subarray(index * extractedBytes, (index + 1) * extractedBytes) }));
};

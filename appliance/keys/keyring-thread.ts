import { parentPort, workerData } from 'node:worker_threads';
import { extracted } from '#src/sealing/parts.ts';
import type { Scope } from '#src/sealing/scopes.ts';
import { KeyringStore, type StoredKey } from './keyring-store.ts';
import { nodeIdOf } from './node-identity.ts';
import { lockNode } from './node-lock.ts';
import type { KeyFolders } from './places.ts';
import { CopiedFolder, FolderAway } from './shared-files.ts';
import { SharedKeys } from './shared-keys.ts';

/** The keyring's own thread: all its writing and flushing, so that the event loop never waits for a disk. */

export type KeyringRequest =
  | { readonly kind: 'make'; readonly scopes: readonly Scope[] }
  | { readonly kind: 'find'; readonly ids: readonly string[] }
  | { readonly kind: 'take-over' | 'start' }
  | { readonly kind: 'close-scope' | 'destroy-scope'; readonly scopes: readonly Scope[] };

/** `bytes` holds what HKDF extracts from each key, 128 bytes each, in the order of `keys`. */
export type KeysMessage = { readonly keys: readonly string[]; readonly bytes: Uint8Array };
export type KeyringAnswer =
  | { readonly kind: 'keys'; readonly found: KeysMessage; readonly gone: readonly string[]; readonly unknown: readonly string[] }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** `lasting`: no more keys can be made, for good; `away`: until the shared folder is back. */
  | { readonly kind: 'failed'; readonly reason: string; readonly ends: 'lasting' | 'away' | 'once' };

export type ToThread = { readonly n: number; readonly request: KeyringRequest } | 'stop';
export type FromThread =
  | { readonly n: number; readonly answer: KeyringAnswer }
  /** How it is with the shared folder; a sentence where it cannot be used. */
  | { readonly folder: string | undefined }
  /** Keys that other nodes have destroyed. */
  | { readonly gone: readonly string[] };

const lookEveryMs = 1_000;

const folders = (workerData as { readonly folders: KeyFolders }).folders;
const post = (message: FromThread): void => parentPort!.postMessage(message);

const lock = folders.shared === undefined ? undefined : lockNode(folders.shared, nodeIdOf(folders.dataFolder));
const store = new KeyringStore(folders.working, 'write', folders.common);
const shared = folders.shared === undefined ? undefined : new SharedKeys(store, { folder: folders.shared, dataFolder: folders.dataFolder, node: nodeIdOf(folders.dataFolder) }, (gone) => post({ gone }));

try {
  // What a crash left of a destruction: old bytes in the write-ahead log, the key of an old epoch.
  store.destroy([]);
} catch {
  // A reader is in the way; the next destruction completes it.
}

/** Set at the first failed write to this node's disk, for good: what a failed flush left there is not known. */
let failed: string | undefined;

const sentenceOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

const writing = async <R>(work: () => R | Promise<R>): Promise<R> => {
  if (failed !== undefined) throw new Error(failed);
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof FolderAway)) failed = sentenceOf(cause);
    throw cause;
  }
};

const message = (keys: readonly StoredKey[]): KeysMessage => ({
  keys: keys.map(({ id }) => id),
  bytes: Buffer.concat(keys.map(({ key }) => extracted(key))),
});

const find = (ids: readonly string[]): KeyringAnswer => {
  const found: StoredKey[] = [];
  const gone: string[] = [];
  const unknown: string[] = [];
  for (const id of ids) {
    const key = store.key(id);
    if (key === 'gone') gone.push(id);
    else if (key === 'unknown') unknown.push(id);
    else found.push(key);
  }
  return { kind: 'keys', found: message(found), gone, unknown };
};

const ids = (of: readonly string[] = []): KeyringAnswer => ({ kind: 'ids', ids: of });

const answer = async (request: KeyringRequest): Promise<KeyringAnswer> => {
  switch (request.kind) {
    case 'find':
      return find(request.ids);
    case 'make':
      return { kind: 'keys', found: message(await writing(() => (shared ?? store).openKeys(request.scopes))), gone: [], unknown: [] };
    case 'close-scope':
      return ids(await writing(() => (shared ? shared.closeScope(request.scopes) : store.closeScope(...request.scopes))));
    case 'destroy-scope':
      return ids(await (shared ? shared.destroyScope(request.scopes) : store.destroyScope(...request.scopes)));
    case 'take-over':
      await shared?.takeOver();
      return ids();
    case 'start':
      await writing(() => shared?.start());
      lookLater();
      return ids();
  }
};

let isStopping = false;
let looking: NodeJS.Timeout | undefined;

/** Again and again, so that a folder that went away is noticed before somebody posts, and one that came back is used again. */
const lookLater = (): void => {
  if (shared && !isStopping && failed === undefined) looking = setTimeout(() => void look(shared).finally(lookLater), lookEveryMs);
};
const look = (keys: SharedKeys): Promise<void> =>
  keys.check().then(
    () => post({ folder: undefined }),
    (cause: unknown) => {
      if (cause instanceof CopiedFolder) failed = cause.message;
      post({ folder: sentenceOf(cause) });
    },
  );

const stop = async (): Promise<void> => {
  isStopping = true;
  clearTimeout(looking);
  await shared?.close();
  store.close();
  lock?.close();
  parentPort!.close();
};

parentPort!.on('message', (told: ToThread) => {
  if (told === 'stop') return void stop();
  const { n } = told;
  answer(told.request).then(
    (answered) => post({ n, answer: answered }),
    (cause: unknown) => post({ n, answer: { kind: 'failed', reason: sentenceOf(cause), ends: failed !== undefined ? 'lasting' : cause instanceof FolderAway ? 'away' : 'once' } }),
  );
});

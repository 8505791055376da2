import { parentPort, workerData } from 'node:worker_threads';
import { extracted } from '#src/sealing/parts.ts';
import type { Scope } from '#src/sealing/scopes.ts';
import { KeyringStore, type StoredKey } from './keyring-store.ts';

/** The keyring's own thread: all its writing and flushing, so that the event loop never waits for a disk. */

export type KeyringRequest =
  | { readonly kind: 'keys'; readonly scopes: readonly Scope[]; readonly ids: readonly string[] }
  | { readonly kind: 'close-scope' | 'destroy-scope'; readonly scope: Scope };

/** `bytes` holds what HKDF extracts from each key, 128 bytes each, in the order of `keys`. */
export type KeysMessage = { readonly keys: readonly string[]; readonly bytes: Uint8Array };
export type KeyringAnswer =
  | { readonly kind: 'keys'; readonly ofScopes: KeysMessage; readonly ofIds: KeysMessage; readonly gone: readonly string[]; readonly unknown: readonly string[] }
  | { readonly kind: 'ids'; readonly ids: readonly string[] }
  /** `writing`: no more keys can be made, for good. */
  | { readonly kind: 'failed'; readonly reason: string; readonly writing: boolean };

const store = new KeyringStore((workerData as { folder: string }).folder, 'write');

/** Set at the first failed write, for good: what a failed flush left on the disk is not known. */
let failed: string | undefined;

const writing = <R>(work: () => R): R => {
  if (failed !== undefined) throw new Error(failed);
  try {
    return work();
  } catch (cause) {
    failed = cause instanceof Error ? cause.message : String(cause);
    throw cause;
  }
};

const message = (keys: readonly StoredKey[]): KeysMessage => ({
  keys: keys.map(({ id }) => id),
  bytes: Buffer.concat(keys.map(({ key }) => extracted(key))),
});

const keysFor = (scopes: readonly Scope[], ids: readonly string[]): KeyringAnswer => {
  const ofScopes = scopes.length > 0 ? writing(() => store.openKeys(scopes)) : [];
  const found: StoredKey[] = [];
  const gone: string[] = [];
  const unknown: string[] = [];
  for (const id of ids) {
    const key = store.key(id);
    if (key === 'gone') gone.push(id);
    else if (key === 'unknown') unknown.push(id);
    else found.push(key);
  }
  return { kind: 'keys', ofScopes: message(ofScopes), ofIds: message(found), gone, unknown };
};

const answer = (request: KeyringRequest): KeyringAnswer => {
  if (request.kind === 'keys') return keysFor(request.scopes, request.ids);
  if (request.kind === 'close-scope') return { kind: 'ids', ids: writing(() => store.closeScope(request.scope)) };
  return { kind: 'ids', ids: store.destroyScope(request.scope) };
};

parentPort!.on('message', (request: KeyringRequest | 'stop') => {
  if (request === 'stop') {
    store.close();
    parentPort!.close();
    return;
  }
  try {
    parentPort!.postMessage(answer(request));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    parentPort!.postMessage({ kind: 'failed', reason, writing: failed !== undefined } satisfies KeyringAnswer);
  }
});

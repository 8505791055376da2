import type { KeyObject } from 'node:crypto';
import type { ClosedFor, DataKey, OpeningKeys, WriterKeys } from '#src/sealing/keyring.ts';
import { Fault } from '#src/kernel/fault.ts';
import { isUuid } from '#src/kernel/ids.ts';
import { extracted } from '#src/sealing/parts.ts';
import { KeyCache } from './key-cache.ts';
import { secretsOf } from './keyring-files.ts';
import { KeyringStore, type StoredKey } from './keyring-store.ts';
import { foldersOf, type KeyPlaces } from './places.ts';
import { SharedSearch } from './shared-search.ts';

/** A keyring that only opens, for threads that may wait for a disk: views, search, exports. */
export type KeyringReader = OpeningKeys & WriterKeys & {
  readonly logSecret: KeyObject;
  /** Drops keys that were destroyed from memory; the next `find` asks the disk. */
  readonly forget: (keyIds: readonly string[]) => void;
  readonly close: () => void;
};

/** Keys remembered, about 0.5 KB each. */
const rememberedKeysHalf = 8_000;

/** How long, after the first look, a key is waited for that another node made. */
const looksAfterMs = [20, 50, 100, 250, 500, 1_000, 1_000, 2_000];

/**
 * Opens the keys read-only, beside the appliance that writes them. Throws `Fault` naming the file that is missing.
 * With a shared folder a key that this node does not have yet is looked for in the other nodes' files, and read, not taken over; where
 * it does not come for some seconds `find` throws `Fault`, because who shows nothing instead would never show it.
 */
export const openKeyringReader = (places: KeyPlaces | string): KeyringReader => {
  const { working, common, shared } = foldersOf(places);
  const store = new KeyringStore(working, 'read', common);
  const { logSecret, writers } = secretsOf(store);
  const search = shared === undefined ? undefined : new SharedSearch(store, shared);
  const remembered = new KeyCache<DataKey | 'gone'>(rememberedKeysHalf);
  const stored = (keyId: string): StoredKey | ClosedFor => {
    const key = store.key(keyId);
    return key === 'unknown' && search && isUuid(keyId) ? awaited(keyId, () => search.key(keyId)) : key;
  };
  const find = (keyId: string): DataKey | ClosedFor => {
    const known = remembered.get(keyId);
    if (known !== undefined) return known;
    const found = stored(keyId);
    // An unknown key may yet come, with a keyring put back from a backup; what is gone stays gone.
    if (found === 'unknown') return found;
    const key = found === 'gone' ? found : { id: keyId, extracted: extracted(found.key) };
    remembered.set(keyId, key);
    return key;
  };
  return {
    find, logSecret, writers,
    load: () => undefined,
    forget: (keyIds) => keyIds.forEach((id) => remembered.delete(id)),
    close: () => store.close(),
  };
};

const nobody = new Int32Array(new SharedArrayBuffer(4));

const awaited = (keyId: string, look: () => StoredKey | 'gone' | 'unknown'): StoredKey | 'gone' => {
  for (const afterMs of [0, ...looksAfterMs]) {
    if (afterMs > 0) Atomics.wait(nobody, 0, 0, afterMs);
    const found = look();
    if (found !== 'unknown') return found;
  }
  throw new Fault(`This node is behind: the key ${keyId}, which another node made, did not arrive in the shared folder. What is sealed by it is not lost. Look after the folder's storage and try again.`);
};

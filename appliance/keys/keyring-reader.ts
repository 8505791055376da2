import type { KeyObject } from 'node:crypto';
import type { ClosedFor, DataKey, OpeningKeys, WriterKeys } from '#src/sealing/keyring.ts';
import { extracted } from '#src/sealing/parts.ts';
import { KeyCache } from './key-cache.ts';
import { keyFolder } from './key-files.ts';
import { secretsOf } from './keyring-files.ts';
import { KeyringStore } from './keyring-store.ts';

/** A keyring that only opens, for threads that may wait for a disk: views, search, exports. */
export type KeyringReader = OpeningKeys & WriterKeys & {
  readonly logSecret: KeyObject;
  /** Drops keys that were destroyed from memory; the next `find` asks the disk. */
  readonly forget: (keyIds: readonly string[]) => void;
  readonly close: () => void;
};

/** Keys remembered, about 0.5 KB each. */
const rememberedKeysHalf = 8_000;

/** Opens `<dataFolder>/keys` read-only, beside the appliance that writes it. Throws `Fault` naming the file that is missing. */
export const openKeyringReader = (dataFolder: string): KeyringReader => {
  const store = new KeyringStore(keyFolder(dataFolder), 'read');
  const { logSecret, writers } = secretsOf(store);
  const remembered = new KeyCache<DataKey | 'gone'>(rememberedKeysHalf);
  const find = (keyId: string): DataKey | ClosedFor => {
    const known = remembered.get(keyId);
    if (known !== undefined) return known;
    const stored = store.key(keyId);
    // An unknown key may yet come, with a keyring put back from a backup; what is gone stays gone.
    if (stored === 'unknown') return stored;
    const key = stored === 'gone' ? stored : { id: keyId, extracted: extracted(stored.key) };
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

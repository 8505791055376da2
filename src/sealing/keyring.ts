import { createHmac, type KeyObject } from 'node:crypto';
import type { HmacKey } from './hmac.ts';
import type { Scope } from './scopes.ts';

/**
 * A data key as the sealer uses it. Only what HKDF extracts from it is kept: with an empty salt that is the same for every part,
 * so it is done once per key and not once per message.
 */
export type DataKey = { readonly id: string; readonly extracted: HmacKey };

/**
 * `gone`: destroyed, for good. `unknown`: this keyring never had it (it is older than the log); where several nodes share a keyring such a
 * key may still be on its way and is waited for instead. Neither opens anything.
 */
export type ClosedFor = 'gone' | 'unknown';

export type WriterKey = { readonly id: string; readonly key: HmacKey };

/** What whoever checks leaves needs: the keys by which appliances of this log sign what they write. */
export type WriterKeys = { readonly writers: ReadonlyMap<string, WriterKey> };

/** What whoever opens content needs. */
export type OpeningKeys = {
  /** From memory; `undefined` means: not in memory, `load` it first. A reader that may touch the disk never answers `undefined`. */
  readonly find: (keyId: string) => DataKey | ClosedFor | undefined;
  /**
   * After this resolves, and until the caller next waits, `find` answers for all of these; at most `keysAtOnceMax` at a time.
   * `undefined`: there is nothing to wait for. A key that another node made is waited for as long as it takes, so load no keys that
   * an event of somebody else's names.
   */
  readonly load: (keyIds: readonly string[]) => Promise<void> | undefined;
};

/** What whoever seals needs. */
export type SealingKeys = {
  /** The key by which this appliance signs its leaves. */
  readonly writer: WriterKey;
  /** An open, durable key of this scope, from memory; `undefined` means: `ready` first. */
  readonly openKey: (scope: Scope) => DataKey | undefined;
  /**
   * Finds or makes an open key for each scope (where nodes share a keyring, one that this node made). When this resolves they are on stable storage, and until the caller next waits
   * `openKey` answers for all of them; at most `keysAtOnceMax` at a time. `undefined`: there is nothing to wait for.
   * Rejects with `Fault` when the keyring cannot write; a keyring that failed to write to its own disk once never writes again, one
   * whose shared folder is away writes again when it is back, and until then rejects for keys in memory too.
   */
  readonly ready: (scopes: readonly Scope[]) => Promise<void> | undefined;
  /** Whether everything sealed under this key may still be appended: asked as the batch is handed over, because erasing closes a key first. */
  readonly isOpen: (keyId: string) => boolean;
};

export type Keyring = SealingKeys & OpeningKeys & WriterKeys & {
  /** Stays for ever; from it come ids and names that mean nothing to others (src/kernel/ids.ts). */
  readonly logSecret: KeyObject;
  /** Ed25519, for checkpoints. A lost one is made anew; custody announces it. */
  readonly signingKey: KeyObject;
};

/** An event of 256 KiB cannot hold, nor a batch of 500 events need, more keys than this. */
export const keysAtOnceMax = 2_000;

/** What `LogFounded` says, so that a keyring of another log is recognised: HMAC-SHA-256(log secret, log id), base64url. */
export const logCheck = (logSecret: KeyObject, logId: string): string => createHmac('sha256', logSecret).update(logId).digest('base64url');

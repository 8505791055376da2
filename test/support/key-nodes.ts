import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKeyring, openKeyring, type DiskKeyring } from '#appliance/keys/keyring.ts';
import { nodeIdOf } from '#appliance/keys/node-identity.ts';
import type { KeyPlaces } from '#appliance/keys/places.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import type { Scope } from '#src/sealing/scopes.ts';

/** Data folders of several nodes and the folder that they share, on this machine's disk: close-to-open consistency of NFS is not proved by it. */
export class KeyNodes {
  readonly base = mkdtempSync(join(tmpdir(), 'hansard-nodes-'));
  readonly shared = join(this.base, 'shared');
  readonly #open: DiskKeyring[] = [];

  constructor() {
    mkdirSync(this.shared);
  }

  placesOf(name: string): KeyPlaces {
    const dataFolder = join(this.base, name);
    mkdirSync(dataFolder, { recursive: true });
    return { dataFolder, keysFolder: this.shared };
  }

  keysFileOf(name: string): string {
    return join(this.shared, `${nodeIdOf(join(this.base, name))}.keys`);
  }

  /** The first makes the keys of the log, the others join. Closed with the nodes. */
  async start(name: string): Promise<DiskKeyring> {
    const places = this.placesOf(name);
    const keyring = readdirSync(this.shared).length === 0 ? await createKeyring(places) : await openKeyring(places);
    this.#open.push(keyring);
    return keyring;
  }

  async close(): Promise<void> {
    for (const keyring of this.#open) await keyring.close();
    rmSync(this.base, { recursive: true, force: true });
  }
}

export const aScope = (given: Partial<Scope> = {}): Scope => ({ stream: `conversation-${uuidv4()}`, subject: uuidv4(), class: 'text', month: '2026-05', ...given });

/** The id of an open key of the scope, which is made where there is none. */
export const openKeyOf = async (keyring: DiskKeyring, scope: Scope): Promise<string> => {
  await keyring.ready([scope]);
  return keyring.openKey(scope)!.id;
};

/** What the keyring has of a key when it was asked for it: the key, or why not. */
export const loaded = async (keyring: DiskKeyring, id: string): Promise<string | undefined> => {
  await keyring.load([id]);
  const found = keyring.find(id);
  return typeof found === 'object' ? found.extracted.toString('hex') : found;
};

import { resolve } from 'node:path';
import { keyFolder } from './key-files.ts';

/** Where an appliance keeps its keys; a data folder alone stands for the form of one node. */
export type KeyPlaces = {
  readonly dataFolder: string;
  /** A folder that every node of the log mounts (`HANSARD_KEYS`). Without it, or where it is `<data>/keys`, one node has all keys to itself. */
  readonly keysFolder?: string | undefined;
};

export type KeyFolders = {
  readonly dataFolder: string;
  /** `<data>/keys`: keyring.sqlite and the key of its epoch, this node's own in both forms. */
  readonly working: string;
  /** master.key and signing.key. */
  readonly common: string;
  /** Undefined where one node has all keys to itself. */
  readonly shared: string | undefined;
};

export const foldersOf = (places: KeyPlaces | string): KeyFolders => {
  const { dataFolder, keysFolder } = typeof places === 'string' ? { dataFolder: places } as KeyPlaces : places;
  const working = keyFolder(dataFolder);
  const shared = keysFolder === undefined || resolve(keysFolder) === resolve(working) ? undefined : resolve(keysFolder);
  return { dataFolder, working, common: shared ?? working, shared };
};

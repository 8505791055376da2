import { createSecretKey, type KeyObject } from 'node:crypto';
import { Fault } from '#src/kernel/fault.ts';
import { editionMacKey, type EditionKey } from './key-lines.ts';
import { unwrap, wrap } from './wrapping.ts';

/** The secrets that all nodes have in common: one JSON object, name to wrapped bytes. */
export const secretsFile = 'secrets.json';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}';
const keysName = new RegExp(`^(${uuid})\\.keys$`);

/** What a node tells the others; written by that node alone. */
export const keysFileOf = (node: string): string => `${node}.keys`;
/** The key of one edition of that file, wrapped by the master key. It is destroyed with the edition. */
export const editionKeyFileOf = (node: string, edition: string): string => `${node}.${edition}.kek`;
export const isEditionKeyOf = (node: string, name: string): boolean => name.startsWith(`${node}.`) && name.endsWith('.kek');

/** The nodes that have files among these names. */
export const nodesIn = (names: readonly string[]): readonly string[] => names.flatMap((name) => keysName.exec(name)?.[1] ?? []);

const editionKeyName = (node: string, edition: string): string => `hansard/edition-key/1/${node}/${edition}`;

export const editionKeyOf = (key: Uint8Array): EditionKey => ({ wrapping: createSecretKey(key), mac: editionMacKey(key) });

export const wrapEditionKey = (master: KeyObject, node: string, edition: string, key: Uint8Array): string => `${wrap(master, editionKeyName(node, edition), key).toString('base64url')}\n`;

export const unwrapEditionKey = (master: KeyObject, node: string, edition: string, text: string): EditionKey =>
  editionKeyOf(unwrap(master, editionKeyName(node, edition), Buffer.from(text.trim(), 'base64url')));

/** The shared folder cannot be used at the moment. It heals by itself. */
export class FolderAway extends Fault {
  override name = 'FolderAway';

  constructor(folder: string, cause: unknown) {
    const why = (cause instanceof Error ? cause.message : String(cause)).replace(/\.?$/, '.');
    super(`The folder of the keys ${folder} cannot be used: ${why} Nothing that was acknowledged is lost; nothing new is taken until it is back. Look after its storage; this node then goes on by itself.`, { cause });
  }
}

/** Another data folder writes under the id of this one. */
export class CopiedFolder extends Fault {
  override name = 'CopiedFolder';
}

import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Fault } from '#src/kernel/fault.ts';
import { isUuid, uuidv7 } from '#src/kernel/ids.ts';

/** What `<data>/node.json` says: which of the nodes of a log this data folder belongs to, and where its keys were moved to. */
type NodeFile = { readonly id: string; readonly keys?: string };

export const nodeFileOf = (dataFolder: string): string => join(dataFolder, 'node.json');

const readNode = (dataFolder: string): NodeFile | undefined => {
  const path = nodeFileOf(dataFolder);
  if (!existsSync(path)) return undefined;
  try {
    const node = JSON.parse(readFileSync(path, 'utf8')) as NodeFile;
    if (isUuid(node.id)) return node;
  } catch {
    // Said below.
  }
  throw new Fault(`${path} does not say which node this is. Delete it to give this data folder a new id; no key is lost by that.`);
};

const writeNode = (dataFolder: string, node: NodeFile): NodeFile => {
  const path = nodeFileOf(dataFolder);
  writeFileSync(`${path}.making`, `${JSON.stringify(node)}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.making`, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
  return node;
};

/** The UUIDv7 of this node, made once. Throws `Fault` where the file is damaged. */
export const nodeIdOf = (dataFolder: string): string => (readNode(dataFolder) ?? writeNode(dataFolder, { id: uuidv7(Date.now()) })).id;

/** The shared folder that this node's keys are in, as of its last start; undefined where there is none. */
export const keysMovedTo = (dataFolder: string): string | undefined => readNode(dataFolder)?.keys;

/** So that a start without `HANSARD_KEYS`, or with a folder that is not mounted, can say what is missing. */
export const rememberKeysMovedTo = (dataFolder: string, keysFolder: string): void => {
  const node = readNode(dataFolder);
  if (node?.keys !== keysFolder) writeNode(dataFolder, { id: node?.id ?? uuidv7(Date.now()), keys: keysFolder });
};

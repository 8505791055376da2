import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Fault } from '#src/kernel/fault.ts';

/**
 * The lock that makes this process the only one under its node's id, also where a data folder was copied to another machine. SQLite
 * takes it by fcntl, which NFSv4 keeps at the server; a process that ends drops it, a machine that dies does when its lease runs out.
 * Throws `Fault` when another holds it.
 */
export const lockNode = (folder: string, node: string): { readonly close: () => void } => {
  const lock = new DatabaseSync(join(folder, `${node}.lock`), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (cause) {
    lock.close();
    // SQLITE_BUSY (sqlite.org/rescode.html).
    if ((cause as { errcode?: number }).errcode !== 5) throw cause;
    throw new Fault(`Another appliance runs as node ${node} on the keys in ${folder}. Is this data folder a copy? Then delete its node.json, and it gets an id of its own. Where the other has only just died, try again in two minutes.`);
  }
};

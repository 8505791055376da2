import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configRows, credentialsOf, placesIn } from '#appliance/config.ts';
import { Fault } from '#src/kernel/fault.ts';
import { copyLog, type CopyProgress } from '#src/log/copy-log.ts';
import type { EventLog } from '#src/log/event-log.ts';
import { openSqliteLog } from '#src/log/sqlite/open-sqlite-log.ts';
import { printProgress, printReply, type Printing } from './print.ts';
import { exitCodes } from './verb.ts';

const said: Record<CopyProgress['doing'], string> = { comparing: 'Comparing what is there already', copying: 'Copying', verifying: 'Verifying leaf by leaf' };
const isDatabase = (place: string): boolean => /^esdb(\+discover)?:\/\//.test(place);

/**
 * `hansard log copy FROM TO`: a whole log from a data folder into an EventStoreDB, or back. Needs no house and serves nobody.
 * Rejects with a `Fault`, and nothing that was copied is lost: running it again goes on from there.
 */
export const logCopy = async (from: string, to: string, printing: Printing): Promise<number> => {
  if (isDatabase(from) === isDatabase(to)) throw new Fault('One of the two is a data folder, the other esdb://HOST:PORT. To move a data folder, copy its files while nothing runs.');
  const folder = resolve(isDatabase(from) ? to : from);
  const interrupted = new AbortController();
  const stop = (): void => interrupted.abort(new Fault('Interrupted. What was copied stays; the same command goes on from there.'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  const source = await openPlace(from, folder, 'source');
  try {
    const target = await openPlace(to, folder, 'target');
    try {
      const { events, root, before } = await copyLog(source, target, { signal: interrupted.signal, onProgress: ({ doing, done, of }) => printProgress({ done, of, what: said[doing] }) });
      const next = isDatabase(to)
        ? `The log is in ${to} now. Before you start with HANSARD_LOG, move ${placesIn(folder).log} out of the data folder, and keep it.`
        : `The log is in ${placesIn(folder).log} now. Before you start without HANSARD_LOG, remove ${placesIn(folder).logCopy}; the keys must be in ${join(folder, 'keys')}.`;
      return printReply({ is: 'answer', exit: exitCodes.fine, output: { events, before, root }, says: [`Copied ${events.toLocaleString('en')} events (${before.toLocaleString('en')} were there) and compared every one. Root of the tree on both sides: ${root}`, next] }, printing);
    } finally {
      await target.close();
    }
  } finally {
    await source.close();
  }
};

const openPlace = async (place: string, folder: string, side: 'source' | 'target'): Promise<EventLog> => {
  if (!isDatabase(place)) {
    const file = placesIn(folder).log;
    if (side === 'source' && !existsSync(file)) throw new Fault(`There is no log in ${folder}.`);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return openSqliteLog({ file, reserveBytes: 0 });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const credentials = credentialsOf(configRows(process.env));
  const { openEventStoreLog } = await import('#src/log/eventstoredb/open-event-store-log.ts');
  return openEventStoreLog({ url: place, file: placesIn(folder).logCopy, ...(credentials && { credentials }), onProgress: (events) => printProgress({ done: events, of: null, what: `Reading ${place}` }) });
};

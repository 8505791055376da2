import type { House } from '#appliance/house/house.ts';
import { theAppliance } from '#appliance/house/the-appliance.ts';
import { announceFilesStore } from '#src/custody/announce-files-store.ts';
import { nothingToRecord } from '#src/kernel/refusal.ts';
import type { JsonObject } from '#src/kernel/event.ts';
import { Fault } from '#src/kernel/fault.ts';
import { streams } from '#src/kernel/streams.ts';

type Ports = Pick<House, 'log' | 'foreign' | 'commandAs'>;

/** The store of files that custody names, as of now wherever it was recorded. */
export const announcedStore = async ({ log, foreign }: Pick<Ports, 'log' | 'foreign'>): Promise<string | undefined> => {
  await log.makeCurrent();
  for await (const page of log.readStream(streams.custody)) {
    for (const { type, data, position } of page) if (type === 'FilesStoreAnnounced' && !foreign.has(position)) return String((JSON.parse(data) as JsonObject)['store']);
  }
  return undefined;
};

/** Has this store named, unless one is; resolves with the one that is named then. */
export const announceStore = async (ports: Ports, store: string): Promise<string> => {
  const outcome = await ports.commandAs(theAppliance, announceFilesStore, { store }, { appendClass: 'essential' });
  if (!('refused' in outcome) || outcome.code === nothingToRecord.code) return store;
  const named = await announcedStore(ports);
  if (named === undefined) throw new Fault(`Nothing was started. The store of files could not be put on record: ${outcome.sentence}`);
  return named;
};

import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { House } from '#appliance/house/house.ts';
import type { Caller } from '#src/doors/door.ts';
import { Fault } from '#src/kernel/fault.ts';
import { placesIn, type Config } from '../config.ts';
import { Collector } from './collector.ts';
import { claimStore } from './claim-store.ts';
import { announcedStore, announceStore } from './announced-store.ts';
import { openFiles, type Files } from './files.ts';
import { Lanes } from './lanes.ts';
import { OpenReads } from './open-reads.ts';
import { placeText, type StorePlace } from './store-place.ts';
import { Previews } from './previews.ts';
import { uploadName } from './uploads.ts';

const openedLivesMs = 10 * 60_000;

/** A file that an officer has opened: what may be read without another look being recorded. */
export type OpenedFile = { readonly account: string; readonly inquiry: string; readonly conversationId: string; readonly revision: number; readonly expiresAt: number };

export type InTurn = <T>(account: string, fileId: string, work: () => Promise<T>) => Promise<T>;

/** `files`: undefined where no place for them is set up. */
export type SharedFiles = {
  readonly files: Files | undefined;
  readonly previews: Previews | undefined;
  readonly reads: OpenReads;
  /** What reserves, shares or gives up one upload, one after the other: what each of them decides still holds when it acts. */
  readonly inTurn: InTurn;
  readonly remember: (look: string, opened: Omit<OpenedFile, 'expiresAt'>) => number;
  /** Undefined too once the inquiry was closed, as of what this node has followed. */
  readonly opened: (look: string, inquiry: string, caller: Caller) => Promise<OpenedFile | undefined>;
  /** One round of tidying, now. */
  readonly collect: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const noFiles: SharedFiles = { files: undefined, previews: undefined, reads: new OpenReads(), inTurn: (_account, _fileId, work) => work(), remember: () => 0, opened: () => Promise.resolve(undefined), collect: () => Promise.resolve(), close: () => Promise.resolve() };

/** Where files are; undefined where the log is elsewhere and nobody said where every appliance finds them: then nothing is started. */
export const filesPlaceOf = ({ files, log, dataFolder }: Config): StorePlace | undefined => files ?? (log === undefined ? { kind: 'folder', folder: placesIn(dataFolder).files } : undefined);

const notSaid = 'Nothing was started. HANSARD_LOG names a log that several appliances may share, and HANSARD_FILES does not say where all of them keep what people share. Set it to a folder that every one of them mounts, or to a bucket: s3://BUCKET/PREFIX?endpoint=https://HOST&region=REGION.';

/** What is on its way stays on a disk; where several appliances share the folder, they share this too. */
const uploadsFolderOf = (place: StorePlace, { dataFolder }: Config): string => join(place.kind === 'folder' ? place.folder : placesIn(dataFolder).files, 'uploads');

/** Opens the store and claims it for this log. Rejects with a `Fault` where it is another's, or not the one that this log's files are in. */
const openClaimed = async (house: House): Promise<Files> => {
  const { config, logId, keyring, log } = house;
  const place = filesPlaceOf(config);
  if (place === undefined) throw new Fault(notSaid);
  const uploadsFolder = uploadsFolderOf(place, config);
  mkdirSync(dirname(uploadsFolder), { recursive: true, mode: 0o700 });
  const isSaid = config.files !== undefined;
  const files = openFiles(place, uploadsFolder, keyring.logSecret, config.reserveBytes);
  try {
    await claimStore(files, {
      logId, where: placeText(place), isNamed: isSaid && (await house.views.ask('files.any', {})).value,
      announced: () => announcedStore(house), announce: isSaid || log.isShared ? (store) => announceStore(house, store) : undefined,
    });
    return files;
  } catch (cause) {
    await files.close();
    throw cause;
  }
};

/** Rejects with a `Fault` as `openClaimed`. */
export const openSharedFiles = async (house: House): Promise<SharedFiles> => {
  const { config, clock } = house;
  const files = await openClaimed(house);
  const lanes = new Lanes();
  const inTurn: InTurn = (account, fileId, work) => lanes.take(uploadName(account, fileId), work);
  const collector = new Collector(house, files, inTurn);
  const previews = new Previews(placesIn(config.dataFolder).previews, files, clock, house.onFault);
  const looks = new Map<string, OpenedFile>();
  return {
    files,
    previews,
    reads: new OpenReads(),
    inTurn,
    remember(look, opened) {
      const now = clock();
      for (const [id, { expiresAt }] of looks) if (expiresAt < now) looks.delete(id);
      looks.set(look, { ...opened, expiresAt: now + openedLivesMs });
      return now + openedLivesMs;
    },
    async opened(look, inquiry, { account }) {
      const opened = looks.get(look);
      // Not there, not yours and too late look the same.
      if (!opened || opened.account !== account || opened.inquiry !== inquiry || opened.expiresAt < clock()) return undefined;
      const { value: isClosed } = await house.views.ask('archive.isClosed', { inquiry }, house.hub.position);
      return isClosed ? undefined : opened;
    },
    collect: () => collector.collect(),
    async close() {
      previews.close();
      await collector.close();
      await lanes.stop();
      await files.close();
    },
  };
};

import type { House } from '#appliance/house/house.ts';
import type { Caller } from '#src/doors/door.ts';
import { placesIn, type Config } from '../config.ts';
import { Collector } from './collector.ts';
import { claimFolder } from './folder-store.ts';
import { openFiles, type Files } from './files.ts';
import { Previews } from './previews.ts';

const openedLivesMs = 10 * 60_000;

/** A file that an officer has opened: what may be read without another look being recorded. */
export type OpenedFile = { readonly account: string; readonly inquiry: string; readonly conversationId: string; readonly revision: number; readonly expiresAt: number };

/** `files`: undefined where no place for them is set up. */
export type SharedFiles = {
  readonly files: Files | undefined;
  readonly previews: Previews | undefined;
  readonly remember: (look: string, opened: Omit<OpenedFile, 'expiresAt'>) => number;
  readonly opened: (look: string, inquiry: string, caller: Caller) => OpenedFile | undefined;
  /** One round of tidying, now. */
  readonly collect: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export const noFiles: SharedFiles = { files: undefined, previews: undefined, remember: () => 0, opened: () => undefined, collect: () => Promise.resolve(), close: () => Promise.resolve() };

/** Where files are; undefined where the log is elsewhere and nobody said where every appliance finds them. */
export const filesFolderOf = ({ filesFolder, log, dataFolder }: Config): string | undefined => filesFolder ?? (log === undefined ? placesIn(dataFolder).files : undefined);

/** Rejects with a `Fault` where the folder is another log's, or empty although files of this log are somewhere. */
export const openSharedFiles = async (house: House): Promise<SharedFiles> => {
  const { config, logId, keyring, clock } = house;
  const folder = filesFolderOf(config);
  if (folder === undefined) return noFiles;
  const isElsewhere = config.filesFolder !== undefined && (await house.views.ask('files.any', {})).value;
  claimFolder(folder, logId, isElsewhere);
  const files = openFiles(folder, keyring.logSecret, config.reserveBytes);
  const collector = new Collector(house, files);
  const previews = new Previews(placesIn(config.dataFolder).previews, files, clock, house.onFault);
  const looks = new Map<string, OpenedFile>();
  return {
    files,
    previews,
    remember(look, opened) {
      const now = clock();
      for (const [id, { expiresAt }] of looks) if (expiresAt < now) looks.delete(id);
      looks.set(look, { ...opened, expiresAt: now + openedLivesMs });
      return now + openedLivesMs;
    },
    opened(look, inquiry, { account }) {
      const opened = looks.get(look);
      // Not there, not yours and too late look the same.
      return opened && opened.account === account && opened.inquiry === inquiry && opened.expiresAt >= clock() ? opened : undefined;
    },
    collect: () => collector.collect(),
    async close() {
      previews.close();
      await collector.close();
      await files.close();
    },
  };
};

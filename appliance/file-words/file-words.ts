import { join } from 'node:path';
import type { Files } from '#appliance/files/files.ts';
import type { House } from '#appliance/house/house.ts';
import { openPage } from '#appliance/house/sealer.ts';
import type { Unreadable } from '#projections/search/query.ts';
import { removeFile } from '#projections/runner/view-file.ts';
import type { Opened } from '#src/every-event.ts';
import { Fault } from '#src/kernel/fault.ts';
import { streams } from '#src/kernel/streams.ts';
import { FileReader, type SharingOf } from './file-reader.ts';
import { ReaderProcess } from './reader-process.ts';
import { readingLimits, type ReadingLimits } from './reading.ts';
import { WordsClient } from './words-client.ts';
import type { FoundInside, InsideOfFile, InsideParams } from './words-store.ts';

/** What stands inside the files of the record, as far as this node has read them. */
export type FileWords = {
  readonly find: (params: InsideParams) => Promise<FoundInside | Unreadable>;
  readonly insides: (positions: readonly number[], words: string) => Promise<readonly InsideOfFile[]>;
  /** To be called once the key of a file is gone: its words go too, at once and for good. */
  readonly forget: (conversationId: string, fileId: string) => Promise<void>;
  /** Everything is read again, beginning now. */
  readonly readAgain: () => Promise<void>;
  readonly close: () => Promise<void>;
};

const ofHouses = new WeakMap<House, FileWords>();
/** Of a house whose doors are open. Throws where they are not. */
export const fileWordsOf = (house: House): FileWords => {
  const words = ofHouses.get(house);
  if (!words) throw new Fault('Nobody keeps the words inside files: the doors of the appliance are closed.');
  return words;
};

const fileOf = ({ config }: House): string => join(config.dataFolder, 'file-words.sqlite');

const sharingIn = ({ log, logId, keyring }: House): SharingOf => async (conversationId, revision) => {
  for await (const page of log.readStream(streams.conversation(conversationId), { from: revision, limit: 1 })) {
    const [event] = (await openPage(page, logId, keyring)) as readonly Opened[];
    return event?.type === 'FileShared' ? { event, leafHash: page[0]!.leafHash } : undefined;
  }
  return undefined;
};

/** Reads at its own pace, in log order, from where it left off; nobody waits for it. Without `files` nothing is read, and a search says so. */
export const openFileWords = (house: House, files: Pick<Files, 'read'> | undefined, limits: ReadingLimits = readingLimits): FileWords => {
  const { logId, views, log, onFault } = house;
  const data = { file: fileOf(house), logId };
  const writer = new WordsClient(data);
  // Whoever searches must not wait for a long text to be taken in. The file is made by the other one.
  const reader = writer.ask({ do: 'progress' }).then(() => new WordsClient(data));
  reader.catch(onFault);
  const process = new ReaderProcess(limits);
  const reading = files && new FileReader({ views, log, store: writer, process, limits, read: files.read, sharing: sharingIn(house), onFault });
  const words: FileWords = {
    find: async (params) => (await reader).ask({ do: 'find', params }),
    insides: async (positions, wanted) => (await reader).ask({ do: 'insides', positions, words: wanted }),
    async forget(conversationId, fileId) {
      const { value: place } = await views.ask('files.one', { conversationId, fileId, account: '' });
      if (place) await writer.ask({ do: 'forget', place: { position: place.position, conversationId, fileId } });
    },
    readAgain: async () => (reading ? reading.readAgain() : writer.ask({ do: 'clear' })),
    async close() {
      ofHouses.delete(house);
      await reading?.close();
      process.end();
      await reader.then((one) => one.close(), () => undefined);
      await writer.close();
    },
  };
  ofHouses.set(house, words);
  return words;
};

/** For the operator: also where the doors are closed, and nothing is being read. */
export const readFilesAgain = async (house: House): Promise<void> => {
  const running = ofHouses.get(house);
  if (running) await running.readAgain();
  else removeFile(fileOf(house));
};

import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl';
import { TooMuch, type ReadingLimits } from './reading.ts';

/** A zip whose directory could be read and holds no more than it may. */
export type Zip = {
  readonly names: readonly string[];
  readonly isEncrypted: boolean;
  /** Inflated bytes as they come; more of them than the directory says is an error. */
  readonly bytesOf: (name: string) => AsyncIterable<Uint8Array>;
};

/** Rejects with `TooMuch`, or with what is wrong with the zip. */
export const zipEntries = async (bytes: Uint8Array, limits: ReadingLimits): Promise<Zip> => {
  const file = await fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), { lazyEntries: true });
  if (file.entryCount > limits.entries) throw new TooMuch(`It has ${file.entryCount} entries.`);
  const entries = new Map<string, Entry>();
  let inflated = 0;
  for await (const entry of file.eachEntry()) {
    entries.set(entry.fileName, entry);
    // Pictures and fonts are not read; only what is read counts.
    if (entry.fileName.endsWith('.xml')) inflated += entry.uncompressedSize;
    if (inflated > limits.inflatedBytes) throw new TooMuch(`It inflates to more than ${limits.inflatedBytes} bytes.`);
  }
  return { names: [...entries.keys()], isEncrypted: [...entries.values()].some((entry) => entry.isEncrypted()), bytesOf: (name) => inflatedBytes(file, entries.get(name)!) };
};

async function* inflatedBytes(file: ZipFile, entry: Entry): AsyncGenerator<Uint8Array> {
  yield* (await file.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>;
}

import { fromBuffer } from 'yauzl';

/** The files of a zip as texts, by name. Rejects where it is not whole. */
export const filesIn = async (zip: Buffer): Promise<ReadonlyMap<string, string>> => new Map([...(await bytesIn(zip))].map(([name, bytes]) => [name, bytes.toString('utf8')]));

/** The same as bytes. */
export const bytesIn = (zip: Buffer): Promise<ReadonlyMap<string, Buffer>> =>
  new Promise((resolve, reject) => {
    const files = new Map<string, Buffer>();
    fromBuffer(zip, { lazyEntries: true }, (fault, archive) => {
      if (fault || !archive) return reject(fault);
      archive.on('error', reject);
      archive.on('end', () => resolve(files));
      archive.on('entry', (entry: { readonly fileName: string }) => {
        archive.openReadStream(entry as never, (fault, stream) => {
          if (fault || !stream) return reject(fault);
          const parts: Buffer[] = [];
          stream.on('data', (part: Buffer) => parts.push(part));
          stream.on('error', reject);
          stream.on('end', () => {
            files.set(entry.fileName, Buffer.concat(parts));
            archive.readEntry();
          });
        });
      });
      archive.readEntry();
    });
  });

export const jsonLines = (text: string | undefined): readonly Record<string, unknown>[] => (text ?? '').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);

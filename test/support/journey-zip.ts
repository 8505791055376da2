import { fromBuffer } from 'yauzl';

/** The files of a zip, by name. Rejects where it is not whole. */
export const filesIn = (zip: Buffer): Promise<ReadonlyMap<string, string>> =>
  new Promise((resolve, reject) => {
    const files = new Map<string, string>();
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
            files.set(entry.fileName, Buffer.concat(parts).toString('utf8'));
            archive.readEntry();
          });
        });
      });
      archive.readEntry();
    });
  });

export const jsonLines = (text: string | undefined): readonly Record<string, unknown>[] => (text ?? '').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>);

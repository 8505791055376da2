import type { BlobStore } from './blob-store.ts';
import { folderStore } from './folder-store.ts';
import type { StorePlace } from './store-place.ts';

/** The store at a place. What speaks to buckets is loaded only where one is named, in the thread that asks. */
export const openStore = async (place: StorePlace): Promise<BlobStore> => {
  if (place.kind === 'folder') return folderStore(place.folder);
  const [{ s3Connection }, { s3Store }] = await Promise.all([import('./s3-connection.ts'), import('./s3-store.ts')]);
  return s3Store(s3Connection(place));
};

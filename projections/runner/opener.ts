import type { Metadata } from '#src/kernel/event.ts';
import type { Opened } from '#src/every-event.ts';
import { checkLeaf, type LeafCheck } from '#src/ledger/leaf.ts';
import type { OpeningKeys, WriterKeys } from '#src/sealing/keyring.ts';
import { openText, type SealedContent } from '#src/sealing/seal.ts';
import { openedFrom, type FedEvent } from './fed-event.ts';

/**
 * How a thread of the views opens content: a module (file URL) that exports `openKeyringReader(places)`. It is named and not
 * imported, because the keyring's files belong to the appliance.
 */
export type KeyringSource = { readonly module: string; readonly places: { readonly dataFolder: string; readonly keysFolder?: string | undefined } };
type KeyringReader = OpeningKeys & WriterKeys & { readonly close: () => void };
type KeyringModule = { readonly openKeyringReader: (places: KeyringSource['places']) => KeyringReader };

export type Opener = {
  readonly open: (fed: FedEvent) => Opened;
  readonly check: (fed: FedEvent, previous: string | null) => LeafCheck;
  readonly close: () => void;
};

export const openOpener = async (source: KeyringSource, logId: string): Promise<Opener> => {
  const { openKeyringReader } = (await import(source.module)) as KeyringModule;
  const keys = openKeyringReader(source.places);
  const contentOf = (fed: FedEvent, event: Opened): string => {
    // Cheaper than parsing what has nothing sealed.
    if (!fed.data.includes('"sealed":')) return '{}';
    const { id, stream, type } = fed;
    const sealed: SealedContent = { id, stream, type, data: event.data as unknown as SealedContent['data'], schema: (event.metadata as Metadata).schema };
    return openText(sealed, logId, keys);
  };
  return {
    open: (fed) => (fed.content === null ? openedFrom(fed, (event) => contentOf(fed, event)) : openedFrom(fed)),
    check: (fed, previous) => checkLeaf(fed, logId, keys, previous),
    close: () => keys.close(),
  };
};

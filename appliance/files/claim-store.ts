import type { JsonObject } from '#src/kernel/event.ts';
import { Fault } from '#src/kernel/fault.ts';
import { uuidv4 } from '#src/kernel/ids.ts';
import type { BlobStore } from './blob-store.ts';

/** What a store is claimed for. `announced`: the store that custody names; `announce`: has it named, and says which one is named then. */
export type Claim = {
  readonly logId: string;
  /** As people read it. */
  readonly where: string;
  /** Files of this log are somewhere already, so a store without a mark cannot be theirs. */
  readonly isNamed: boolean;
  readonly announced: () => Promise<string | undefined>;
  /** Undefined where the store is in the data folder and nobody else could mean another. */
  readonly announce: ((store: string) => Promise<string>) | undefined;
};

const set = 'Set HANSARD_FILES to what the other appliances of this log have, or mount it.';

/**
 * Checks that the store is the one of this log, or makes an empty one its own: first the mark in the store, durable, then its name in
 * custody, so that every other appliance of the log can tell whether it found the same. Rejects with a `Fault` that says what to do.
 */
export const claimStore = async (store: Pick<BlobStore, 'readMark' | 'writeMark'>, { logId, where, isNamed, announced, announce }: Claim): Promise<void> => {
  const mark = (await store.readMark()) ?? (await newMark());
  const { log, id } = markOf(mark, where);
  if (log !== logId) throw new Fault(`Nothing was started. ${where} holds the files of another log. Set HANSARD_FILES to the place of this one.`);
  if (announce && (await announce(id)) !== id) throw new Fault(`Nothing was started. The files of this log are kept elsewhere: ${where} carries another mark than the record names. ${set}`);

  async function newMark(): Promise<string> {
    if (isNamed) throw new Fault(`Nothing was started. Files were shared in this log already, and they are not in ${where}. ${set}`);
    if (announce && (await announced()) !== undefined) throw new Fault(`Nothing was started. The files of this log are kept in a place that is marked, and ${where} is not. ${set}`);
    await store.writeMark(`${JSON.stringify({ log: logId, store: uuidv4() })}\n`);
    return (await store.readMark()) ?? '';
  }
};

/** A mark from before stores had ids of their own stands for the one store of its log. */
const markOf = (text: string, where: string): { readonly log: unknown; readonly id: string } => {
  try {
    const { log, store } = JSON.parse(text) as JsonObject;
    return { log, id: String(store ?? log) };
  } catch (cause) {
    throw new Fault(`Nothing was started. The mark of ${where} cannot be read. Put it back from a backup.`, { cause });
  }
};

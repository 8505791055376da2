import type { Clock } from '#src/kernel/clock.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import type { DeskPorts } from '#src/log/desk/ports.ts';
import { checkLeaf } from '#src/ledger/leaf.ts';
import type { Keyring } from '#src/sealing/keyring.ts';
import { scopesOf } from '#src/sealing/scopes.ts';
import { keysOf, openEvent, sealEvent, type SealedEvent } from '#src/sealing/seal.ts';

/**
 * Seals chains and opens pages for the desk. Waits for the disk only where a key is not in memory. `foreign`, where others write
 * to the log too: what comes from them is believed only with the mac of a writer of ours; the positions of the rest are added to it.
 */
export const sealerOf = (logId: string, keyring: Keyring, clock: Clock, foreign?: Set<number>): Pick<DeskPorts, 'seal' | 'open' | 'keysOpen'> => {
  const seal: DeskPorts['seal'] = (stream, after, events) => {
    const chain = (): readonly SealedEvent[] => {
      let previous = after.leafHash;
      return events.map(({ event, circumstances }, index) => {
        const sealed = sealEvent({ ...circumstances, event, eventId: uuidv7(clock()), log: logId, previous, revision: after.revision + 1 + index, stream }, keyring);
        previous = sealed.eventToAppend.leafHash;
        return sealed;
      });
    };
    const waiting = keyring.ready(events.flatMap(({ event }) => scopesOf(stream, event)));
    return waiting ? waiting.then(chain) : chain();
  };
  return {
    seal,
    open: (page) => openPage(foreign === undefined ? page : oursOf(page, logId, keyring, foreign), logId, keyring),
    keysOpen: (keys) => keys.every((key) => keyring.isOpen(key)),
  };
};

/** Before a key is looked for: an event that nobody of ours made may name any key, and hold anything. Its chain is checked by the views' guard. */
const oursOf = (page: readonly RecordedEvent[], logId: string, keyring: Keyring, foreign: Set<number>): readonly RecordedEvent[] =>
  page.filter((recorded) => {
    if (recorded.carry !== undefined) return true;
    const verdict = checkLeaf(recorded, logId, keyring);
    if (verdict === 'ours' || verdict === 'pruned') return true;
    foreign.add(recorded.position);
    return false;
  });

/** A page of the log, opened; parts whose key is gone are absent. */
export const openPage = async (page: readonly RecordedEvent[], logId: string, keyring: Keyring): Promise<readonly OpenedEvent[]> => {
  await keyring.load(keysOf(page));
  return page.map((recorded) => openEvent(recorded, logId, keyring).event);
};

import type { Clock } from '#src/kernel/clock.ts';
import type { OpenedEvent, RecordedEvent } from '#src/kernel/event.ts';
import { uuidv7 } from '#src/kernel/ids.ts';
import type { DeskPorts } from '#src/log/desk/ports.ts';
import type { Keyring } from '#src/sealing/keyring.ts';
import { scopesOf } from '#src/sealing/scopes.ts';
import { keysOf, openEvent, sealEvent, type SealedEvent } from '#src/sealing/seal.ts';

/** Seals chains and opens pages for the desk. Waits for the disk only where a key is not in memory. */
export const sealerOf = (logId: string, keyring: Keyring, clock: Clock): Pick<DeskPorts, 'seal' | 'open' | 'keysOpen'> => {
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
    open: (page) => openPage(page, logId, keyring),
    keysOpen: (keys) => keys.every((key) => keyring.isOpen(key)),
  };
};

/** A page of the log, opened; parts whose key is gone are absent. */
export const openPage = async (page: readonly RecordedEvent[], logId: string, keyring: Keyring): Promise<readonly OpenedEvent[]> => {
  await keyring.load(keysOf(page));
  return page.map((recorded) => openEvent(recorded, logId, keyring).event);
};

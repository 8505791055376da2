import { DatabaseSync } from 'node:sqlite';
import { placesIn } from '#appliance/config.ts';
import type { OpenedEvent } from '#src/kernel/event.ts';
import { wrapLog, type Appliance } from './appliance.ts';

export type HeldLog = {
  /** Resolves when an append is being held back. */
  readonly holding: Promise<void>;
  readonly letGo: () => void;
};

/** Every append to this stream waits before it reaches the disk, until it is let go. */
export const holdAppends = ({ house }: Appliance, stream: string): HeldLog => {
  const [holding, gate] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const takeOff = wrapLog(house, (sound) => ({
    async append(to, ...rest) {
      if (to === stream) {
        holding.resolve();
        await gate.promise;
      }
      return sound.append(to, ...rest);
    },
  }));
  return {
    holding: holding.promise,
    letGo() {
      takeOff();
      gate.resolve();
    },
  };
};

/** A broken build: it says yes while the append still waits. */
export const acknowledgeBeforeTheLog = ({ house }: Appliance, stream: string): (() => void) =>
  wrapLog(house, (held) => ({
    async append(to, expected, events, appendClass) {
      if (to !== stream) return held.append(to, expected, events, appendClass);
      void held.append(to, expected, events, appendClass);
      return { kind: 'appended', position: (await held.head()).size, revision: expected + events.length };
    },
  }));

/** A broken build: it pushes what it is about to append. */
export const pushBeforeTheLog = ({ house }: Appliance): (() => void) =>
  wrapLog(house, (sound) => ({
    async append(to, expected, events, appendClass) {
      const { size } = await sound.head();
      house.hub.follow(events.map(({ carry }, n) => ({ ...(carry as OpenedEvent), position: size + n, revision: expected + 1 + n })) as never, size + events.length - 1);
      // Long enough for a push to reach who listens.
      await new Promise((resolve) => setTimeout(resolve, 30));
      return sound.append(to, expected, events, appendClass);
    },
  }));

/** Reads the log's file beside the appliance: what is not there is not in the log. */
export const witnessOf = ({ folder }: Appliance): { readonly has: (position: number) => boolean; readonly close: () => void } => {
  const database = new DatabaseSync(placesIn(folder).log, { readOnly: true });
  const find = database.prepare('SELECT 1 FROM events WHERE position = ?');
  return { has: (position) => find.get(position) !== undefined, close: () => database.close() };
};

import { existsSync } from 'node:fs';
import { placesIn, readConfig } from '#appliance/config.ts';
import { askAppliance, reachAppliance } from '#appliance/operator/ask-appliance.ts';
import type { ReplyFrame } from '#appliance/operator/frames.ts';
import { Fault } from '#src/kernel/fault.ts';
import { printProgress, printReply, type Printing } from './print.ts';

/** Verbs that make sense in an empty folder. Looking into the wrong one must not found a log there. */
const founding = ['account.add', 'import.jsonl'];

/** Has a verb done by the running appliance; where none runs, opens the same house with its doors closed. Resolves with the exit code; rejects with a `Fault`. */
export const askHouse = async (name: string, input: Record<string, unknown>, printing: Printing): Promise<number> => {
  const config = readConfig(process.env);
  const socket = await reachAppliance(placesIn(config.dataFolder).operatorSocket);
  if (socket) return printReply(await askAppliance(socket, { verb: name, input }, printProgress), printing);
  if (!founding.includes(name) && config.log === undefined && !existsSync(placesIn(config.dataFolder).log) && !existsSync(placesIn(config.dataFolder).logCopy)) throw new Fault(`There is no Hansard in ${config.dataFolder}. "hansard start" makes one; HANSARD_DATA names another folder.`);
  // Loaded only where they are needed: most verbs are asked of a running appliance, and answer at once.
  const [{ openHouse }, { perform }] = await Promise.all([import('#appliance/house/house.ts'), import('#appliance/operator/perform.ts')]);
  const house = await openHouse(config);
  const interrupted = new AbortController();
  const onSignal = (): void => interrupted.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  try {
    const last: { frame?: ReplyFrame } = {};
    await perform(house, name, input, (frame) => (frame.is === 'progress' ? printProgress(frame) : (last.frame = frame)), interrupted.signal);
    return printReply(last.frame!, printing);
  } finally {
    await house.close();
  }
};

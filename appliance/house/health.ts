import { statfs } from 'node:fs/promises';
import type { z } from 'zod';
import type { health } from '#src/contract/administration.ts';
import { busHealthOf } from '../bus/bus-health.ts';
import { version } from '../version.ts';
import type { House } from './house.ts';

export type Health = z.infer<typeof health>;

const sparkMax = 40;
const lagMax = 5_000;

/** Is everything in order, and if not, what to do: a sentence for each thing that is wrong. */
export const healthOf = async ({ log, views, standing, hub, foreign, clock, config, flushTimes, following, currency, alarms, keyring, bus, instant, lease, virusCheck, turn }: House): Promise<Health> => {
  const [{ size, root }, disk, virusCheckSays] = await Promise.all([log.head(), statfs(config.dataFolder), virusCheck?.says() ?? null]);
  const stopped = log.stopped() ?? null;
  const states = views.states();
  const freeBytes = disk.bavail * disk.bsize;
  const totalBytes = disk.blocks * disk.bsize;
  const reserveBytes = config.reserveBytes ?? Math.max(Math.ceil(totalBytes * 0.05), 512 * 1024 * 1024);
  const says: string[] = [];
  if (stopped !== null) says.push(`The appliance has stopped writing: ${stopped} What was acknowledged is safe. Look at the disk, then start the appliance again.`);
  const behind = currency.behind();
  if (behind !== undefined) says.push(`Nobody is answered here now. ${behind}`);
  for (const { view, stopped: why, position } of states) if (why !== null) says.push(`The view ${view} stopped at position ${position + 1}: ${why} The record is safe. Rebuild it with "hansard rebuild ${view}".`);
  for (const { view, position, rebuilding } of states) if (!rebuilding && size - 1 - position > lagMax) says.push(`The view ${view} is ${size - 1 - position} events behind; it catches up by itself.`);
  for (const why of views.failures()) says.push(`${why} Questions take longer or go unanswered; the record is safe. Start the appliance again.`);
  says.push(...alarms.sentences(clock()));
  if (foreign.size > 0) says.push(`${foreign.size} ${foreign.size === 1 ? 'event' : 'events'} in the log were not written by this appliance. They are shown to nobody; see custody in the audit log, and find out who wrote to the data folder.`);
  if (freeBytes < reserveBytes) says.push('The disk is nearly full: posts are refused, officers can still look. Make room; nothing was lost.');
  const failed = following();
  if (failed) says.push(`This node no longer follows its log: ${failed} Start the appliance again.`);
  const [unsealed, keysBehind] = [keyring.stopped(), keyring.behind()];
  if (unsealed !== undefined) says.push(`Nothing can be sealed: ${unsealed} Posts are refused; reading goes on.`);
  if (keysBehind !== undefined) says.push(keysBehind);
  // Worth a look, but people are served: nobody is to be sent to another node for it.
  const instantSays = instant?.state().says ?? null;
  const notes = [busHealthOf(bus, clock()).says, instantSays, instantSays === null ? null : (lease?.says() ?? null), virusCheckSays, turn.state().says].filter((note) => note !== null);
  return {
    fine: says.length === 0, checkedAt: clock(), version, says: [...says, ...notes],
    log: { events: size, flushMedianMs: flushTimes.median, stopped, flushesMs: flushTimes.latest.slice(-sparkMax) },
    views: states.map(({ view, position, stopped: why }) => ({ view, position, behind: Math.max(0, size - 1 - position), stopped: why })),
    record: { foreign: foreign.size, root },
    disk: { freeBytes, totalBytes, reserveBytes },
    people: { accounts: standing.accountsCount, signedIn: standing.signedInCount, sockets: hub.sockets },
  };
};

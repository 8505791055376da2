import { z } from 'zod';
import { healthOf } from '#appliance/house/health.ts';
import { exitCodes, verb } from './verb.ts';

export const health = verb({
  name: 'health',
  input: z.strictObject({}),
  async run(house) {
    const found = await healthOf(house);
    const { log, views, people, disk } = found;
    const standings = views.map(({ view, behind, stopped }) => `${view}${stopped !== null ? ' stopped' : behind > 0 ? ` ${behind} behind` : ''}`);
    return {
      output: found,
      exit: found.fine ? exitCodes.fine : exitCodes.unhealthy,
      says: [
        ...(found.fine ? ['All is well.'] : found.says),
        `${log.events.toLocaleString('en')} events. ${people.accounts.toLocaleString('en')} accounts, ${people.signedIn} signed in, ${people.sockets} connected. ${Math.round(disk.freeBytes / 2 ** 30)} GiB free.`,
        `Views: ${standings.join(', ')}.`,
      ],
    };
  },
});

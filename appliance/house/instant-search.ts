import type { Clock } from '#src/kernel/clock.ts';
import type { Instant, InstantOptions } from '../instant/instant.ts';
import { placesIn, type Config } from '../config.ts';
import type { House } from './house.ts';
import { Lease } from './lease.ts';

export type InstantSearchPorts = Pick<InstantOptions, 'views' | 'log' | 'logId' | 'head'> & Pick<House, 'commandAs' | 'onFault'> & { readonly clock: Clock };

/** Find-as-you-type, where it is set up, with the lease by which one of the appliances on a log writes its index. Whoever opens it closes it before the lease. */
export const openInstantSearch = async (config: Config, { commandAs, onFault, clock, ...ports }: InstantSearchPorts): Promise<{ readonly instant: Instant | undefined; readonly lease: Lease | undefined }> => {
  if (!config.meili) return { instant: undefined, lease: undefined };
  const lease = new Lease({ name: 'instant-index', commandAs, log: ports.log, clock, onFault });
  const { openInstant } = await import('../instant/instant.ts');
  return { lease, instant: await openInstant({ ...ports, ...lease.forWriter, server: config.meili, checkpointFile: placesIn(config.dataFolder).instant }) };
};

import type { BusState } from '#src/doors/socket/bus.ts';

/** How somebody in a call was heard of last: by a socket of this node, or by what another one said (or not at all yet). */
export type Heard = { readonly at: number; readonly here: boolean };
export type Circumstances = {
  /** Other appliances may write to the same log. */
  readonly shared: boolean;
  /** Where nodes tell each other which devices they hold. */
  readonly bus: BusState | undefined;
};

/** A tab that is loaded again, or changes from one network to another, is back by then. */
const awayMs = 20_000;
/** After a restart, and for what another node holds: several of its announcements, and time to come back. */
const unheardMs = 30_000;
/** Without the bus this node cannot know whether the device is on another one by now. */
const awayWithoutBusMs = 5 * 60_000;
/** Nobody can be asked at all. No call lasts so long, and none stays in progress for ever. */
const unknownMs = 12 * 3_600_000;

/** When somebody who is not heard of counts as gone, ms UTC. Pure. */
export const goneAt = ({ at, here }: Heard, { shared, bus }: Circumstances): number => {
  if (bus?.state === 'connected') return here ? at + awayMs : Math.max(at, bus.since) + unheardMs;
  if (!shared) return at + (here ? awayMs : unheardMs);
  return at + (here ? awayWithoutBusMs : unknownMs);
};

import type { BusState } from '#src/doors/socket/bus.ts';
import type { BusCounts, NatsBus } from './nats-bus.ts';

/** For health and metrics. `counts` is null where there is no bus. */
export type BusHealth = { readonly state: BusState; readonly counts: BusCounts | null; readonly says: string | null };

/** Shorter is a restart of NATS, and nobody's business. */
const saysAfterMs = 15_000;
/** Clocks that differ show in this only. */
const staleMax = 10;

/** `says`: what a person should look at, or null. `now`: ms UTC. */
export const busHealthOf = (bus: Pick<NatsBus, 'state' | 'counts'> | undefined, now: number): BusHealth => {
  if (!bus) return { state: { state: 'off' }, counts: null, says: null };
  const [state, counts] = [bus.state(), bus.counts()];
  return { state, counts, says: saysOf(state, counts, now) };
};

const saysOf = (state: BusState, { dropped }: BusCounts, now: number): string | null => {
  if (state.state === 'cut' && now - state.since >= saysAfterMs) return state.says;
  if (dropped.forged > 0) return `${dropped.forged} messages on the bus were made by somebody without the key of this log. None was believed; find out who may write to NATS.`;
  if (dropped.stale > staleMax) return `${dropped.stale} messages of other appliances were more than 30 seconds old or ahead and not listened to. Messages people post are not concerned. Set the clocks of the machines.`;
  return null;
};

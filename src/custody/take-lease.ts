import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { refuse } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { LeaseTaken } from './events.ts';
import { isFreeFor, leaseMs } from './lease.ts';

export const leaseHeld = 'lease-held';

/** `lease`: what may have one holder at a time; `node`: one run of one appliance. */
export type TakeLease = { readonly lease: string; readonly node: string };

/**
 * Takes the next term of a lease, the holder's own too. Custody has one order and the append an exact revision, so of two
 * that take at once one is decided again, with the other as the holder.
 */
export const takeLease: UseCase<TakeLease, CustodyState, SystemPermit, World> = {
  name: 'takeLease',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { lease, node }, state, { at }) => {
    const standing = state.leases.get(lease);
    if (!isFreeFor(node, standing, at)) return refuse(leaseHeld, `Another appliance holds this (node ${standing!.node}). Nothing was changed; it is free when that one is closed or has been gone for eleven minutes.`);
    const fact: LeaseTaken = { type: 'LeaseTaken', data: { at, lease, node, term: (standing?.term ?? 0) + 1, until: at + leaseMs } };
    return [fact];
  },
  isSameIntent: ({ lease, node }, recorded) => recordsIntent(recorded, 'LeaseTaken', { lease, node }),
};

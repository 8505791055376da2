import type { LeaseReleased, LeaseTaken } from './events.ts';

/** A term. Renewed half-way, so that an appliance that is away for some minutes keeps it, and custody gets an event every five minutes. */
export const leaseMs = 600_000;
/** Clocks of two appliances differ by less than this. Nobody takes a lease before it has run out by the slower one. */
export const leaseSkewMs = 60_000;

/** Who holds a lease, as of custody's head. `node` is null once it was released; `until`: ms UTC by the holder's clock. Terms only grow. */
export type LeaseStanding = { readonly node: string | null; readonly term: number; readonly until: number };

/** Only the term that stands can be released; of a lease nobody knows of, the release is all there is. */
export const leaseAfter = (event: LeaseTaken | LeaseReleased, before: LeaseStanding | undefined): LeaseStanding => {
  const { at, node, term } = event.data;
  if (event.type === 'LeaseTaken') return { node, term, until: event.data.until };
  return before === undefined || (before.node === node && before.term === term) ? { node: null, term, until: at } : before;
};

/** Whether this node may take the lease at `at` (ms UTC): its own it may renew at any time. */
export const isFreeFor = (node: string, standing: LeaseStanding | undefined, at: number): boolean =>
  standing === undefined || standing.node === null || standing.node === node || at >= standing.until + leaseSkewMs;

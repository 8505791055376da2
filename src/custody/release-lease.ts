import { permitSystem, type SystemPermit } from '../accounts/permits.ts';
import type { World } from '../accounts/standing.ts';
import { nothingToRecord } from '../kernel/refusal.ts';
import { recordsIntent } from '../kernel/same-intent.ts';
import { streams } from '../kernel/streams.ts';
import type { UseCase } from '../kernel/use-case.ts';
import { custodyFold, type CustodyState } from './custody.ts';
import type { LeaseReleased } from './events.ts';

export type ReleaseLease = { readonly lease: string; readonly node: string; readonly term: number };

/** The holder is done before its term is: nobody needs to wait for the end. Only the term that stands can be released. */
export const releaseLease: UseCase<ReleaseLease, CustodyState, SystemPermit, World> = {
  name: 'releaseLease',
  stream: () => streams.custody,
  fold: custodyFold,
  permit: (_world, acting) => permitSystem(acting),
  decide: (_permit, { lease, node, term }, state, { at }) => {
    const standing = state.leases.get(lease);
    if (standing?.node !== node || standing.term !== term) return nothingToRecord;
    const fact: LeaseReleased = { type: 'LeaseReleased', data: { at, lease, node, term } };
    return [fact];
  },
  isSameIntent: ({ lease, node, term }, recorded) => recordsIntent(recorded, 'LeaseReleased', { lease, node, term }),
};

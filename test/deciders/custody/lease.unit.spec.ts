import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { custodyFold } from '#src/custody/custody.ts';
import { isFreeFor, leaseAfter, leaseMs, leaseSkewMs, type LeaseStanding } from '#src/custody/lease.ts';
import { releaseLease } from '#src/custody/release-lease.ts';
import { takeLease } from '#src/custody/take-lease.ts';
import { isRefusal } from '#src/kernel/refusal.ts';
import { decided, recorded, specOf } from '../given-when-then.ts';
import { adam, by, bySystem, idOf, noon } from '../people.ts';

const lease = 'instant-index';
const [north, south] = [idOf(801), idOf(802)];
const taken = (node: string, term: number, at = noon) => ({ stream: 'custody', type: 'LeaseTaken', data: { at, lease, node, term, until: at + leaseMs } });
const released = (node: string, term: number, at = noon) => ({ stream: 'custody', type: 'LeaseReleased', data: { at, lease, node, term } });

describe('taking a lease', () => {
  const { given } = specOf(takeLease);
  const runsOut = noon - leaseMs - leaseSkewMs;
  it('begins with the first term', () => given().when({ lease, node: north }, bySystem).then(taken(north, 1)));
  it('is refused while another node holds it, and says which', () => {
    given(taken(south, 1)).when({ lease, node: north }, bySystem).thenRefused('lease-held');
    expect(decided(takeLease, recorded([taken(south, 1)]), { lease, node: north }, bySystem)).toMatchObject({ sentence: expect.stringContaining(south) as string });
  });
  it('is refused until the slower of two clocks has seen it run out', () => given(taken(south, 1, runsOut + 1)).when({ lease, node: north }, bySystem).thenRefused('lease-held'));
  it('follows another node once its term has surely run out', () => given(taken(south, 4, runsOut)).when({ lease, node: north }, bySystem).then(taken(north, 5)));
  it('follows at once where the holder released it', () => given(taken(south, 4), released(south, 4)).when({ lease, node: north }, bySystem).then(taken(north, 5)));
  it('is how the holder renews it', () => given(taken(north, 4, noon - 1)).when({ lease, node: north }, bySystem).then(taken(north, 5)));
  it('is one for each name', () => given({ ...taken(south, 1), data: { ...taken(south, 1).data, lease: 'signing' } }).when({ lease, node: north }, bySystem).then(taken(north, 1)));
  it('is nobody\'s at a browser', () => given().when({ lease, node: north }, by(adam)).thenRefused('not-allowed'));
});

describe('releasing a lease', () => {
  const { given } = specOf(releaseLease);
  it('ends the term that stands', () => given(taken(north, 3)).when({ lease, node: north, term: 3 }, bySystem).then(released(north, 3)));
  it('ends no later term', () => given(taken(north, 3), taken(north, 4)).when({ lease, node: north, term: 3 }, bySystem).thenRefused('nothing-to-record'));
  it('ends nobody else\'s', () => given(taken(north, 3, noon - 2 * leaseMs), taken(south, 4)).when({ lease, node: north, term: 3 }, bySystem).thenRefused('nothing-to-record'));
  it('is done once', () => given(taken(north, 3), released(north, 3)).when({ lease, node: north, term: 3 }, bySystem).thenRefused('nothing-to-record'));
  it('is nobody\'s at a browser', () => given(taken(north, 3)).when({ lease, node: north, term: 3 }, by(adam)).thenRefused('not-allowed'));
});

/** Appliances take, renew and release in any order, each by a clock of its own. */
type Step = { readonly node: string; readonly does: 'takes' | 'releases'; readonly after: number; readonly clockOff: number };
const steps = fc.array(fc.record<Step>({ node: fc.constantFrom(north, south, idOf(803)), does: fc.constantFrom('takes', 'takes', 'takes', 'releases'), after: fc.integer({ min: 0, max: 2 * leaseMs }), clockOff: fc.integer({ min: -leaseSkewMs / 2, max: leaseSkewMs / 2 }) }), { maxLength: 40 });

/** In true time: from when to when each holder is sure of a term, by a clock that only counts. Whether two ever overlap. */
const overlaps = (story: readonly Step[], take: (standing: LeaseStanding | undefined, node: string, at: number) => boolean): boolean => {
  let standing: LeaseStanding | undefined;
  let now = noon;
  let sure: { readonly node: string; readonly until: number } | undefined;
  for (const { node, does, after, clockOff } of story) {
    now += after;
    const at = now + clockOff;
    if (does === 'releases') {
      const own = standing?.node === node ? standing : undefined;
      if (!own) continue;
      standing = leaseAfter({ type: 'LeaseReleased', data: { at, lease, node, term: own.term } }, standing);
      sure = undefined;
    } else if (take(standing, node, at)) {
      if (sure && sure.node !== node && sure.until > now) return true;
      standing = leaseAfter({ type: 'LeaseTaken', data: { at, lease, node, term: (standing?.term ?? 0) + 1, until: at + leaseMs } }, standing);
      sure = { node, until: now + leaseMs };
    }
  }
  return false;
};

describe('a lease', () => {
  it('is never sure for two at once, where clocks differ by less than a minute', () => {
    fc.assert(fc.property(steps, (story) => !overlaps(story, (standing, node, at) => isFreeFor(node, standing, at))), { numRuns: 300 });
  });

  it('would be for two in a build that takes it at the end of the term by its own clock, and the same test sees it', () => {
    const eager = (standing: LeaseStanding | undefined, node: string, at: number): boolean => isFreeFor(node, standing, at + leaseSkewMs);
    const late = [{ node: north, does: 'takes', after: 0, clockOff: -leaseSkewMs / 2 }, { node: south, does: 'takes', after: leaseMs - 1, clockOff: leaseSkewMs / 2 }] as const;
    expect([overlaps(late, eager), overlaps(late, (standing, node, at) => isFreeFor(node, standing, at))]).toEqual([true, false]);
  });

  it('of a state folded from custody is the one that decides', () => {
    const state = recorded([taken(south, 1), released(south, 1), taken(north, 2)]).reduce((folded, event) => custodyFold.evolve(folded, event), custodyFold.initial());
    expect(state.leases).toEqual(new Map([[lease, { node: north, term: 2, until: noon + leaseMs }]]));
    expect(isRefusal(decided(takeLease, recorded([taken(south, 1), released(south, 1), taken(north, 2)]), { lease, node: south }, bySystem))).toBe(true);
  });
});

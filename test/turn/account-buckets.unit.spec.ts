import { describe, expect, it } from 'vitest';
import { AccountBuckets } from '#appliance/turn/account-buckets.ts';

const perSecond = 1_000;
const [alice, bob] = ['alice', 'bob'];
const nobody: ReadonlySet<string> = new Set();

describe('what accounts may send', () => {
  it('is one bucket for each, as long as it has an allocation', () => {
    const buckets = new AccountBuckets(perSecond);
    const first = buckets.of(alice, nobody, 0);
    expect(buckets.of(alice, new Set([alice]), 60_000)).toBe(first);
    expect(buckets.of(bob, new Set([alice]), 60_000)).not.toBe(first);
    expect(buckets.of(alice, new Set([alice, bob]), 120_000)).toBe(first);
  });
  it('is forgotten of those who have none any more: a thousand guests leave one behind', () => {
    const buckets = new AccountBuckets(perSecond);
    for (let n = 0; n < 1_000; n += 1) buckets.of(`guest ${n}`, nobody, n);
    expect(buckets.size).toBe(1);
  });
  it('is not given anew to who ends an allocation and asks for another', () => {
    const buckets = new AccountBuckets(perSecond);
    expect(buckets.of(alice, nobody, 0).take(1_900, 0)).toBe(true);
    expect(buckets.of(alice, nobody, 1_999).take(1_900, 1_999)).toBe(false);
    expect(buckets.of(bob, nobody, 4_000).take(1_900, 4_000)).toBe(true);
    expect(buckets.size).toBe(1);
  });
});

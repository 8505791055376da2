import { describe, expect, it } from 'vitest';
import { Outgoing } from '#appliance/bus/outgoing.ts';

const all = (outgoing: Outgoing, now: number): readonly string[] => {
  const taken: string[] = [];
  for (let next = outgoing.take(now); next; next = outgoing.take(now)) taken.push(next.bodyText);
  return taken;
};

describe('what waits to be sent', () => {
  it('goes out in order', () => {
    const outgoing = new Outgoing();
    for (const text of ['1', '2', '3']) outgoing.put('s', text, 0);
    expect([all(outgoing, 0), outgoing.size, outgoing.dropped]).toEqual([['1', '2', '3'], 0, 0]);
  });
  it('loses its oldest when there are too many', () => {
    const outgoing = new Outgoing();
    for (let n = 0; n < 5_000; n += 1) outgoing.put('s', String(n), 0);
    expect([outgoing.size, outgoing.dropped]).toEqual([1_024, 5_000 - 1_024]);
    expect(all(outgoing, 0)).toEqual(Array.from({ length: 1_024 }, (_, n) => String(n + 5_000 - 1_024)));
  });
  it('loses its oldest when there is too much', () => {
    const outgoing = new Outgoing();
    for (let n = 0; n < 200; n += 1) outgoing.put('s', 'x'.repeat(64 * 1024), 0);
    expect([outgoing.size, outgoing.dropped]).toEqual([128, 72]);
  });
  it('is given up when it waited for more than five seconds', () => {
    const outgoing = new Outgoing();
    outgoing.put('s', 'old', 0);
    outgoing.put('s', 'new', 1);
    expect([all(outgoing, 5_001), outgoing.dropped]).toEqual([['new'], 1]);
  });
  it('takes up no room for what is gone', () => {
    const outgoing = new Outgoing();
    for (let n = 0; n < 10_000; n += 1) {
      outgoing.put('s', String(n), 0);
      expect(outgoing.take(0)?.bodyText).toBe(String(n));
    }
    expect(outgoing.size).toBe(0);
  });
});

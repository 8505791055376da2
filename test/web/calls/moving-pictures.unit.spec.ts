import { describe, expect, it } from 'vitest';
import { seesMove } from '#test/support/journey-calls.ts';
import type { Tab } from '#test/support/journey-tab.ts';

/** A tab that counts so many frames of Bob's picture at each look, and as at the last one from then on; undefined where he has no tile. */
const showing = (...looks: readonly (number | undefined)[]): Tab => {
  let at = 0;
  const evaluateAll = async () => {
    const frames = looks[Math.min(at++, looks.length - 1)];
    return frames === undefined ? {} : { bob: frames };
  };
  return { name: 'alice', page: { locator: () => ({ evaluateAll }), waitForTimeout: () => new Promise((resolve) => setTimeout(resolve)) } } as unknown as Tab;
};
const looks = (tab: Tab): Promise<number | undefined> => seesMove(tab, ['bob'], 60).then(({ bob }) => bob);

describe('what journeys take for a moving picture', () => {
  it('shows more than it did, or than when it came or began anew', async () => {
    expect(await looks(showing(7, 7, 8))).toBe(8);
    expect(await looks(showing(undefined, undefined, 3, 4))).toBe(4);
    expect(await looks(showing(50, undefined, 0, 1, 2))).toBe(2);
  });
  it('is none that stands still, whenever it came', async () => {
    for (const still of [[7], [undefined], [undefined, 1], [0, 1], [undefined, 0, 4], [50, undefined, 1], [50, 0, 1]]) await expect(looks(showing(...still))).rejects.toThrow('moving pictures');
  });
});

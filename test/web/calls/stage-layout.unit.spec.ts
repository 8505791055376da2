import { describe, expect, it } from 'vitest';
import { columnsFor, layoutOf, type StageWish } from '#web/calls/stage-layout.ts';

const one = (name: string, screen = false) => ({ device: name, account: name, screen });
const stage = (more: Partial<StageWish> = {}): StageWish => ({ people: [one('bob'), one('carol')], own: one('me'), spotlight: false, pinned: null, speaker: null, ...more });
const keys = (wish: StageWish) => {
  const { main, others, corner } = layoutOf(wish);
  return { main: main?.key ?? null, others: others.map(({ key }) => key), corner: corner?.key ?? null };
};

describe('the stage', () => {
  it('shows everybody in the order in which they came, oneself last', () => expect(keys(stage())).toEqual({ main: null, others: ['bob', 'carol', 'me'], corner: null }));
  it('gives two people the room, and puts oneself in a corner', () => expect(keys(stage({ people: [one('bob')] }))).toEqual({ main: null, others: ['bob'], corner: 'me' }));
  it('makes a shared screen large', () => expect(keys(stage({ people: [one('bob'), one('carol', true)] }))).toEqual({ main: 'carol/screen', others: ['bob', 'carol', 'me'], corner: null }));
  it('makes whoever is pinned larger than a screen', () => expect(keys(stage({ people: [one('bob'), one('carol', true)], pinned: 'bob' })).main).toBe('bob'));
  it('puts the light on whoever speaks, and on the first while nobody does', () => {
    expect(keys(stage({ spotlight: true, speaker: 'carol' })).main).toBe('carol');
    expect(keys(stage({ spotlight: true })).main).toBe('bob');
    expect(keys(stage({ spotlight: true, people: [] }))).toEqual({ main: null, others: ['me'], corner: null });
  });
  it('forgets a pin of somebody who left', () => expect(keys(stage({ pinned: 'dora' })).main).toBeNull());
  it('makes tiles as large as the room allows', () => {
    expect([1, 2, 4, 8].map((tiles) => columnsFor(tiles, 1_200, 700))).toEqual([1, 2, 2, 3]);
    expect([1, 2, 4, 8].map((tiles) => columnsFor(tiles, 300, 600))).toEqual([1, 1, 1, 2]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Membership } from '#src/conversations/permits.ts';
import type { ViewedRange } from '#src/reading/events.ts';
import { subtract, unite, type Ranges } from '#src/reading/ranges.ts';
import { reportViewed, type ReportViewed } from '#src/reading/report-viewed.ts';
import { recorded, specOf } from '../given-when-then.ts';
import { aSpace, aSpaceJoin, aSpaceLeave, aSuspension, channel, group, space } from '../makers.ts';
import { alice, bob, by, nobody, noon } from '../people.ts';

const { given } = specOf(reportViewed);
const aMembership = (data: Partial<Membership> = {}): Membership => ({ conversation: group, head: 99, joined: 0, kind: 'group', memberCount: 2, space: null, under: null, ...data });
const seen = (from: number, to: number, conversationId = group, at = noon) => ({ at, conversationId, from, to });
const range = (from: number, to: number, conversation = group, at = noon): ViewedRange => ({ at, conversation, from, to });
const aReport = (ranges: ReportViewed['ranges'], input: Partial<ReportViewed> = {}): ReportViewed => ({ memberships: [aMembership()], ranges, rule: 1, ...input });
const aViewing = (ranges: readonly ViewedRange[], account = alice, rule = 1) => ({ stream: `reading-${account}`, type: 'Viewed', data: { account, at: noon, ranges, rule } });

describe('reporting what was viewed', () => {
  it('records the ranges, when each arrived, and the rule', () =>
    given().when(aReport([seen(1, 5, group, noon - 9), seen(8, 8)], { rule: 2 })).then(aViewing([range(1, 5, group, noon - 9), range(8, 8)], alice, 2)));
  it('records only what is new', () => given(aViewing([range(1, 5)])).when(aReport([seen(3, 9)])).then(aViewing([range(6, 9)])));
  it('records the gap between what was viewed', () => given(aViewing([range(1, 3), range(7, 9)])).when(aReport([seen(0, 10)])).then(aViewing([range(0, 0), range(4, 6), range(10, 10)])));
  it('records one thing once in one report', () => given().when(aReport([seen(1, 5), seen(4, 7)])).then(aViewing([range(1, 5), range(6, 7)])));
  it('records nothing where all was viewed', () => given(aViewing([range(1, 3)]), aViewing([range(4, 9)])).when(aReport([seen(2, 8)])).thenRefused('nothing-to-record'));
  it('records nothing for nothing', () => given().when(aReport([])).thenRefused('nothing-to-record'));
  it('records nothing for a range that ends before it begins', () => given().when(aReport([seen(5, 4)])).thenRefused('nothing-to-record'));
  it('keeps one conversation and one person apart from another', () => {
    given(aViewing([range(1, 5, channel)])).when(aReport([seen(1, 5)])).then(aViewing([range(1, 5)]));
    given(aViewing([range(1, 5)], bob)).when(aReport([seen(1, 5)])).then(aViewing([range(1, 5)]));
  });
  it('believes nothing beyond the head', () => given().when(aReport([seen(98, 200)])).then(aViewing([range(98, 99)])));
  it('leaves out, without a word, a conversation that one is not in', () => {
    given().when(aReport([seen(1, 5), seen(1, 5, channel)])).then(aViewing([range(1, 5)]));
    given().when(aReport([seen(1, 5, channel)])).thenRefused('nothing-to-record');
  });
  it('leaves out a channel whose space one has left', () => {
    const memberships = [aMembership({ conversation: channel, kind: 'channel', space, under: 1 })];
    given(aSpace(bob), aSpaceJoin(alice)).when(aReport([seen(1, 5, channel)], { memberships })).then(aViewing([range(1, 5, channel)]));
    given(aSpace(bob), aSpaceJoin(alice), aSpaceLeave(alice, 1)).when(aReport([seen(1, 5, channel)], { memberships })).thenRefused('nothing-to-record');
  });
  it('leaves out a conversation with too many members for receipts', () => {
    given().when(aReport([seen(1, 5)], { memberships: [aMembership({ memberCount: 200 })] })).then(aViewing([range(1, 5)]));
    given().when(aReport([seen(1, 5)], { memberships: [aMembership({ memberCount: 201 })] })).thenRefused('nothing-to-record');
  });
  it('obeys the setting of how many that is', () => {
    const off = { stream: 'settings', type: 'SettingPut', data: { at: noon, before: null, by: bob, name: 'receiptsMembersMax', scope: { id: null, kind: 'global' }, value: '0' } };
    given(off).when(aReport([seen(1, 5)])).thenRefused('nothing-to-record');
  });
  it('refuses who is suspended and who has no account', () => {
    given(aSuspension(alice)).when(aReport([seen(1, 5)])).thenRefused('not-allowed');
    given().when(aReport([seen(1, 5)]), by(nobody)).thenRefused('signed-out');
  });
  it('knows a report that lacks what was recorded, or another rule, for another intent', () => {
    const first = recorded([aViewing([range(4, 9)])]);
    expect(reportViewed.isSameIntent(aReport([seen(1, 9)]), first)).toBe(true);
    expect(reportViewed.isSameIntent(aReport([seen(1, 8)]), first)).toBe(false);
    expect(reportViewed.isSameIntent(aReport([seen(1, 9, channel)]), first)).toBe(false);
    expect(reportViewed.isSameIntent(aReport([seen(1, 9)], { rule: 2 }), first)).toBe(false);
  });
});

describe('ranges', () => {
  const members = (ranges: Ranges): readonly number[] => ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, n) => from + n));
  /** Every set of revisions below `size`, as ranges. */
  const everySet = (size: number): readonly Ranges[] =>
    Array.from({ length: 2 ** size }, (_, bits) => Array.from({ length: size }, (_unused, n) => n).filter((n) => bits & (1 << n)).reduce<Ranges>((ranges, n) => unite(ranges, [[n, n]]), []));

  it('unite to what is in either, in order and without touching', () => {
    for (const one of everySet(5)) {
      for (const other of everySet(5)) {
        const united = unite(one, other);
        expect(members(united)).toEqual([...new Set([...members(one), ...members(other)])].sort((a, b) => a - b));
        expect(united.every(([from], index) => index === 0 || united[index - 1]![1] + 1 < from)).toBe(true);
      }
    }
  });
  it('subtract to what is in the one and not in the others', () => {
    for (const ranges of everySet(6)) {
      for (let from = 0; from < 6; from += 1) {
        for (let to = from; to < 6; to += 1) expect(members(subtract([from, to], ranges))).toEqual(members([[from, to]]).filter((n) => !members(ranges).includes(n)));
      }
    }
  });
});

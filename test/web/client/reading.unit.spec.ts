import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Answer } from '#web/client/answer.ts';
import { Reading, type Report } from '#web/client/reading.ts';

const recorded: Answer<unknown> = { ok: true, output: { revision: 1 } };

const given = (answer: () => Promise<Answer<unknown>> = async () => recorded) => {
  const reports: Report[] = [];
  const cursors: (readonly [string, number])[] = [];
  let kept: readonly Report[] = [];
  const reading = new Reading({
    report: (report) => (reports.push(report), answer()),
    readUpTo: async (conversationId, revision) => (cursors.push([conversationId, revision]), recorded),
    keep: (all) => (kept = all),
    everyMs: 5_000,
  });
  return { reading, reports, cursors, kept: () => kept };
};
const rangesOf = (report: Report | undefined) => report?.ranges.map(({ from, to }) => [from, to]);

describe('what was viewed', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is told at once after a quiet time, then every five seconds at most', () => {
    const { reading, reports } = given();
    reading.viewed('a', [1, 2, 3], true);
    expect(reports.map(rangesOf)).toEqual([[[1, 3]]]);
    reading.viewed('a', [4], true);
    vi.advanceTimersByTime(1_000);
    reading.viewed('a', [5], true);
    expect(reports).toHaveLength(1);
    vi.advanceTimersByTime(4_000);
    expect(reports.map(rangesOf)).toEqual([[[1, 3]], [[4, 5]]]);
    vi.advanceTimersByTime(60_000);
    reading.viewed('a', [6], true);
    expect(reports).toHaveLength(3);
  });
  it('is told as ranges: a jump to the end marks nothing it skipped', () => {
    const { reading, reports } = given();
    reading.viewed('a', [1, 2, 98, 99], true);
    expect(rangesOf(reports[0])).toEqual([[1, 2], [98, 99]]);
  });
  it('is told once', () => {
    const { reading, reports } = given();
    reading.viewed('a', [1], true);
    reading.viewed('a', [1], true);
    reading.flush();
    expect(reports).toHaveLength(1);
  });
  it('is flushed on leaving', () => {
    const { reading, reports, cursors } = given();
    reading.viewed('a', [1], true);
    reading.viewed('a', [2], true);
    reading.left('a');
    expect(reports.map(rangesOf)).toEqual([[[1, 1]], [[2, 2]]]);
    expect(cursors).toEqual([['a', 1], ['a', 2]]);
  });
  it('is kept until it is answered', async () => {
    let answer: (answer: Answer<unknown>) => void = () => undefined;
    const { reading, kept } = given(() => new Promise((resolve) => (answer = resolve)));
    reading.viewed('a', [1], true);
    expect(kept()).toHaveLength(1);
    answer(recorded);
    await vi.waitFor(() => expect(kept()).toEqual([]));
  });
  it('is told again under its commandId by the next page', () => {
    const { reading, reports } = given();
    const report: Report = { commandId: 'c', ranges: [{ conversationId: 'a', from: 1, to: 2 }] };
    reading.resume([report]);
    expect(reports).toEqual([report]);
  });
  it('is no evidence where there are no receipts, and moves the cursor all the same', () => {
    const { reading, reports, cursors } = given();
    reading.viewed('a', [1, 2], false);
    expect([reports, cursors]).toEqual([[], [['a', 2]]]);
  });
  it('moves the cursor up only', () => {
    const { reading, cursors } = given();
    reading.startsAt('a', 10);
    reading.viewed('a', [3, 4], true);
    expect(cursors).toEqual([]);
    reading.viewed('a', [11], true);
    reading.flush();
    expect(cursors).toEqual([['a', 11]]);
  });
  it('moves no cursor over what was seen while it was held', () => {
    const { reading, reports, cursors } = given();
    reading.hold('a');
    reading.viewed('a', [90, 91], true);
    reading.release('a');
    reading.viewed('a', [5], true);
    reading.flush();
    expect(reports.map(rangesOf)).toEqual([[[90, 91]], [[5, 5]]]);
    expect(cursors).toEqual([['a', 5]]);
  });
  it('moves no cursor after marking unread, until the conversation is left', () => {
    const { reading, cursors } = given();
    reading.viewed('a', [1], true);
    reading.hold('a');
    reading.viewed('a', [2, 3], true);
    reading.flush();
    expect(cursors).toEqual([['a', 1]]);
    reading.left('a');
    reading.startsAt('a', 1);
    reading.viewed('a', [2, 3], true);
    reading.flush();
    expect(cursors).toEqual([['a', 1], ['a', 3]]);
  });
});

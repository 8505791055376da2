import { describe, expect, it } from 'vitest';
import type { LifeLine } from '#src/contract/timeline.ts';
import { lifeWords } from '#web/screens/conversation/life-words.ts';
import { rowsOf } from '#web/screens/conversation/timeline-rows.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const aLine = (what: LifeLine['what'], account: string | null, by: string | null = account, revision = 1): LifeLine => ({ kind: 'life', revision, at: noon, what, account, by, title: null, importedSaidAt: null });
const says = (...lines: readonly LifeLine[]): string => lifeWords(lines, (account) => account);

describe('the life of a conversation in words', () => {
  it('says who did what to whom', () => {
    expect([says(aLine('joined', 'Gita')), says(aLine('joined', 'Gita', 'Alice')), says(aLine('left', 'Gita')), says(aLine('removed', 'Gita', 'Alice')), says(aLine('closed', 'Alice'))]).toEqual([
      'Gita joined.', 'Alice invited Gita.', 'Gita left.', 'Alice removed Gita.', 'Alice closed this conversation. The record keeps it.',
    ]);
  });

  it('names nobody as the author of what the appliance did', () => {
    expect([says(aLine('left-alone', 'Gita', null)), says(aLine('absent', 'Gita', null)), says(aLine('left-at-end', 'Gita', null)), says(aLine('over', null))]).toEqual([
      'Gita was sent off, because nobody of the house was there.', 'Gita was away for too long, and is out of the meeting.', 'Gita left with the end of the meeting.', 'The meeting is over. The record keeps it.',
    ]);
  });

  it('is one row for several whom the same befell', () => {
    const guests = ['Gita', 'Hugo', 'Ines', 'Jon', 'Kim'].map((name, n) => aLine('left-alone', name, null, n));
    const rows = rowsOf([...guests, aLine('left-at-end', 'Lee', null, 9)], [], null, 'me').flatMap((row) => (row.kind === 'life' ? [says(...row.lines)] : []));
    expect(rows).toEqual(['Gita, Hugo, Ines and 2 others were sent off, because nobody of the house was there.', 'Lee left with the end of the meeting.']);
  });
});

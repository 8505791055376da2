import { describe, expect, it } from 'vitest';
import type { Visit } from '#src/contract/meetings.ts';
import { goneWords } from '#web/screens/meeting/gone-words.ts';

const aVisit = (rest: Partial<Visit>): Visit => ({
  conversationId: '', account: '', name: 'Gita', title: 'The harbour', organisation: 'Quay', notice: '', place: 'gone', left: null, begun: false, knocking: false, over: false, call: null, people: [], ...rest,
});
const told = (rest: Partial<Visit>): string => Object.values(goneWords(aVisit(rest))).join(': ');

describe('what a guest is told who is out', () => {
  it('is why, each in its own words', () => {
    expect((['self', 'removed', 'left-alone', 'absent'] as const).map((left) => told({ left }))).toEqual([
      'You are not in the meeting any more: You left “The harbour”. What was written in it is kept.',
      'You are not in the meeting any more: The host took you out of “The harbour”. What was written in it is kept.',
      'You are not in the meeting any more: Nobody of Quay was in “The harbour” for too long, so its guests were sent off. What was written in it is kept.',
      'You are not in the meeting any more: You were away from “The harbour” for too long, so your place was given up. What was written in it is kept.',
    ]);
    expect(told({ place: 'turned-away' })).toBe('You were not let in: The host of “The harbour” did not let you in.');
    expect(told({ left: 'meeting-over', over: true })).toContain('The meeting is over');
  });

  it('accuses nobody where the page has not heard why', () => {
    for (const place of ['in', 'waiting', 'gone'] as const) expect(told({ place })).toBe('You are not in the meeting any more: Your visit to “The harbour” has ended, and this page was not told why. What was written in it is kept.');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TimelineChange } from '#src/contract/timeline.ts';
import { applyTimelineChange, joinNewer, joinOlder, trimNewest, trimOldest, windowLinesMax, windowOf, type TimelineWindow } from '#web/client/timeline-window.ts';
import { idOf, WholeTimeline } from './timeline-makers.ts';

type Step = { readonly does: 'say' | 'join' | 'reply' | 'edit' | 'retract' | 'react' | 'unreact' | 'view' | 'older' | 'newer' | 'trim'; readonly n: number };
const step = fc.record({ does: fc.constantFrom<Step['does'][]>('say', 'say', 'join', 'reply', 'edit', 'retract', 'react', 'unreact', 'view', 'older', 'newer', 'trim'), n: fc.nat(60) });

const changeOf = ({ does, n }: Step, whole: WholeTimeline): TimelineChange | undefined => {
  const messages = whole.lines.filter((line) => line.kind === 'message');
  const messageId = messages[n % Math.max(1, messages.length)]?.messageId;
  if (does === 'say') return whole.next();
  if (does === 'join') return whole.next(null, true);
  if (!messageId) return undefined;
  switch (does) {
    case 'reply': return whole.next(messageId);
    case 'edit': return { kind: 'line-edited', messageId, text: `edited ${n}`, mentions: [], editedAt: 5_000 + n };
    case 'retract': return { kind: 'line-retracted', messageId, retracted: { at: 7_000 + n, by: idOf(900) } };
    case 'react': return { kind: 'reaction-added', messageId, reaction: { reactionId: idOf(500 + (n % 7)), account: idOf(901), emoji: '👍' } };
    case 'unreact': return { kind: 'reaction-withdrawn', messageId, reactionId: idOf(500 + (n % 7)) };
    case 'view': return { kind: 'viewed-by-all', ranges: [[n, n + 2]] };
    default: return undefined;
  }
};

/** The same lines, read afresh. Quotes are compared where a loaded line needs them. */
const fresh = (window: TimelineWindow, whole: WholeTimeline): TimelineWindow => {
  const from = window.lines[0]?.revision ?? 0;
  return windowOf(whole.page(from, from + window.lines.length));
};
const seen = ({ lines, lastOrdinal, viewed, hasOlder, quoted }: TimelineWindow, of: TimelineWindow) => ({ lines, lastOrdinal, viewed, hasOlder, quoted: [...of.quoted.keys()].map((id) => quoted.get(id)) });

describe('the timeline window', () => {
  it('equals a fresh snapshot of the same lines after any history of changes, pages and trims', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.array(step, { maxLength: 60 }), fc.nat(20), (before, after, size) => {
        const whole = new WholeTimeline();
        for (const one of before) {
          const change = changeOf(one, whole);
          if (change) whole.record(change);
        }
        let window = windowOf(whole.page(whole.lines.length - size - 1, whole.lines.length));
        for (const one of after) {
          const first = window.lines[0]?.revision ?? 0;
          const last = window.lines.at(-1)?.revision ?? -1;
          if (one.does === 'older') window = window.hasOlder ? joinOlder(window, whole.page(Math.max(0, first - 5), first)) : window;
          else if (one.does === 'newer') window = window.hasNewer ? joinNewer(window, whole.page(last + 1, last + 6)) : window;
          else if (one.does === 'trim') window = one.n % 2 ? trimNewest(window, 8) : trimOldest(window, 8);
          else {
            const change = changeOf(one, whole);
            // Replies to what is not loaded have their quote fetched by the screen; the law is about what is loaded.
            if (change) window = applyTimelineChange(window, whole.record(change).change);
          }
          const expected = fresh(window, whole);
          const quotedHere = { ...expected, quoted: new Map([...expected.quoted].filter(([id]) => window.quoted.has(id))) };
          expect(seen(window, quotedHere)).toEqual(seen(quotedHere, quotedHere));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('takes a change it has seen before without harm', () => {
    const whole = new WholeTimeline();
    whole.record(whole.next());
    const window = windowOf(whole.page(0, 1));
    const { change } = whole.record(whole.next());
    const once = applyTimelineChange(window, change);
    expect(applyTimelineChange(once, change)).toEqual(once);
    expect(once.lines).toHaveLength(2);
  });

  it('takes in no line past an end that is not loaded, and counts it', () => {
    const whole = new WholeTimeline();
    for (let n = 0; n < 10; n++) whole.record(whole.next());
    const window = windowOf(whole.page(0, 5));
    const after = applyTimelineChange(window, whole.record(whole.next()).change);
    expect(after.lines).toHaveLength(5);
    expect(after.lastOrdinal).toBe(11);
  });

  it('never holds more lines than it may, and knows that the far end went', () => {
    const whole = new WholeTimeline();
    for (let n = 0; n < 1_000; n++) whole.record(whole.next());
    let window = windowOf(whole.page(925, 1_000));
    for (let first = 925; first > 0; first -= 75) window = joinOlder(window, whole.page(Math.max(0, first - 75), first));
    expect(window.lines).toHaveLength(windowLinesMax);
    expect([window.hasOlder, window.hasNewer, window.lines[0]?.revision]).toEqual([false, true, 0]);
  });

  it('keeps what a remaining line quotes of a line that goes', () => {
    const whole = new WholeTimeline();
    whole.record(whole.next());
    for (let n = 0; n < 5; n++) whole.record(whole.next());
    whole.record(whole.next(idOf(0)));
    const window = trimOldest(windowOf(whole.page(0, 7)), 3);
    expect(window.quoted.get(idOf(0))?.text).toBe('line 0');
  });
});

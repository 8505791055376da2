import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Backlog } from '#appliance/instant/backlog.ts';
import { areManaged, managedSettings } from '#appliance/instant/settings.ts';
import { isPlainWords } from '#src/instant/plain-words.ts';
import { marksIn } from '#src/instant/sentinels.ts';
import type { Opened } from '#src/every-event.ts';

const posted = (position: number): Opened => ({ position, type: 'MessagePosted', stream: `conversation-${position}`, data: { messageId: `m${position}` } }) as unknown as Opened;
const viewed = (position: number): Opened => ({ position, type: 'Viewed', stream: 'reading-a', data: {} }) as unknown as Opened;

describe('plain words', () => {
  it('are what may be guessed about', () => {
    for (const text of ['meter drift', 'AT&T', '10.0.0.1', 'mother-in-law', 'a or b', 'from the start', 'at 10:30', '(really)', '上海', 'é']) expect([text, isPlainWords(text)]).toEqual([text, true]);
  });
  it('are not what is written in the language of the exact search', () => {
    for (const text of ['"hall C"', 'deliver*', 'lyon OR aarhus', 'drift -test', '-test', 'a NOT b', 'from:mara', 'FROM:mara', 'x in:"Field trials"', 'after:2026-10-01', 'hall "']) expect([text, isPlainWords(text)]).toEqual([text, false]);
  });
});

describe('marks', () => {
  const sentinels = { before: '<1>', after: '<2>' };
  it('stand where the sentinels stood, whatever is between them', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('<')), fc.boolean())), (parts) => {
        const { text, marks } = marksIn(parts.map(([part, isFound]) => (isFound ? `<1>${part}<2>` : part)).join(''), sentinels);
        expect(text).toBe(parts.map(([part]) => part).join(''));
        expect(marks.map(([from, to]) => text.slice(from, to))).toEqual(parts.filter(([part, isFound]) => isFound && part !== '').map(([part]) => part));
      }),
    ));
  it('end with what never ended', () => expect(marksIn('a <1>b<2> <1>c', sentinels)).toEqual({ text: 'a b <1>c', marks: [[2, 3]] }));
});

describe('what the index lacks', () => {
  it('counts events that change no document as held', () => {
    const backlog = new Backlog(9);
    backlog.indexedTo(9);
    backlog.follow([viewed(10), posted(11), viewed(12), posted(13), viewed(14)], 1_000);
    expect([backlog.position, backlog.waitedMs(3_000)]).toEqual([10, 2_000]);
    expect(backlog.next(1)).toEqual({ is: 'touched', touched: [{ kind: 'message', conversation: '11', message: 'm11' }], upTo: 12 });
    backlog.indexedTo(12);
    expect(backlog.next(5)).toMatchObject({ upTo: 14 });
    backlog.indexedTo(14);
    expect([backlog.position, backlog.next(5), backlog.waitedMs()]).toEqual([14, undefined, 0]);
  });

  it('is read from the log where it is not remembered: before the start, after going back, and when it has become too much', () => {
    const backlog = new Backlog(9);
    expect(backlog.next(5)).toEqual({ is: 'read-log', from: 0, to: 9 });
    backlog.follow([posted(10)]);
    expect([backlog.position, backlog.waitedMs()]).toEqual([-1, Infinity]);
    backlog.indexedTo(9);
    expect(backlog.next(5)).toMatchObject({ is: 'touched', upTo: 10 });
    backlog.indexedTo(10);
    backlog.indexedTo(4);
    expect(backlog.next(5)).toEqual({ is: 'read-log', from: 5, to: 10 });
    backlog.indexedTo(10);
    backlog.follow(Array.from({ length: 50_001 }, (_, n) => posted(11 + n)));
    expect(backlog.next(5)).toEqual({ is: 'read-log', from: 11, to: 50_011 });
  });

  it('is never more than what came after the position that somebody else wrote', () => {
    const backlog = new Backlog(-1);
    backlog.indexedTo(12);
    backlog.follow([posted(10), posted(11), posted(12), posted(13)]);
    expect(backlog.next(5)).toMatchObject({ touched: [{ message: 'm13' }], upTo: 13 });
  });
});

describe('settings', () => {
  it('are ours in whatever order a set comes back, and with whatever a newer server adds', () => {
    const reported = { ...structuredClone(managedSettings), filterableAttributes: managedSettings.filterableAttributes.toReversed(), faceting: { maxValuesPerFacet: 100 }, typoTolerance: { ...managedSettings.typoTolerance, somethingNew: true } };
    expect(areManaged(reported as never)).toBe(true);
  });
  it('are not ours when any of them was changed', () => {
    for (const change of [{ stopWords: ['the'] }, { synonyms: { a: ['b'] } }, { searchableAttributes: ['text', 'name', 'also'] }, { typoTolerance: { ...managedSettings.typoTolerance, disableOnNumbers: false } }, { filterableAttributes: ['kind'] }]) {
      expect(areManaged({ ...structuredClone(managedSettings), ...change } as never)).toBe(false);
    }
  });
});

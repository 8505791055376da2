import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { covers } from '#projections/timeline/ranges.ts';
import { timelineView } from '#projections/timeline/view.ts';
import type { View } from '#projections/view.ts';
import type { Opened } from '#src/every-event.ts';
import { batchesOf, deeds, historyOf, people, rooms } from './random-history.ts';
import { aDifference, deafTo, onShelf, type Shelf } from './shelf.ts';

type Line = { readonly revision: number; readonly author: string; complete: boolean };

/** The rule of ARCHITECTURE section 3, asked anew for every line after every event. */
const marksByHand = (events: readonly Opened[], room: string): Line[] => {
  const lines: Line[] = [];
  const joined = new Map<string, number>();
  const seen = new Map<string, Set<number>>(people.map((account) => [account, new Set()]));
  const settle = (): void => {
    for (const line of lines) {
      const required = [...joined].filter(([account, join]) => join <= line.revision && account !== line.author);
      if (required.length > 0 && required.every(([account]) => seen.get(account)!.has(line.revision))) line.complete = true;
    }
  };
  for (const event of events) {
    if (event.stream === `conversation-${room}`) {
      if (event.type === 'ConversationOpened') for (const account of event.data.founders) joined.set(account, event.revision);
      if (event.type === 'MemberJoined') joined.set(event.data.account, event.revision);
      if (event.type === 'MemberLeft') joined.delete(event.data.account);
      if (event.type === 'MessagePosted') lines.push({ revision: event.revision, author: event.data.author, complete: false });
    } else if (event.type === 'Viewed') {
      for (const range of event.data.ranges) if (range.conversation === room) for (let revision = range.from; revision <= range.to; revision += 1) seen.get(event.data.account)!.add(revision);
    } else continue;
    settle();
  }
  return lines;
};

/** The messages that this person sees, each with whether they see a second mark at it: of a meeting what was said while they were in it. */
const marksOn = (shelf: Shelf, room: string, account: string): (readonly [revision: number, isMarked: boolean])[] => {
  const page = shelf.ask('timeline.page', { account, conversationId: room, where: 'latest', limit: 200, now: 0 });
  return (page?.lines ?? []).flatMap((line) => (line.kind === 'message' ? [[line.revision, covers(page!.viewed, line.revision)] as const] : []));
};

const holds = (list: Parameters<typeof historyOf>[0], sizes: readonly number[], views: readonly View[] = []): void =>
  onShelf((shelf) => {
    const { events } = historyOf(list);
    for (const batch of batchesOf(events, sizes)) shelf.apply(batch);
    for (const room of rooms) {
      const marks = new Map(marksByHand(events, room).map(({ revision, complete }) => [revision, complete]));
      const seen = new Set<number>();
      for (const account of people) {
        for (const [revision, isMarked] of marksOn(shelf, room, account)) {
          seen.add(revision);
          expect([account, revision, isMarked]).toEqual([account, revision, marks.get(revision)]);
        }
      }
      expect([...marks.keys()].filter((revision) => !seen.has(revision))).toEqual([]);
    }
  }, views, ['timeline', 'unread']);

describe('second check marks', () => {
  it('stand where everybody who must has viewed the line, over random histories', () => {
    fc.assert(fc.property(deeds(150), fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }), (list, sizes) => holds(list, sizes)), { numRuns: 80 });
  });

  it('would be caught waiting for who has left', () => {
    expect(() => fc.assert(fc.property(deeds(150), (list) => holds(list, [10], [deafTo(timelineView, 'MemberLeft')])), { numRuns: 80, endOnFailure: true })).toThrow(aDifference);
  });

  it('say who viewed a line first when, and who has not yet', () => {
    onShelf((shelf) => {
      const history = historyOf([
        { what: 0, who: 0, where: 0, one: 2, other: 0 },
        { what: 60, who: 1, where: 0, one: 1, other: 0 },
      ]);
      shelf.apply(history.events);
      const viewers = shelf.ask('timeline.viewers', { conversationId: rooms[0]!, revision: 1 })!;
      expect(viewers.viewed.map((viewer) => viewer.account)).toEqual([people[1]]);
      expect(viewers.notYet).toEqual([people[2]]);
    }, [], ['timeline', 'unread']);
  });
});

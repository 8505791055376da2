import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activityOf, type Standing } from '#projections/conversations/activity.ts';
import { projectTimeline } from '#projections/timeline/projector.ts';
import { covers } from '#projections/timeline/ranges.ts';
import { applyConversationsChange, type MyConversations } from '#src/contract/conversations.ts';
import { applyToNamed, uniteRanges, type TimelineChange, type TimelinePage } from '#src/contract/timeline.ts';
import { batchesOf, deeds, historyOf, people, rooms } from './random-history.ts';
import { onShelf, type Shelf } from './shelf.ts';
import { expectSnapshotLaw, type Screen } from './snapshot-law.ts';

type Page = Pick<TimelinePage, 'lines' | 'viewed'>;

const applyToPage = (page: Page, change: TimelineChange): Page => {
  if (change.kind === 'line-added') return page.lines.some((line) => line.revision === change.line.revision) ? page : { ...page, lines: [...page.lines, change.line] };
  if (change.kind === 'viewed-by-all') return { ...page, viewed: uniteRanges(page.viewed, change.ranges) };
  return { ...page, lines: page.lines.map((line) => applyToNamed(line, change)) };
};

const timelineScreen = (shelf: Shelf, room: string): Screen<Page> => ({
  snapshot: () => shelf.ask('timeline.page', { account: people[0]!, conversationId: room, where: 'latest', limit: 200, now: 0 }) ?? { lines: [], viewed: [] },
  push: (page, events, derived) => {
    const projected = events.filter((event) => event.stream === `conversation-${room}`).flatMap((event) => projectTimeline(event));
    const rest = derived.flatMap((one) => (one.view === 'timeline' && one.key === room ? [one.change] : []));
    return [...projected, ...rest].reduce(applyToPage, page);
  },
  seen: (page) => page.lines.map((line) => [line, line.kind !== 'life' && covers(page.viewed, line.revision)]),
});

/** As the hub sends it: what was derived and the activity, whichever comes first; activity is held back and comes coalesced. */
const listScreen = (shelf: Shelf, account: string, order: 'activity-first' | 'derived-first' = 'activity-first'): Screen<MyConversations> => {
  const standings = new Map<string, Standing>();
  return {
    snapshot: () => {
      for (const room of rooms) standings.set(room, shelf.ask('conversations.standing', { conversationId: room }));
      const { conversations, spaces } = shelf.ask('conversations.mine', { account });
      return { position: shelf.position, conversations: conversations.map((row) => ({ ...row, countedTo: shelf.position })), spaces: [...spaces] };
    },
    push: (mine, events, derived) => {
      let state = mine;
      const tell = (): void => {
        for (const one of derived) if (one.view === 'conversations' && one.key === account) state = applyConversationsChange(state, one.change, account);
      };
      if (order === 'derived-first') tell();
      for (const room of rooms) {
        const before = standings.get(room)!;
        const made = activityOf(room, before, events.filter((event) => event.stream === `conversation-${room}`));
        if (made) state = applyConversationsChange(state, { kind: 'activity', activity: made.activity }, account);
      }
      if (order === 'activity-first') tell();
      return state;
    },
    // No push carries the number of messages; a client that shows it adds them up itself.
    seen: (mine) => [...mine.conversations].sort((a, b) => (a.conversationId < b.conversationId ? -1 : 1)).map(({ messageCount: _count, countedTo: _position, ...row }) => row),
  };
};

const sizes = fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 4 });
const only = ['desk', 'conversations', 'unread', 'timeline'] as const;

describe('a snapshot and what is pushed after it', () => {
  it('give the timeline that a fresh snapshot gives', () => {
    fc.assert(fc.property(deeds(80), sizes, (list, cut) => onShelf((shelf) => expectSnapshotLaw(timelineScreen(shelf, rooms[0]!), batchesOf(historyOf(list).events, cut), (batch) => shelf.apply(batch)), [], only)), { numRuns: 40, endOnFailure: true });
  });

  it('give the list of conversations that a fresh snapshot gives', () => {
    fc.assert(
      fc.property(deeds(80), sizes, fc.nat(4), (list, cut, who) => onShelf((shelf) => expectSnapshotLaw(listScreen(shelf, people[who]!), batchesOf(historyOf(list).events, cut), (batch) => shelf.apply(batch)), [], only)),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('give the same list when the counts come before the coalesced activity that they contain', () => {
    fc.assert(
      fc.property(deeds(80), sizes, fc.nat(4), (list, cut, who) => onShelf((shelf) => expectSnapshotLaw(listScreen(shelf, people[who]!, 'derived-first'), batchesOf(historyOf(list).events, cut), (batch) => shelf.apply(batch)), [], only)),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('would be caught when counts are not told after a cursor moved', () => {
    const deaf = (shelf: Shelf) => (batch: Parameters<Shelf['apply']>[0]) => shelf.apply(batch).filter((one) => one.change.kind !== 'counts-set');
    const law = fc.property(deeds(80), sizes, (list, cut) => onShelf((shelf) => expectSnapshotLaw(listScreen(shelf, people[0]!), batchesOf(historyOf(list).events, cut), deaf(shelf)), [], only));
    expect(() => fc.assert(law, { numRuns: 40, endOnFailure: true })).toThrow();
  });

  it('would be caught when second marks are not told', () => {
    const deaf = (shelf: Shelf) => (batch: Parameters<Shelf['apply']>[0]) => shelf.apply(batch).filter((one) => one.view !== 'timeline');
    const law = fc.property(deeds(120), sizes, (list, cut) => onShelf((shelf) => expectSnapshotLaw(timelineScreen(shelf, rooms[0]!), batchesOf(historyOf(list).events, cut), deaf(shelf)), [], only));
    expect(() => fc.assert(law, { numRuns: 60, endOnFailure: true })).toThrow();
  });
});

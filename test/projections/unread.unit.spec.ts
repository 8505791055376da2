import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unreadView } from '#projections/unread/view.ts';
import type { View } from '#projections/view.ts';
import type { Opened } from '#src/every-event.ts';
import { batchesOf, deeds, historyOf, people, rooms } from './random-history.ts';
import { aDifference, deafTo, onShelf } from './shelf.ts';

type Line = { readonly ordinal: number; readonly author: string; readonly mentions: readonly string[]; retracted: boolean };
type Reader = { isMember: boolean; joinOrdinal: number; cursor: number; cursorRevision: number };

/** ARCHITECTURE section 3, counted line by line. */
const countByHand = (events: readonly Opened[], room: string, account: string): { unread: number; mentions: number } => {
  const lines: Line[] = [];
  const reader: Reader = { isMember: false, joinOrdinal: 0, cursor: 0, cursorRevision: -1 };
  const raise = (revision: number, ordinal: number): void => {
    if (revision > reader.cursorRevision) [reader.cursorRevision, reader.cursor] = [revision, ordinal];
  };
  const join = (event: Opened): void => {
    reader.isMember = true;
    reader.joinOrdinal = lines.length;
    raise(event.revision, lines.length);
  };
  for (const event of events) {
    if (event.stream === `conversation-${room}`) {
      if (event.type === 'ConversationOpened' && event.data.founders.includes(account)) join(event);
      if (event.type === 'MemberJoined' && event.data.account === account) join(event);
      if (event.type === 'MemberLeft' && event.data.account === account) reader.isMember = false;
      if (event.type === 'MessagePosted') lines.push({ ordinal: event.data.ordinal, author: event.data.author, mentions: event.data.mentions, retracted: false });
      if (event.type === 'FileShared') lines.push({ ordinal: event.data.ordinal, author: event.data.author, mentions: [], retracted: false });
      if ((event.type === 'MessagePosted' || event.type === 'FileShared') && event.data.author === account) raise(event.revision, event.data.ordinal);
      if (event.type === 'MessageRetracted' || event.type === 'FileWithdrawn') lines[event.data.ordinal - 1]!.retracted = true;
    } else if (event.stream === `reading-${account}`) {
      if (event.type === 'ReadUpTo' && event.data.conversation === room) raise(event.data.revision, event.data.ordinal);
      if (event.type === 'MarkedUnread' && event.data.conversation === room) [reader.cursorRevision, reader.cursor] = [event.data.revision - 1, event.data.ordinal];
    }
  }
  const counting = reader.isMember ? lines.filter((line) => line.ordinal > Math.max(reader.cursor, reader.joinOrdinal) && line.author !== account && !line.retracted) : [];
  return { unread: counting.length, mentions: counting.filter((line) => line.mentions.includes(account) || line.mentions.includes('everyone')).length };
};

const holds = (list: Parameters<typeof historyOf>[0], sizes: readonly number[], views: readonly View[] = []): void =>
  onShelf((shelf) => {
    const { events } = historyOf(list);
    for (const batch of batchesOf(events, sizes)) shelf.apply(batch);
    for (const room of rooms) {
      for (const account of people) {
        const counts = shelf.ask('unread.counts', { account, conversationId: room });
        expect(counts === null ? { unread: 0, mentions: 0 } : { unread: counts.unread, mentions: counts.mentions }).toEqual(countByHand(events, room, account));
      }
    }
  }, views, ['unread']);

describe('unread and mentions', () => {
  it('are what a count line by line gives, over random histories', () => {
    fc.assert(fc.property(deeds(120), fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 }), (list, sizes) => holds(list, sizes)), { numRuns: 60 });
  });

  it('would be caught counting retracted lines', () => {
    expect(() => fc.assert(fc.property(deeds(120), (list) => holds(list, [10], [deafTo(unreadView, 'MessageRetracted')])), { numRuns: 120, endOnFailure: true })).toThrow(aDifference);
  });

  it('would be caught not lowering the cursor when something is marked unread', () => {
    expect(() => fc.assert(fc.property(deeds(120), (list) => holds(list, [10], [deafTo(unreadView, 'MarkedUnread')])), { numRuns: 120, endOnFailure: true })).toThrow(aDifference);
  });
});

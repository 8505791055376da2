import { describe, expect, it } from 'vitest';
import type { ConversationRow, SpaceRow } from '#src/contract/conversations.ts';
import { flatOrder, isUnread, orderOf } from '#web/app/conversation-order.ts';

const row = (conversationId: string, given: Partial<ConversationRow> = {}): ConversationRow => ({
  conversationId, kind: 'direct', space: null, general: false, title: conversationId, topic: '', openedAt: 0, closed: false, members: [], memberCount: 2, messageCount: 0, lastOrdinal: 0, last: null, unread: 0, mentions: 0, muted: false,
  cursorOrdinal: 0, countedTo: 0, joinedAt: 0, ...given,
});
const saidAt = (at: number): Partial<ConversationRow> => ({ last: { revision: 1, at, author: 'a', messageId: 'm', text: 'hi', form: 'text' } });
const space = (spaceId: string, name: string): SpaceRow => ({ spaceId, name, topic: '', general: 'g', administrators: [], memberCount: 1, channelCount: 1, foundedAt: 0 });
const channel = (id: string, spaceId: string, given: Partial<ConversationRow> = {}) => row(id, { kind: 'channel', space: spaceId, ...given });

describe('the order of the list', () => {
  it('puts the chat with the latest word first, and counts joining where nothing was said', () => {
    const { people } = orderOf({ position: 0, spaces: [], conversations: [row('old', saidAt(10)), row('new', saidAt(30)), row('silent', { joinedAt: 20 })] });
    expect(people.map(({ conversationId }) => conversationId)).toEqual(['new', 'silent', 'old']);
  });
  it('keeps spaces and channels where the hand knows them: by name, General first, whatever is said in them', () => {
    const conversations = [channel('b', 's', { title: 'beta', ...saidAt(99) }), channel('g', 's', { title: 'zeta', general: true }), channel('a', 's', { title: 'Alpha' }), channel('z', 't')];
    const { spaces } = orderOf({ position: 0, spaces: [space('s', 'Second'), space('t', 'first')], conversations });
    expect(spaces.map(({ space: { name } }) => name)).toEqual(['first', 'Second']);
    expect(spaces[1]!.channels.map(({ conversationId }) => conversationId)).toEqual(['g', 'a', 'b']);
    expect(spaces[1]!.latest?.conversationId).toBe('b');
  });
  it('walks from the first chat to the last channel', () => {
    const mine = { position: 0, spaces: [space('s', 'S')], conversations: [channel('c', 's'), row('d')] };
    expect(flatOrder(orderOf(mine)).map(({ conversationId }) => conversationId)).toEqual(['d', 'c']);
  });
  it('lets a muted conversation count without standing out', () => {
    expect([isUnread(row('a', { unread: 3 })), isUnread(row('a', { unread: 3, muted: true }))]).toEqual([true, false]);
  });
});

import { describe, expect, it } from 'vitest';
import type { Membership } from '#src/conversations/permits.ts';
import { markReadUpTo } from '#src/reading/mark-read-up-to.ts';
import { markUnread } from '#src/reading/mark-unread.ts';
import { muteConversation } from '#src/reading/mute-conversation.ts';
import { readingFold } from '#src/reading/reading.ts';
import { unmuteConversation } from '#src/reading/unmute-conversation.ts';
import { recorded, specOf } from '../given-when-then.ts';
import { aSpace, aSpaceJoin, aSpaceLeave, aSuspension, channel, group, space } from '../makers.ts';
import { alice, bob, noon } from '../people.ts';

const stream = `reading-${alice}`;
const membership: Membership = { conversation: group, head: 99, joined: 0, kind: 'group', memberCount: 2, space: null, under: null };
const mine = { conversationId: group, membership };
const notMine = { conversationId: group, membership: undefined };
const aCursor = (revision: number, ordinal: number, conversation = group) => ({ stream, type: 'ReadUpTo', data: { account: alice, at: noon, conversation, ordinal, revision } });
const aMark = (revision: number, ordinal: number, conversation = group) => ({ stream, type: 'MarkedUnread', data: { account: alice, at: noon, conversation, ordinal, revision } });
const aMuting = (conversation = group) => ({ stream, type: 'ConversationMuted', data: { account: alice, at: noon, conversation } });
const anUnmuting = () => ({ stream, type: 'ConversationUnmuted', data: { account: alice, at: noon, conversation: group } });

describe('reading up to a line', () => {
  const { given } = specOf(markReadUpTo);
  it('raises the cursor', () => given(aCursor(4, 3)).when({ ...mine, ordinal: 8, revision: 9 }).then(aCursor(9, 8)));
  it('reads the first line', () => given().when({ ...mine, ordinal: 0, revision: 0 }).then(aCursor(0, 0)));
  it('never lowers it', () => given(aCursor(9, 8)).when({ ...mine, ordinal: 3, revision: 4 }).thenRefused('nothing-to-record'));
  it('records nothing where it stands', () => given(aCursor(9, 8)).when({ ...mine, ordinal: 8, revision: 9 }).thenRefused('nothing-to-record'));
  it('raises it again after it was set back', () => given(aCursor(9, 8), aMark(5, 3)).when({ ...mine, ordinal: 4, revision: 5 }).then(aCursor(5, 4)));
  it('stays within the conversation', () => given().when({ ...mine, ordinal: 60, revision: 5_000 }).then(aCursor(99, 60)));
  it('keeps one conversation apart from another', () => given(aCursor(50, 40, channel)).when({ ...mine, ordinal: 8, revision: 9 }).then(aCursor(9, 8)));
  it('refuses who is no member', () => given().when({ ...notMine, ordinal: 8, revision: 9 }).thenRefused('not-a-member'));
  it('refuses who has left the space of the channel', () => {
    const inChannel = { conversationId: channel, membership: { ...membership, conversation: channel, kind: 'channel', space, under: 1 } as const, ordinal: 8, revision: 9 };
    given(aSpace(bob), aSpaceJoin(alice)).when(inChannel).then(aCursor(9, 8, channel));
    given(aSpace(bob), aSpaceJoin(alice), aSpaceLeave(alice, 1)).when(inChannel).thenRefused('not-a-member');
  });
  it('refuses who is suspended', () => given(aSuspension(alice)).when({ ...mine, ordinal: 8, revision: 9 }).thenRefused('not-allowed'));
  it('knows another conversation for another intent', () => expect(markReadUpTo.isSameIntent({ ...mine, conversationId: channel, ordinal: 8, revision: 9 }, recorded([aCursor(9, 8)]))).toBe(false));
});

describe('marking a line as unread', () => {
  const { given } = specOf(markUnread);
  it('sets the cursor back', () => given(aCursor(9, 8)).when({ ...mine, ordinal: 3, revision: 5 }).then(aMark(5, 3)));
  it('sets it forward too', () => given(aCursor(2, 1)).when({ ...mine, ordinal: 3, revision: 5 }).then(aMark(5, 3)));
  it('is recorded again in the same place, because posting may have moved the cursor', () => given(aMark(5, 3)).when({ ...mine, ordinal: 3, revision: 5 }).then(aMark(5, 3)));
  it('stays within the conversation', () => given().when({ ...mine, ordinal: 60, revision: 5_000 }).then(aMark(99, 60)));
  it('refuses who is no member', () => given().when({ ...notMine, ordinal: 3, revision: 5 }).thenRefused('not-a-member'));
  it('refuses who is suspended', () => given(aSuspension(alice)).when({ ...mine, ordinal: 3, revision: 5 }).thenRefused('not-allowed'));
  it('knows another conversation and a line before for another intent', () => {
    expect(markUnread.isSameIntent({ ...mine, conversationId: channel, ordinal: 3, revision: 5 }, recorded([aMark(5, 3)]))).toBe(false);
    expect(markUnread.isSameIntent({ ...mine, ordinal: 3, revision: 4 }, recorded([aMark(5, 3)]))).toBe(false);
  });
});

describe('muting', () => {
  it('mutes', () => specOf(muteConversation).given().when(mine).then(aMuting()));
  it('mutes once', () => specOf(muteConversation).given(aMuting()).when(mine).thenRefused('nothing-to-record'));
  it('mutes again', () => specOf(muteConversation).given(aMuting(), anUnmuting()).when(mine).then(aMuting()));
  it('unmutes', () => specOf(unmuteConversation).given(aMuting()).when(mine).then(anUnmuting()));
  it('unmutes only what is muted', () => {
    specOf(unmuteConversation).given().when(mine).thenRefused('nothing-to-record');
    specOf(unmuteConversation).given(aMuting(channel)).when(mine).thenRefused('nothing-to-record');
    specOf(unmuteConversation).given(aMuting(), anUnmuting()).when(mine).thenRefused('nothing-to-record');
  });
  it('refuses who is no member', () => {
    specOf(muteConversation).given().when(notMine).thenRefused('not-a-member');
    specOf(unmuteConversation).given(aMuting()).when(notMine).thenRefused('not-a-member');
  });
});

describe('the cursor', () => {
  const cursorAfter = (...happened: readonly ReturnType<typeof aCursor>[]) => recorded(happened).reduce((state, event) => readingFold.evolve(state, event), readingFold.initial()).cursors.get(group);
  it('stands where was read to', () => expect(cursorAfter(aCursor(4, 3), aCursor(9, 8))).toEqual({ ordinal: 8, revision: 9 }));
  it('stands before the line that was marked', () => expect(cursorAfter(aCursor(9, 8), aMark(5, 3))).toEqual({ ordinal: 3, revision: 4 }));
  it('does not fall with an older reading', () => expect(cursorAfter(aCursor(9, 8), aCursor(4, 3))).toEqual({ ordinal: 8, revision: 9 }));
});

import { describe, expect, it } from 'vitest';
import { closeChannel } from '#src/conversations/close-channel.ts';
import { joinChannel } from '#src/conversations/join-channel.ts';
import { afterSpaceJoined, joinGeneral } from '#src/conversations/join-general.ts';
import { afterSpaceLeft, leaveChannelOfSpace } from '#src/conversations/leave-channel-of-space.ts';
import { openChannel } from '#src/conversations/open-channel.ts';
import { afterSpaceFounded, openGeneral } from '#src/conversations/open-general.ts';
import type { Opened } from '#src/every-event.ts';
import { recorded, specOf, type Happened } from '../given-when-then.ts';
import { aChannel, aClosing, aConversation, aJoin, anAppointment, aSpace, aSpaceJoin, aSpaceLeave, channel, general, group, other, space } from '../makers.ts';
import { alice, bob, by, bySystem, mallory, noon } from '../people.ts';

const joined = (account: string, under: number, invitedBy = account) => ({ type: 'MemberJoined', data: { account, at: noon, by: invitedBy, under } });
/** The last of these, as the log has it. */
const last = <T>(...happened: readonly Happened[]): T => recorded(happened).at(-1) as T;

describe('opening a channel', () => {
  const { given } = specOf(openChannel);
  const open = { conversationId: channel, name: 'Bees', spaceId: space, topic: '' };
  it('is for an administrator of the space, who stands in it under their own join', () =>
    given(aSpace(), aSpaceJoin(bob), anAppointment(bob)).when(open, by(bob)).then({
      type: 'ConversationOpened', data: { at: noon, by: bob, conversation: channel, founders: [bob], historyVisibility: 'all', kind: 'channel', space, under: 1 }, content: { title: { title: 'Bees', topic: '' } },
    }));
  it('refuses a plain member', () => given(aSpace(), aSpaceJoin(bob)).when(open, by(bob)).thenRefused('not-an-administrator'));
  it('refuses who is not in the space, and where there is none', () => {
    given(aSpace()).when(open, by(mallory)).thenRefused('not-a-member');
    given().when(open).thenRefused('not-a-member');
  });
  it('refuses an id that was used', () => given(aSpace(), aChannel()).when(open).thenRefused('conversation-id-taken'));
});

describe('joining a channel', () => {
  const { given } = specOf(joinChannel);
  const join = { conversationId: channel };
  it('is for every member of the space', () => given(aSpace(), aSpaceJoin(bob), aChannel()).when(join, by(bob)).then(joined(bob, 1)));
  it('joins anew who came back to the space, while the old leaving is late', () =>
    given(aSpace(), aSpaceJoin(bob), aChannel(), aJoin(bob, channel, 1), aSpaceLeave(bob, 1), aSpaceJoin(bob)).when(join, by(bob)).then(joined(bob, 3)));
  it('refuses who is in', () => given(aSpace(), aChannel()).when(join).thenRefused('already-a-member'));
  it('refuses who is not in the space', () => given(aSpace(), aChannel()).when(join, by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed channel', () => given(aSpace(), aSpaceJoin(bob), aChannel(), aClosing(channel)).when(join, by(bob)).thenRefused('conversation-closed'));
  it('tells only its members that a group is no channel', () => {
    given(aConversation()).when({ conversationId: group }).thenRefused('not-a-channel');
    given(aConversation()).when({ conversationId: group }, by(mallory)).thenRefused('not-a-member');
  });
});

describe('closing a channel', () => {
  const { given } = specOf(closeChannel);
  const close = { conversationId: channel };
  it('is for an administrator of the space', () => given(aSpace(), aChannel()).when(close).then({ type: 'ConversationClosed', data: { at: noon, by: alice, cause: 'deleted' } }));
  it('refuses a plain member', () => given(aSpace(), aSpaceJoin(bob), aChannel()).when(close, by(bob)).thenRefused('not-an-administrator'));
  it('refuses who is not in the space', () => given(aSpace(), aChannel()).when(close, by(mallory)).thenRefused('not-a-member'));
  it('refuses General', () => given(aSpace(), aChannel({ conversation: general, general: true })).when({ conversationId: general }).thenRefused('general-stays'));
  it('refuses to close twice', () => given(aSpace(), aChannel(), aClosing(channel)).when(close).thenRefused('conversation-closed'));
  it('refuses a group', () => given(aConversation()).when({ conversationId: group }).thenRefused('not-a-channel'));
});

describe('what follows from a space', () => {
  it('opens General with the space\'s name, its founder in it', () => {
    const { input } = afterSpaceFounded(last<Opened<'SpaceFounded'>>(aSpace()));
    specOf(openGeneral).given(aSpace()).when(input, bySystem).then({
      type: 'ConversationOpened', content: { title: { title: 'Garden', topic: '' } },
      data: { at: noon, by: alice, conversation: general, founders: [alice], general: true, historyVisibility: 'all', kind: 'channel', space, under: 0 },
    });
    specOf(openGeneral).given(aSpace(), aChannel({ conversation: general, general: true })).when(input, bySystem).thenRefused('nothing-to-record');
    specOf(openGeneral).given(aSpace()).when(input, by(mallory)).thenRefused('not-allowed');
  });
  it('brings who joins the space into General, under that join', () => {
    const { input } = afterSpaceJoined(last<Opened<'SpaceJoined'>>(aSpace(), aSpaceJoin(bob)), general);
    const { given } = specOf(joinGeneral);
    const opened = aChannel({ conversation: general, general: true });
    given(aSpace(), opened).when(input, bySystem).then(joined(bob, 1, alice));
    given(aSpace(), opened, aJoin(bob, general, 1)).when(input, bySystem).thenRefused('nothing-to-record');
    given(aSpace(), opened, aJoin(bob, general, 5)).when(input, bySystem).thenRefused('nothing-to-record');
    given(aSpace()).when(input, bySystem).thenRefused('not-a-member');
    given(aSpace(), opened).when(input, by(bob)).thenRefused('not-allowed');
  });
  it('takes who leaves the space out of every channel under that join, and no other', () => {
    const reactions = afterSpaceLeft(last<Opened<'SpaceLeft'>>(aSpace(), aSpaceJoin(bob), aSpaceLeave(bob, 1)), [channel, other]);
    expect(reactions.map(({ input }) => input.conversationId)).toEqual([channel, other]);
    const { given } = specOf(leaveChannelOfSpace);
    const { input } = reactions[0]!;
    given(aChannel(), aJoin(bob, channel, 1)).when(input, bySystem).then({ type: 'MemberLeft', data: { account: bob, at: noon, by: bob, cause: 'left-space' } });
    given(aChannel(), aJoin(bob, channel, 3)).when(input, bySystem).thenRefused('nothing-to-record');
    given(aChannel()).when(input, bySystem).thenRefused('nothing-to-record');
    given(aChannel(), aJoin(bob, channel, 1)).when(input, by(bob)).thenRefused('not-allowed');
  });
  it('says who was removed', () => {
    const [reaction] = afterSpaceLeft(last<Opened<'SpaceLeft'>>(aSpace(), aSpaceJoin(bob), aSpaceLeave(bob, 1, 'removed')), [channel]);
    specOf(leaveChannelOfSpace).given(aChannel(), aJoin(bob, channel, 1)).when(reaction!.input, bySystem).then({ type: 'MemberLeft', data: { account: bob, at: noon, by: bob, cause: 'removed' } });
  });
  it('gives its commands the same ids from every runner', () => {
    const event = last<Opened<'SpaceFounded'>>(aSpace());
    expect(afterSpaceFounded(event).commandId).toBe(afterSpaceFounded(event).commandId);
    expect(afterSpaceFounded(event).commandId).not.toBe(afterSpaceFounded({ ...event, id: other }).commandId);
  });
});

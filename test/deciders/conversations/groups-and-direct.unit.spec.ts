import { describe, it } from 'vitest';
import { inviteToGroup } from '#src/conversations/invite-to-group.ts';
import { leaveConversation } from '#src/conversations/leave-conversation.ts';
import { openDirect } from '#src/conversations/open-direct.ts';
import { openGroup } from '#src/conversations/open-group.ts';
import { titleConversation } from '#src/conversations/title-conversation.ts';
import { specOf } from '../given-when-then.ts';
import { aChannel, aClosing, aConversation, aDirect, aJoin, aLeave, anAppointment, aSpace, aSpaceJoin, aSuspension, channel, direct, general, group, space } from '../makers.ts';
import { adam, alice, bob, by, carla, mallory, nick, nobody, noon, olive, oscar } from '../people.ts';

const opened = (kind: 'direct' | 'group', conversation: string, founders: readonly string[], title = '') =>
  ({ type: 'ConversationOpened', data: { at: noon, by: alice, conversation, founders, historyVisibility: 'all', kind, space: null }, content: { title: { title, topic: '' } } }) as const;
const joined = (account: string, invitedBy: string) => ({ type: 'MemberJoined', data: { account, at: noon, by: invitedBy } });
const left = (account: string) => ({ type: 'MemberLeft', data: { account, at: noon, by: account, cause: 'self' } });

describe('opening a direct chat', () => {
  const { given } = specOf(openDirect);
  const openTo = (account: string) => ({ conversationId: direct, with: account });
  it('brings two people together', () => given().when(openTo(bob)).then(opened('direct', direct, [alice, bob])));
  it('finds the one there is, whoever opened it', () => given(aDirect()).when(openTo(alice), by(bob)).thenRefused('nothing-to-record'));
  it('finds it even when the other was suspended since', () => given(aDirect(), aSuspension(bob)).when(openTo(bob)).thenRefused('nothing-to-record'));
  it('refuses who is not there', () => given().when(openTo(nobody)).thenRefused('person-not-found'));
  it('refuses a nickname of an import', () => given().when(openTo(nick)).thenRefused('person-not-found'));
  it('refuses a chat with oneself', () => given().when(openTo(alice)).thenRefused('person-not-found'));
  it('refuses who is suspended', () => given(aSuspension(bob)).when(openTo(bob)).thenRefused('person-suspended'));
  it('refuses to be opened by a suspended person', () => given(aSuspension(alice)).when(openTo(bob)).thenRefused('not-allowed'));
});

describe('opening a group', () => {
  const { given } = specOf(openGroup);
  const open = (...members: readonly string[]) => ({ conversationId: group, members: [...members], title: 'Lunch' });
  it('brings everybody in once, the opener first', () => given().when(open(bob, alice, carla, bob)).then(opened('group', group, [alice, bob, carla], 'Lunch')));
  it('takes five', () => given().when(open(bob, carla, olive, oscar)).then(opened('group', group, [alice, bob, carla, olive, oscar], 'Lunch')));
  it('refuses six', () => given().when(open(bob, carla, olive, oscar, adam)).thenRefused('group-full', 5));
  it('refuses an id that was used', () => given(aConversation()).when(open(bob)).thenRefused('conversation-id-taken'));
  it('refuses who is not there', () => given().when(open(bob, nobody)).thenRefused('person-not-found'));
  it('refuses who is suspended', () => given(aSuspension(bob)).when(open(bob)).thenRefused('person-suspended'));
});

describe('inviting to a group', () => {
  const { given } = specOf(inviteToGroup);
  const invite = { account: carla, conversationId: group };
  it('is for any member', () => given(aConversation()).when(invite, by(bob)).then(joined(carla, bob)));
  it('brings back who has left', () => given(aConversation({ founders: [alice, bob, carla] }), aLeave(carla)).when(invite).then(joined(carla, alice)));
  it('refuses who is no member, before saying anything about the invited', () => given(aConversation()).when({ ...invite, account: nobody }, by(mallory)).thenRefused('not-a-member'));
  it('refuses who is in', () => given(aConversation(), aJoin(carla)).when(invite).thenRefused('already-a-member'));
  it('refuses a sixth', () => given(aConversation({ founders: [alice, bob, olive, oscar, adam] })).when(invite).thenRefused('group-full', 5));
  it('refuses who is not there', () => given(aConversation()).when({ ...invite, account: nobody }).thenRefused('person-not-found'));
  it('refuses who is suspended', () => given(aConversation(), aSuspension(carla)).when(invite).thenRefused('person-suspended'));
  it('refuses a third in a direct chat', () => given(aDirect()).when({ ...invite, conversationId: direct }).thenRefused('not-a-group'));
  it('refuses a closed group', () => given(aConversation(), aClosing()).when(invite).thenRefused('conversation-closed'));
});

describe('leaving', () => {
  const { given } = specOf(leaveConversation);
  it('leaves the others behind', () => given(aConversation()).when({ conversationId: group }).then(left(alice)));
  it('closes the group with its last member', () =>
    given(aConversation(), aLeave(bob)).when({ conversationId: group }).then(left(alice), { type: 'ConversationClosed', data: { at: noon, by: alice, cause: 'last-member-left' } }));
  it('leaves a channel open without members', () => given(aSpace(), aChannel()).when({ conversationId: channel }).then(left(alice)));
  it('leaves General too', () => given(aSpace(), aChannel({ conversation: general, general: true })).when({ conversationId: general }).then(left(alice)));
  it('refuses a direct chat', () => given(aDirect()).when({ conversationId: direct }).thenRefused('direct-cannot-be-left'));
  it('refuses who is no member', () => given(aConversation()).when({ conversationId: group }, by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), aClosing()).when({ conversationId: group }).thenRefused('conversation-closed'));
});

describe('titling', () => {
  const { given } = specOf(titleConversation);
  const title = (conversationId: string) => ({ conversationId, title: 'Tea', topic: 'at four' });
  const titled = (account: string) => ({ type: 'ConversationTitled', data: { at: noon, by: account }, content: { title: { title: 'Tea', topic: 'at four' } } });
  it('is for any member of a group', () => given(aConversation()).when(title(group), by(bob)).then(titled(bob)));
  it('is for an administrator of the space in a channel, in it or not', () => given(aSpace(), aSpaceJoin(bob), anAppointment(bob), aChannel()).when(title(channel), by(bob)).then(titled(bob)));
  it('refuses a plain member of the space', () => given(aSpace(), aSpaceJoin(bob), aChannel(), aJoin(bob, channel, 1)).when(title(channel), by(bob)).thenRefused('not-an-administrator'));
  it('refuses General, which carries its space\'s', () => given(aSpace(), aChannel({ conversation: general, general: true })).when(title(general)).thenRefused('title-is-the-spaces'));
  it('refuses a direct chat', () => given(aDirect()).when(title(direct)).thenRefused('direct-has-no-title'));
  it('refuses who is no member', () => given(aConversation()).when(title(group), by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), aClosing()).when(title(group)).thenRefused('conversation-closed'));
  it('refuses a channel of a space that is not there', () => given(aChannel({ space })).when(title(channel)).thenRefused('not-a-member'));
});

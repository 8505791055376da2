import { describe, it } from 'vitest';
import { withdrawReaction } from '#src/messages/withdraw-reaction.ts';
import { specOf } from '../given-when-then.ts';
import { aClosing, aConversation, aMessagePosted, aReaction, aReactionWithdrawn, group, hello, other, thumb } from '../makers.ts';
import { bob, by, mallory } from '../people.ts';

const { given } = specOf(withdrawReaction);
const aWithdrawReaction = { conversationId: group, messageId: hello, reactionId: thumb };

describe('withdrawing a reaction', () => {
  it('records it', () => given(aConversation(), aMessagePosted(), aReaction()).when(aWithdrawReaction).then(aReactionWithdrawn()));
  it('refuses what is not there', () => given(aConversation(), aMessagePosted()).when(aWithdrawReaction).thenRefused('reaction-not-found'));
  it('refuses one of another message', () => given(aConversation(), aMessagePosted(), aReaction({ messageId: other })).when(aWithdrawReaction).thenRefused('reaction-not-found'));
  it('refuses one of somebody else', () => given(aConversation(), aMessagePosted(), aReaction()).when(aWithdrawReaction, by(bob)).thenRefused('reaction-not-found'));
  it('refuses to withdraw twice', () => given(aConversation(), aMessagePosted(), aReaction(), aReactionWithdrawn()).when(aWithdrawReaction).thenRefused('reaction-not-found'));
  it('refuses who is no member', () => given(aConversation(), aMessagePosted(), aReaction()).when(aWithdrawReaction, by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), aMessagePosted(), aReaction(), aClosing()).when(aWithdrawReaction).thenRefused('conversation-closed'));
});

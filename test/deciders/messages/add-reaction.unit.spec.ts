import { describe, it } from 'vitest';
import { addReaction, distinctEmojisMax, type AddReaction } from '#src/messages/add-reaction.ts';
import { specOf } from '../given-when-then.ts';
import { aClosing, aConversation, aMessagePosted, aReaction, aReactionWithdrawn, aRetraction, group, hello, other, thumb } from '../makers.ts';
import { alice, bob, by, idOf, mallory } from '../people.ts';

const { given } = specOf(addReaction);
const anAddReaction = (input: Partial<AddReaction> = {}): AddReaction => ({ conversationId: group, emoji: '👍', messageId: hello, reactionId: thumb, ...input });
const fifty = Array.from({ length: distinctEmojisMax }, (_, n) => aReaction({ author: bob, emoji: String.fromCodePoint(0x1f600 + n), reactionId: idOf(1_000 + n) }));

describe('reacting', () => {
  it('records the reaction', () => given(aConversation(), aMessagePosted()).when(anAddReaction()).then(aReaction()));
  it('takes another emoji of the same person', () => given(aConversation(), aMessagePosted(), aReaction({ reactionId: other })).when(anAddReaction({ emoji: '🎉' })).then(aReaction({ emoji: '🎉' })));
  it('refuses the same emoji of the same person', () => given(aConversation(), aMessagePosted(), aReaction({ reactionId: other })).when(anAddReaction()).thenRefused('reaction-already-there'));
  it('takes it again after it was withdrawn', () =>
    given(aConversation(), aMessagePosted(), aReaction({ reactionId: other }), aReactionWithdrawn({ reactionId: other })).when(anAddReaction()).then(aReaction()));
  it('takes the same emoji of somebody else', () => given(aConversation(), aMessagePosted(), aReaction({ reactionId: other })).when(anAddReaction(), by(bob)).then(aReaction({ author: bob })));
  it('refuses an id that was used, withdrawn or not', () => given(aConversation(), aMessagePosted(), aReaction(), aReactionWithdrawn()).when(anAddReaction({ emoji: '🎉' })).thenRefused('reaction-id-taken'));
  it('refuses the fifty-first emoji', () => given(aConversation(), aMessagePosted(), ...fifty).when(anAddReaction()).thenRefused('too-many-reactions', 50));
  it('takes a fifty-first person with an emoji that is there', () => given(aConversation(), aMessagePosted(), ...fifty).when(anAddReaction({ emoji: '😀' })).then(aReaction({ author: alice, emoji: '😀' })));
  it('refuses what is not there', () => given(aConversation()).when(anAddReaction()).thenRefused('message-not-found'));
  it('refuses what was retracted', () => given(aConversation(), aMessagePosted(), aRetraction()).when(anAddReaction()).thenRefused('message-retracted'));
  it('refuses who is no member', () => given(aConversation(), aMessagePosted()).when(anAddReaction(), by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), aMessagePosted(), aClosing()).when(anAddReaction()).thenRefused('conversation-closed'));
});

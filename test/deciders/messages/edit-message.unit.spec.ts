import { describe, it } from 'vitest';
import { editMessage, type EditMessage } from '#src/messages/edit-message.ts';
import { specOf } from '../given-when-then.ts';
import { aClosing, aConversation, aLeave, aMessageEdited, aMessagePosted, aRetraction, group, hello, other } from '../makers.ts';
import { alice, bob, by, carla, mallory } from '../people.ts';

const { given } = specOf(editMessage);
const anEditMessage = (input: Partial<EditMessage> = {}): EditMessage => ({ conversationId: group, mentions: [], messageId: hello, text: 'Hello, carla', ...input });

describe('editing a message', () => {
  it('records the new text', () => given(aConversation(), aMessagePosted()).when(anEditMessage()).then(aMessageEdited()));
  it('names who is mentioned after the edit', () => {
    const places = [{ account: bob, from: 0, to: 5 }];
    given(aConversation(), aMessagePosted()).when(anEditMessage({ mentions: places })).then(aMessageEdited({ mentions: [bob], places }));
  });
  it('refuses a mention of who is not in', () => given(aConversation(), aMessagePosted()).when(anEditMessage({ mentions: [{ account: carla, from: 0, to: 5 }] })).thenRefused('mention-not-a-member'));
  it('refuses a mention beside the text', () => given(aConversation(), aMessagePosted()).when(anEditMessage({ mentions: [{ account: bob, from: 0, to: 50 }] })).thenRefused('mention-misplaced'));
  it('refuses what is not there', () => given(aConversation(), aMessagePosted({ messageId: other })).when(anEditMessage()).thenRefused('message-not-found'));
  it('refuses the message of somebody else', () => given(aConversation(), aMessagePosted()).when(anEditMessage(), by(bob)).thenRefused('not-the-author'));
  it('refuses what was retracted', () => given(aConversation(), aMessagePosted(), aRetraction()).when(anEditMessage()).thenRefused('message-retracted'));
  it('refuses who left', () => given(aConversation(), aMessagePosted(), aLeave(alice)).when(anEditMessage()).thenRefused('not-a-member'));
  it('refuses who never was in', () => given(aConversation(), aMessagePosted()).when(anEditMessage(), by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), aMessagePosted(), aClosing()).when(anEditMessage()).thenRefused('conversation-closed'));
});

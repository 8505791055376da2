import { describe, it } from 'vitest';
import { retractMessage } from '#src/messages/retract-message.ts';
import { specOf } from '../given-when-then.ts';
import { aClosing, aConversation, aMessagePosted, aRetraction, group, hello } from '../makers.ts';
import { bob, by, mallory } from '../people.ts';

const { given } = specOf(retractMessage);
const aRetractMessage = { conversationId: group, messageId: hello };

describe('retracting a message', () => {
  it('records it with the ordinal of the message', () => given(aConversation(), aMessagePosted({ ordinal: 7 })).when(aRetractMessage).then(aRetraction({ ordinal: 7 })));
  it('refuses what is not there', () => given(aConversation()).when(aRetractMessage).thenRefused('message-not-found'));
  it('refuses the message of somebody else', () => given(aConversation(), aMessagePosted()).when(aRetractMessage, by(bob)).thenRefused('not-the-author'));
  it('refuses to retract twice', () => given(aConversation(), aMessagePosted(), aRetraction()).when(aRetractMessage).thenRefused('message-retracted'));
  it('refuses who is no member', () => given(aConversation(), aMessagePosted()).when(aRetractMessage, by(mallory)).thenRefused('not-a-member'));
  it('refuses a closed conversation', () => given(aConversation(), aMessagePosted(), aClosing()).when(aRetractMessage).thenRefused('conversation-closed'));
});

import { describe, expect, it } from 'vitest';
import { postMessage, type PostMessage } from '#src/messages/post-message.ts';
import { decided, recorded, specOf } from '../given-when-then.ts';
import { aChannel, aClosing, aConversation, aLeave, aMessagePosted, aSpace, aSpaceJoin, aSpaceLeave, aSuspension, aJoin, channel, everybody, group, hello, other } from '../makers.ts';
import { alice, bob, by, carla, mallory, nobody } from '../people.ts';

const { given } = specOf(postMessage);
const aPostMessage = (input: Partial<PostMessage> = {}): PostMessage => ({ conversationId: group, form: 'text', mentions: [], messageId: hello, text: 'Hello, bob', ...input });

describe('posting a message', () => {
  it('records what was said, by whom and where', () => given(aConversation()).when(aPostMessage()).then(aMessagePosted()));
  it('records what was said as it was said', () => given(aConversation()).when(aPostMessage({ text: '  Å\u0000 ' })).then(aMessagePosted({ text: '  Å\u0000 ' })));
  it('counts on, without a gap', () => given(aConversation(), aMessagePosted({ messageId: other, ordinal: 41 })).when(aPostMessage()).then(aMessagePosted({ ordinal: 42 })));
  it('refuses a second text under one id', () => given(aConversation(), aMessagePosted()).when(aPostMessage({ text: 'bye' })).thenRefused('message-id-taken'));
  it('refuses who is no member', () => given(aConversation()).when(aPostMessage(), by(mallory)).thenRefused('not-a-member'));
  it('refuses who has left', () => given(aConversation(), aLeave(bob)).when(aPostMessage(), by(bob)).thenRefused('not-a-member'));
  it('says the same of a conversation that does not exist', () => given().when(aPostMessage()).thenRefused('not-a-member'));
  it('refuses who is suspended', () => given(aConversation(), aSuspension(alice)).when(aPostMessage()).thenRefused('not-allowed'));
  it('refuses who has no account', () => given(aConversation()).when(aPostMessage(), by(nobody)).thenRefused('signed-out'));
  it('refuses a closed conversation', () => given(aConversation(), aClosing()).when(aPostMessage()).thenRefused('conversation-closed'));
});

describe('replying', () => {
  it('names the message replied to', () => given(aConversation(), aMessagePosted({ messageId: other })).when(aPostMessage({ replyTo: other })).then(aMessagePosted({ ordinal: 2, replyTo: other })));
  it('refuses a reply to what is not there', () => given(aConversation()).when(aPostMessage({ replyTo: other })).thenRefused('reply-not-found'));
});

describe('mentioning', () => {
  const place = (account: string, from: number, to: number) => ({ account, from, to });
  it('names each person once, and every place', () => {
    const places = [place(bob, 7, 10), place('everyone', 0, 2), place(bob, 3, 5)];
    given(aConversation()).when(aPostMessage({ mentions: places })).then(aMessagePosted({ mentions: [bob, 'everyone'], places }));
  });
  it('refuses somebody who is not in', () => given(aConversation()).when(aPostMessage({ mentions: [place(carla, 0, 2)] })).thenRefused('mention-not-a-member'));
  it('refuses a place beyond the text', () => given(aConversation()).when(aPostMessage({ mentions: [place(bob, 7, 11)] })).thenRefused('mention-misplaced'));
  it('refuses an empty place', () => given(aConversation()).when(aPostMessage({ mentions: [place(bob, 7, 7)] })).thenRefused('mention-misplaced'));
  it('refuses places that overlap, in whatever order they come', () => given(aConversation()).when(aPostMessage({ mentions: [place(bob, 4, 8), place(alice, 0, 5)] })).thenRefused('mention-misplaced'));
  it('refuses more than fifty', () => {
    const places = Array.from({ length: 51 }, (_, n) => place(bob, n, n + 1));
    given(aConversation()).when(aPostMessage({ mentions: places, text: 'b'.repeat(60) })).thenRefused('mention-misplaced', 50);
  });
});

describe('posting to a channel', () => {
  it('needs the channel and the space under one join', () => given(aSpace(), aChannel()).when(aPostMessage({ conversationId: channel })).then(aMessagePosted()));
  it('refuses who left the space, while leaving the channel is still to be recorded', () =>
    given(aSpace(), aSpaceJoin(bob), aChannel(), aJoin(bob, channel, 1), aSpaceLeave(bob, 1)).when(aPostMessage({ conversationId: channel }), by(bob)).thenRefused('not-a-member'));
  it('refuses who left the space and came back: the old membership stays without power', () =>
    given(aSpace(), aSpaceJoin(bob), aChannel(), aJoin(bob, channel, 1), aSpaceLeave(bob, 1), aSpaceJoin(bob)).when(aPostMessage({ conversationId: channel }), by(bob)).thenRefused('not-a-member'));
  it('takes who came back and joined anew', () =>
    given(aSpace(), aSpaceJoin(bob), aChannel(), aJoin(bob, channel, 1), aSpaceLeave(bob, 1), aSpaceJoin(bob), aJoin(bob, channel, 3)).when(aPostMessage({ conversationId: channel }), by(bob)).then(aMessagePosted({ author: bob })));
  it('rests on the revisions of account and space', () => {
    const history = recorded([...everybody, aSpace(), aSpaceJoin(bob), aChannel()]);
    const state = history.filter((event) => event.stream.endsWith(channel)).reduce((folded, event) => postMessage.fold.evolve(folded, event), postMessage.fold.initial());
    const standing = { account: () => ({ account: alice, kind: 'employee', revision: 4, roles: new Set(), signInName: 'alice', suspended: false }), space: () => ({ administrators: new Set(), general: '', members: new Map([[alice, 0]]), revision: 1, space: 's' }) };
    expect(postMessage.permit({ standing } as never, by(alice), aPostMessage({ conversationId: channel }), state)).toMatchObject({ basis: [[`account-${alice}`, 4], ['space-s', 1]] });
  });
});

describe('recognising a retry', () => {
  const history = recorded([...everybody, aConversation()]);
  const first = recorded((decided(postMessage, history, aPostMessage(), by(alice)) as readonly ReturnType<typeof aMessagePosted>[]).map((event) => ({ ...event, stream: 'conversation-x' })));
  it('knows another text for another intent', () => expect(postMessage.isSameIntent(aPostMessage({ text: 'bye' }), first)).toBe(false));
  it('knows another form and another reply for another intent', () => {
    expect(postMessage.isSameIntent(aPostMessage({ form: 'action' }), first)).toBe(false);
    expect(postMessage.isSameIntent(aPostMessage({ replyTo: other }), first)).toBe(false);
  });
  it('does not compare what was erased', () => expect(postMessage.isSameIntent(aPostMessage({ text: 'bye' }), first.map((event) => ({ ...event, content: {} })))).toBe(true));
});

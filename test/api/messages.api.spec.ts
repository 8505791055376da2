import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { removeFromSpace } from '#src/contract/conversations.ts';
import { addReaction, editMessage, postMessage, readTimeline, retractMessage, withdrawReaction } from '#src/contract/timeline.ts';
import { anAppliance, type Appliance } from '#test/support/appliance.ts';
import { aDirectChat, aGroup, aSpace, people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let mallory: Person;
let chat: string;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
  chat = await aDirectChat(alice, bob);
});
afterAll(() => appliance?.close());

const how = () => ({ commandId: randomUUID() });
const recordedIn = async (conversationId: string): Promise<number> => (await appliance.recorded(`conversation-${conversationId}`)).length;

describe('the same command again', () => {
  it('is answered with the first revision and recorded once, also after a restart and through the other door', async () => {
    const post = { conversationId: chat, messageId: randomUUID(), text: 'once' };
    const once = how();
    const first = await alice.call(postMessage, post, once);
    const size = await recordedIn(chat);
    expect(await alice.call(postMessage, post, once)).toEqual(first);
    await appliance.restart();
    await alice.forgetsSocket();
    expect(await alice.call(postMessage, post, once)).toEqual(first);
    expect(await (await alice.socket).call(postMessage, post, once.commandId)).toEqual(first);
    expect(await recordedIn(chat)).toBe(size);
  });

  it('with another body is refused, also after a restart', async () => {
    const once = how();
    const post = { conversationId: chat, messageId: randomUUID(), text: 'this' };
    await alice.call(postMessage, post, once);
    const size = await recordedIn(chat);
    for (const other of [{ text: 'that' }, { messageId: randomUUID() }, { form: 'action' as const }]) expect((await alice.refusal(postMessage, { ...post, ...other }, once)).code).toBe('command-id-taken');
    await appliance.restart();
    expect((await alice.refusal(postMessage, { ...post, text: 'that' }, once)).code).toBe('command-id-taken');
    expect((await alice.refusal(retractMessage, { conversationId: chat, messageId: post.messageId }, once)).code).toBe('command-id-taken');
    expect(await recordedIn(chat)).toBe(size);
  });

  it('sent ten times at once is one message', async () => {
    const post = { conversationId: chat, messageId: randomUUID(), text: 'impatient' };
    const once = how();
    const before = await recordedIn(chat);
    const answers = await Promise.all(Array.from({ length: 10 }, () => alice.call(postMessage, post, once)));
    expect(new Set(answers.map(({ revision }) => revision)).size).toBe(1);
    expect(await recordedIn(chat)).toBe(before + 1);
  });

  it('of somebody else is their own', async () => {
    const once = how();
    const one = await alice.says('one', { in: chat }, once);
    const other = await bob.says('one', { in: chat }, once);
    expect(other.revision).toBe(one.revision + 1);
  });

  it('for edit A after edit B changes nothing', async () => {
    const { messageId } = await alice.says('first', { in: chat });
    const [a, b] = [how(), how()];
    const edit = (text: string) => ({ conversationId: chat, messageId, text });
    const revisionA = await alice.call(editMessage, edit('A'), a);
    const revisionB = await alice.call(editMessage, edit('B'), b);
    expect(await alice.call(editMessage, edit('A'), a)).toEqual(revisionA);
    await appliance.restart();
    expect(await alice.call(editMessage, edit('A'), a)).toEqual(revisionA);
    expect(await alice.call(editMessage, edit('B'), b)).toEqual(revisionB);
    const { lines } = await bob.call(readTimeline, { conversationId: chat, where: 'latest' });
    expect(lines.find((line) => line.kind === 'message' && line.messageId === messageId)).toMatchObject({ text: 'B' });
  });

  it('is answered after its author was removed, who can say nothing new', async () => {
    const { spaceId, general } = await aSpace(alice, [bob]);
    const post = { conversationId: general, messageId: randomUUID(), text: 'before I went' };
    const once = how();
    const first = await bob.call(postMessage, post, once);
    await alice.call(removeFromSpace, { spaceId, account: bob.account });
    expect(await bob.call(postMessage, post, once)).toEqual(first);
    expect((await bob.refusal(postMessage, { ...post, text: 'after I went' }, once)).code).toBe('command-id-taken');
    expect((await bob.refusal(postMessage, { ...post, messageId: randomUUID() })).code).toBe('not-a-member');
  });
});

describe('a message', () => {
  it('keeps its id to itself', async () => {
    const { messageId } = await alice.says('mine', { in: chat });
    const size = await appliance.logSize();
    for (const person of [alice, bob]) expect((await person.refusal(postMessage, { conversationId: chat, messageId, text: 'also mine' })).code).toBe('message-id-taken');
    expect(await appliance.logSize()).toBe(size);
  });

  it('is changed and taken back by its author alone', async () => {
    const { messageId } = await alice.says('draft', { in: chat });
    const at = { conversationId: chat, messageId };
    expect((await bob.refusal(editMessage, { ...at, text: 'forged' })).code).toBe('not-the-author');
    expect((await bob.refusal(retractMessage, at)).code).toBe('not-the-author');
    await alice.call(retractMessage, at);
    expect((await alice.refusal(editMessage, { ...at, text: 'again' })).code).toBe('message-retracted');
    expect((await bob.refusal(addReaction, { ...at, reactionId: randomUUID(), emoji: '👍' })).code).toBe('message-retracted');
    const { lines } = await bob.call(readTimeline, { conversationId: chat, where: 'latest' });
    expect(lines.find((line) => line.kind === 'message' && line.messageId === messageId)).toMatchObject({ text: null });
  });

  it('is found only in its own conversation', async () => {
    const { messageId } = await alice.says('here', { in: chat });
    const other = await aGroup(alice, [mallory]);
    for (const person of [alice, mallory]) expect((await person.refusal(editMessage, { conversationId: other, messageId, text: 'there' })).code).toBe('message-not-found');
    expect((await mallory.refusal(postMessage, { conversationId: other, messageId: randomUUID(), text: 'quoting', replyTo: messageId })).code).toBe('reply-not-found');
    expect((await mallory.refusal(addReaction, { conversationId: chat, messageId, reactionId: randomUUID(), emoji: '👍' })).code).toBe('not-a-member');
  });

  it('is recorded as it was said', async () => {
    for (const text of ['  spaces around  ', 'a\u0000b\u0007', '\n\n', '\u202eright to left', '👩‍👩‍👧', 'e\u0301', '__proto__']) {
      const { messageId } = await alice.says(text, { in: chat });
      const { lines } = await bob.call(readTimeline, { conversationId: chat, where: 'latest' });
      expect(lines.find((line) => line.kind === 'message' && line.messageId === messageId)).toMatchObject({ text });
    }
  });

  it('gets one reaction of a kind from a person, who alone takes it back', async () => {
    const { messageId } = await alice.says('react', { in: chat });
    const reactionId = randomUUID();
    const at = { conversationId: chat, messageId };
    await bob.call(addReaction, { ...at, reactionId, emoji: '👍' });
    expect((await bob.refusal(addReaction, { ...at, reactionId: randomUUID(), emoji: '👍' })).code).toBe('reaction-already-there');
    expect((await alice.refusal(addReaction, { ...at, reactionId, emoji: '🎉' })).code).toBe('reaction-id-taken');
    expect((await alice.refusal(withdrawReaction, { ...at, reactionId })).code).toBe('reaction-not-found');
    await bob.call(withdrawReaction, { ...at, reactionId });
    expect((await bob.refusal(withdrawReaction, { ...at, reactionId })).code).toBe('reaction-not-found');
  });
});

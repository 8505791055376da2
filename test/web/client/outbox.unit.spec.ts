import { describe, expect, it, vi } from 'vitest';
import type { MessageLine } from '#src/contract/timeline.ts';
import type { Answer } from '#web/client/answer.ts';
import { Outbox, type Send } from '#web/client/outbox.ts';
import { countOf, isPost, withChanges, type Outgoing } from '#web/client/outgoing.ts';
import { windowOf } from '#web/client/timeline-window.ts';
import { memoryShelf } from './memory-shelf.ts';
import { aMessageLine } from './timeline-makers.ts';

const account = '11111111-1111-4111-8111-111111111111';
const recorded: Answer<unknown> = { ok: true, output: { revision: 1 } };
const refused = (code: string): Answer<unknown> => ({ ok: false, code, sentence: 'No.' });
const writing = (text: string) => ({ text, mentions: [], replyTo: null });

const textOf = (outgoing: Outgoing): string => (isPost(outgoing) ? outgoing.text : outgoing.what.is === 'edit' ? outgoing.what.text : outgoing.what.is);
const inTimeline = (conversationId: string, ...lines: readonly MessageLine[]) => ({ conversationId, window: windowOf({ position: 1, lines: [...lines], quoted: [], hasOlder: false, hasNewer: false, lastOrdinal: lines.length, viewed: [], cursor: { revision: -1, ordinal: 0 } }) });

/** An outbox whose sends are answered by hand, in any order. */
const given = async (shelf = memoryShelf<Outgoing>(), changeStaysMs = 60_000) => {
  const asked: { readonly waiting: Outgoing; readonly answer: (answer: Answer<unknown>) => void }[] = [];
  const send: Send = (waiting) => new Promise((answer) => asked.push({ waiting, answer }));
  const outbox = new Outbox(shelf, send, 1, changeStaysMs);
  await outbox.open(account);
  const askedFor = async (count: number): Promise<void> => vi.waitFor(() => expect(asked).toHaveLength(count));
  return { outbox, asked, askedFor, shelf };
};

describe('the outbox', () => {
  it('sends the messages of a conversation one at a time, in the order written', async () => {
    const { outbox, asked, askedFor } = await given();
    for (const text of ['one', 'two', 'three']) outbox.post('a', writing(text));
    await askedFor(1);
    asked[0]!.answer(recorded);
    await askedFor(2);
    asked[1]!.answer(recorded);
    await askedFor(3);
    expect(asked.map(({ waiting }) => textOf(waiting))).toEqual(['one', 'two', 'three']);
  });
  it('lets one conversation not wait for another', async () => {
    const { outbox, asked, askedFor } = await given();
    outbox.post('a', writing('slow'));
    outbox.post('b', writing('quick'));
    await askedFor(2);
    expect(asked.map(({ waiting }) => waiting.conversationId).sort()).toEqual(['a', 'b']);
  });
  it('asks again with the same ids while nobody answered', async () => {
    const { outbox, asked, askedFor } = await given();
    outbox.post('a', writing('hi'));
    await askedFor(1);
    asked[0]!.answer(refused('offline'));
    await askedFor(2);
    const ids = asked.map(({ waiting }) => [waiting.commandId, waiting.key]);
    expect(ids[0]).toEqual(ids[1]);
    expect(outbox.waiting.value[0]?.state).toBe('waiting');
  });
  it('survives a reload with the same ids and the same order', async () => {
    const { outbox, asked, askedFor, shelf } = await given();
    for (const text of ['one', 'two']) outbox.post('a', writing(text));
    await askedFor(1);
    await vi.waitFor(async () => expect(await shelf.all(account)).toHaveLength(2));
    const after = await given(shelf);
    await after.askedFor(1);
    expect(after.outbox.waiting.value.map(textOf)).toEqual(['one', 'two']);
    expect(after.asked[0]?.waiting.commandId).toBe(asked[0]?.waiting.commandId);
  });
  it('shows nothing of one account to another', async () => {
    const { outbox, askedFor, shelf } = await given();
    outbox.post('a', writing('mine'));
    await askedFor(1);
    await outbox.open('22222222-2222-4222-8222-222222222222');
    expect(outbox.waiting.value).toEqual([]);
    expect(await shelf.all(account)).toHaveLength(1);
  });
  it('keeps a recorded message on screen until its line comes, and not on the shelf', async () => {
    const { outbox, asked, askedFor, shelf } = await given();
    const messageId = outbox.post('a', writing('hi'));
    await askedFor(1);
    asked[0]!.answer(recorded);
    await vi.waitFor(async () => expect(await shelf.all(account)).toHaveLength(0));
    expect(outbox.waiting.value.map(({ state }) => state)).toEqual(['recorded']);
    outbox.arrived(inTimeline('a', aMessageLine({ revision: 1, messageId, text: 'hi' })));
    expect(outbox.waiting.value).toEqual([]);
  });
  it('never shows a line twice when the push overtakes the answer', async () => {
    const { outbox, asked, askedFor } = await given();
    const messageId = outbox.post('a', writing('hi'));
    await askedFor(1);
    outbox.arrived(inTimeline('a', aMessageLine({ revision: 1, messageId, text: 'hi' })));
    asked[0]!.answer(recorded);
    await outbox.emptied();
    expect(outbox.waiting.value).toEqual([]);
  });
  it('keeps a refused message with its sentence, sends the others, and tries it again as a new intent', async () => {
    const { outbox, asked, askedFor } = await given();
    const messageId = outbox.post('a', writing('bad'));
    outbox.post('a', writing('good'));
    await askedFor(1);
    asked[0]!.answer(refused('not-a-member'));
    await askedFor(2);
    expect(textOf(asked[1]!.waiting)).toBe('good');
    asked[1]!.answer(recorded);
    await vi.waitFor(() => expect(outbox.waiting.value.find(({ key }) => key === messageId)?.refusal?.sentence).toBe('No.'));
    await outbox.retry(messageId);
    await askedFor(3);
    expect(asked[2]!.waiting.key).toBe(messageId);
    expect(asked[2]!.waiting.commandId).not.toBe(asked[0]!.waiting.commandId);
  });
  it('takes another message id when the old one is taken', async () => {
    const { outbox, asked, askedFor } = await given();
    const messageId = outbox.post('a', writing('hi'));
    await askedFor(1);
    asked[0]!.answer(refused('message-id-taken'));
    await vi.waitFor(() => expect(outbox.waiting.value[0]?.state).toBe('refused'));
    await outbox.retry(messageId);
    await askedFor(2);
    expect(asked[1]!.waiting.key).not.toBe(messageId);
  });
  it('lets go of a message its writer discards', async () => {
    const { outbox, asked, askedFor, shelf } = await given();
    const messageId = outbox.post('a', writing('bad'));
    await askedFor(1);
    asked[0]!.answer(refused('not-a-member'));
    await vi.waitFor(() => expect(outbox.waiting.value[0]?.state).toBe('refused'));
    await outbox.discard(messageId);
    expect(await shelf.all(account)).toEqual([]);
  });
});

describe('changes of messages', () => {
  const line = aMessageLine({ revision: 3, text: 'noodles' });
  const edit = (text: string) => ({ is: 'edit', text, mentions: [] }) as const;
  const react = { is: 'react', reactionId: '33333333-3333-4333-8333-333333333333', emoji: '👍' } as const;

  it('go out in order and one at a time, after the message they follow', async () => {
    const { outbox, asked, askedFor } = await given();
    outbox.post('a', writing('one'));
    outbox.change('a', line.messageId, edit('two'));
    outbox.change('a', line.messageId, react);
    outbox.change('a', line.messageId, { is: 'retract' });
    for (let n = 1; n <= 4; n += 1) {
      await askedFor(n);
      asked[n - 1]!.answer(recorded);
    }
    expect(asked.map(({ waiting }) => textOf(waiting))).toEqual(['one', 'two', 'react', 'retract']);
    await outbox.emptied();
    expect(outbox.unsent).toEqual([]);
  });
  it('survive a reload with the same ids and in the same order', async () => {
    const { outbox, asked, askedFor, shelf } = await given();
    outbox.change('a', line.messageId, edit('two'));
    outbox.change('a', line.messageId, { is: 'withdraw', reactionId: react.reactionId });
    await askedFor(1);
    await vi.waitFor(async () => expect(await shelf.all(account)).toHaveLength(2));
    const after = await given(shelf);
    await after.askedFor(1);
    expect(after.asked[0]!.waiting).toEqual(asked[0]!.waiting);
    after.asked[0]!.answer(recorded);
    await after.askedFor(2);
    expect(textOf(after.asked[1]!.waiting)).toBe('withdraw');
  });
  it('are shown at once, until the push came that says the same', async () => {
    const { outbox, asked, askedFor } = await given();
    const shown = (now: MessageLine): MessageLine => withChanges([now], outbox.waiting.value)[0] as MessageLine;
    outbox.change('a', line.messageId, edit('soup'));
    outbox.change('a', line.messageId, react);
    expect(shown(line)).toMatchObject({ text: 'soup', reactions: [{ account, emoji: '👍' }] });
    await askedFor(1);
    asked[0]!.answer(recorded);
    await askedFor(2);
    outbox.arrived(inTimeline('a', line));
    expect(shown(line).text).toBe('soup');
    outbox.arrived(inTimeline('a', { ...line, text: 'soup', editedAt: 9 }));
    expect(outbox.waiting.value.map(textOf)).toEqual(['react']);
  });
  it('are not shown for long without their push, for another device may have said more', async () => {
    const { outbox, asked, askedFor } = await given(undefined, 1);
    outbox.change('a', line.messageId, edit('soup'));
    await askedFor(1);
    asked[0]!.answer(recorded);
    await vi.waitFor(() => expect(outbox.waiting.value).toEqual([]));
  });
  it('keep the words of an edit that was refused, and let go of what has none', async () => {
    const { outbox, asked, askedFor, shelf } = await given();
    const told: string[] = [];
    outbox.onRefused(({ code }) => told.push(code));
    outbox.change('a', line.messageId, edit('soup'));
    outbox.change('a', line.messageId, react);
    await askedFor(1);
    asked[0]!.answer(refused('message-retracted'));
    await askedFor(2);
    asked[1]!.answer(refused('reaction-already-there'));
    await vi.waitFor(() => expect(told).toEqual(['reaction-already-there']));
    expect((await shelf.all(account)).map(textOf)).toEqual(['soup']);
    expect(withChanges([line], outbox.waiting.value)).toEqual([line]);
    expect(countOf(outbox.unsent)).toBe('1 unsent change');
  });
  it('leave messages of an older version of this page what they are', async () => {
    const shelf = memoryShelf<Outgoing>();
    const { kind: _, ...old } = { account, key: line.messageId, conversationId: 'a', commandId: react.reactionId, order: 1, writtenAt: 1, ...writing('old'), state: 'waiting', refusal: null, kind: 'post' } as const;
    await shelf.put(old as unknown as Outgoing);
    const { asked, askedFor } = await given(shelf);
    await askedFor(1);
    expect(asked[0]!.waiting).toEqual({ ...old, kind: 'post' });
  });
});

import { describe, expect, it, vi } from 'vitest';
import type { Answer } from '#web/client/answer.ts';
import { Outbox, type Send, type Waiting } from '#web/client/outbox.ts';
import { memoryShelf } from './memory-shelf.ts';

const account = '11111111-1111-4111-8111-111111111111';
const recorded: Answer<unknown> = { ok: true, output: { revision: 1 } };
const refused = (code: string): Answer<unknown> => ({ ok: false, code, sentence: 'No.' });
const writing = (text: string) => ({ text, mentions: [], replyTo: null });

/** An outbox whose sends are answered by hand, in any order. */
const given = async (shelf = memoryShelf<Waiting>()) => {
  const asked: { readonly waiting: Waiting; readonly answer: (answer: Answer<unknown>) => void }[] = [];
  const send: Send = (waiting) => new Promise((answer) => asked.push({ waiting, answer }));
  const outbox = new Outbox(shelf, send, 1);
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
    expect(asked.map(({ waiting }) => waiting.text)).toEqual(['one', 'two', 'three']);
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
    expect(after.outbox.waiting.value.map(({ text }) => text)).toEqual(['one', 'two']);
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
    outbox.arrived(new Set([messageId]));
    expect(outbox.waiting.value).toEqual([]);
  });
  it('never shows a line twice when the push overtakes the answer', async () => {
    const { outbox, asked, askedFor } = await given();
    const messageId = outbox.post('a', writing('hi'));
    await askedFor(1);
    outbox.arrived(new Set([messageId]));
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
    expect(asked[1]!.waiting.text).toBe('good');
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

import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addReaction, editMessage, postMessage, readTimeline } from '#src/contract/timeline.ts';
import { leaveConversation } from '#src/contract/conversations.ts';
import { anAppliance, wrapLog, type Appliance } from '#test/support/appliance.ts';
import { acknowledgeBeforeTheLog, holdAppends, pushBeforeTheLog, witnessOf } from '#test/support/held-log.ts';
import { aDirectChat, aGroup, people, type Person } from '#test/support/people.ts';

let appliance: Appliance;
let alice: Person;
let bob: Person;
let mallory: Person;
let chat: string;
let elsewhere: string;
beforeAll(async () => {
  appliance = await anAppliance();
  ({ alice, bob, mallory } = await people(appliance, 'alice', 'bob', 'mallory'));
  chat = await aDirectChat(alice, bob);
  elsewhere = await aDirectChat(alice, mallory);
});
afterAll(() => appliance?.close());

/**
 * What was answered while the append that it rests on was held back, and what bob saw of it. `breakIt` is put around the log
 * that holds back.
 */
const answeredEarly = async (breakIt?: (appliance: Appliance, stream: string) => () => void): Promise<readonly string[]> => {
  const messageId = randomUUID();
  const [post, once] = [{ conversationId: chat, messageId, text: `held ${messageId}` }, { commandId: randomUUID() }];
  const timeline = await bob.timeline(chat);
  const held = holdAppends(appliance, `conversation-${chat}`);
  const repair = breakIt?.(appliance, `conversation-${chat}`);
  const early: string[] = [];
  let isHeld = true;
  const noting = async (what: string, answer: Promise<unknown>): Promise<unknown> => {
    const said = await answer;
    if (isHeld) early.push(what);
    return said;
  };
  const answers = [noting('the post', alice.answer(postMessage, post, once))];
  await held.holding;
  answers.push(
    noting('the retry', alice.answer(postMessage, post, once)),
    noting('the other body', alice.answer(postMessage, { ...post, text: 'other' }, once)),
    noting('the edit by somebody else', bob.answer(editMessage, { conversationId: chat, messageId, text: 'forged' })),
    noting('the second message under one id', bob.answer(postMessage, { conversationId: chat, messageId, text: 'mine' })),
    noting('the reaction', bob.answer(addReaction, { conversationId: chat, messageId, reactionId: randomUUID(), emoji: '👍' })),
    noting('the leaving of a direct chat', bob.answer(leaveConversation, { conversationId: chat })),
  );
  // The rest of the appliance goes on meanwhile, and these have all had their turn.
  for (let n = 0; n < 5; n += 1) await alice.says(`elsewhere ${n}`, { in: elsewhere });
  await (await bob.socket).caughtUp();
  if (timeline.now.lines.some((line) => line.kind === 'message' && line.messageId === messageId)) early.push('the push');
  const { lines } = await bob.call(readTimeline, { conversationId: chat, where: 'latest' });
  if (lines.some((line) => line.kind === 'message' && line.messageId === messageId)) early.push('the snapshot');
  isHeld = false;
  repair?.();
  held.letGo();
  const codes = (await Promise.all(answers)).map((answer) => (answer as { readonly code?: string }).code ?? 'done');
  if (!breakIt) expect(codes).toEqual(['done', 'done', 'command-id-taken', 'not-the-author', 'message-id-taken', 'done', 'direct-cannot-be-left']);
  return early;
};

describe('what is answered', () => {
  it('never overtakes the flush it rests on: neither the acknowledgement, nor a recognised retry, nor a refusal, nor a push', async () => {
    expect(await answeredEarly()).toEqual([]);
  });

  it('by a build that acknowledges early is caught by the same look', async () => {
    appliance.expectFaults();
    expect(await answeredEarly(acknowledgeBeforeTheLog)).toContain('the post');
    // What that build believed is not what the log holds.
    await appliance.restart();
    for (const person of [alice, bob, mallory]) await person.forgetsSocket();
  });
});

describe('an append that met another one', () => {
  it('is decided anew, sealed anew, and recorded once', async () => {
    const sent: string[][] = [];
    const takeOff = wrapLog(appliance.house, (sound) => ({
      append(stream, expected, events, appendClass) {
        if (stream === `conversation-${elsewhere}`) sent.push(events.map(({ id }) => id));
        return sent.length === 1 ? Promise.resolve({ kind: 'conflict', revision: expected + 1 }) : sound.append(stream, expected, events, appendClass);
      },
    }));
    const before = (await appliance.recorded(`conversation-${elsewhere}`)).length;
    const { revision } = await alice.says('decided twice', { in: elsewhere });
    takeOff();
    expect(revision).toBe(before);
    expect(sent).toHaveLength(2);
    expect(sent[0]![0]).not.toBe(sent[1]![0]);
    expect((await appliance.recorded(`conversation-${elsewhere}`)).map(({ id }) => id).slice(before)).toEqual(sent[1]);
  });
});

/** Positions of pushes that came before their event was in the log. */
const pushedEarly = async (during: () => Promise<void>): Promise<readonly number[]> => {
  const witness = witnessOf(appliance);
  const early: number[] = [];
  (await bob.socket).onPush(({ position }) => !witness.has(position) && early.push(position));
  await during();
  await (await bob.socket).caughtUp();
  const found = [...early];
  witness.close();
  await bob.forgetsSocket();
  return found;
};

describe('what is pushed', () => {
  const muchIsSaid = async (): Promise<void> => {
    const group = await aGroup(alice, [bob, mallory]);
    await bob.timeline(group);
    for (let n = 0; n < 20; n += 1) {
      await Promise.all([alice, mallory].map((person) => person.says(`${person.name} ${n}`, { in: group, mentions: [{ account: bob.account, from: 0, to: 1 }] })));
    }
    await bob.sees('alice 19', { in: group });
  };

  it('is in the log already, while much is said', async () => {
    expect(await pushedEarly(muchIsSaid)).toEqual([]);
  });

  it('by a build that pushes early is caught by the same look', async () => {
    const group = await aGroup(alice, [bob]);
    const repair = pushBeforeTheLog(appliance);
    const early = await pushedEarly(async () => {
      await bob.timeline(group);
      await alice.says('too soon', { in: group });
    });
    repair();
    expect(early.length).toBeGreaterThan(0);
  });
});

import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TypingExchange, type TypingPorts } from '#src/doors/socket/typing-exchange.ts';
import { MemoryNetwork } from '#test/support/memory-bus.ts';

const gatherMs = 100;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());
const pass = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

const [general, random] = [randomUUID(), randomUUID()];
const [alice, bob, mallory] = [randomUUID(), randomUUID(), randomUUID()];

/** A node where `general` is open, in which alice and bob are. */
const aNode = (network: MemoryNetwork, ports: Partial<TypingPorts> = {}) => {
  const shown: string[] = [];
  const asked: string[] = [];
  const faults: unknown[] = [];
  const exchange = new TypingExchange(network.node(), {
    isOpenHere: (conversationId) => conversationId === general,
    mayRead: async (account, conversationId) => {
      asked.push(conversationId);
      return account !== mallory;
    },
    show: (_conversationId, account) => void shown.push(account),
    onFault: (cause) => void faults.push(cause),
    ...ports,
  });
  return { exchange, shown, asked, faults };
};

describe('typing on another node', () => {
  it('is shown where the conversation is open, and costs nothing where it is not', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    one.exchange.typed(general, alice);
    one.exchange.typed(random, bob);
    await pass(gatherMs);
    expect([one.shown, two.shown, two.asked]).toEqual([[], [alice], [general]]);
  });

  it('is not shown of somebody who may not be there, whatever the other node says', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    one.exchange.typed(general, mallory);
    await pass(gatherMs);
    expect([two.asked, two.shown]).toEqual([[general], []]);
  });

  it('is told at most four times a second and person, however often the browser says it, and together with others', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    for (let n = 0; n < 20; n += 1) {
      one.exchange.typed(general, alice);
      one.exchange.typed(general, bob);
      await pass(10);
    }
    expect([network.published.length, two.shown]).toEqual([1, [alice, bob]]);
    await pass(1_000);
    one.exchange.typed(general, alice);
    await pass(gatherMs);
    expect(two.shown).toEqual([alice, bob, alice]);
  });

  it('asks no more questions than the views should have to answer, and goes on when they answered', async () => {
    const network = new MemoryNetwork();
    const answers: ((may: boolean) => void)[] = [];
    const two = aNode(network, { mayRead: () => new Promise((resolve) => void answers.push(resolve)) });
    const stranger = network.node();
    stranger.publish('typing', { typing: Array.from({ length: 200 }, () => [general, randomUUID()]) });
    await pass(1);
    expect(answers.length).toBe(32);
    for (const answer of answers) answer(true);
    await pass(1);
    stranger.publish('typing', { typing: [[general, alice]] });
    await pass(1);
    answers.at(-1)!(true);
    await pass(1);
    expect([two.shown.length, two.shown.at(-1)]).toEqual([33, alice]);
  });

  it('drops what it does not understand, and outlives a question that fails', async () => {
    const network = new MemoryNetwork();
    const broken = new Error('the view is closed');
    const two = aNode(network, { mayRead: async () => Promise.reject(broken) });
    const stranger = network.node();
    for (const body of [{}, { typing: 'alice' }, { typing: [['general', 'alice']] }, { typing: [[general, alice]] }]) stranger.publish('typing', body);
    await pass(1);
    expect([two.shown, two.faults]).toEqual([[], [broken]]);
  });

  it('is neither told nor shown once the node closes', async () => {
    const network = new MemoryNetwork();
    const [one, two] = [aNode(network), aNode(network)];
    one.exchange.typed(general, alice);
    one.exchange.close();
    two.exchange.typed(general, bob);
    await pass(2 * gatherMs);
    expect([one.shown, two.shown]).toEqual([[], []]);
  });
});

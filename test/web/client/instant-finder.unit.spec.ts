import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InstantFinder, type Found } from '#web/client/instant-finder.ts';
import { instantIsOff } from '#web/client/instant-is-off.ts';
import type { Answer } from '#web/client/answer.ts';

type Asked = { readonly text: string; readonly within: string | null; readonly answer: (found?: Partial<Found>) => Promise<void>; readonly refuse: () => Promise<void> };

/** A server whose answers come when the test says so. */
const aFinder = () => {
  const asked: Asked[] = [];
  const finder = new InstantFinder((asking) => {
    const { promise, resolve } = Promise.withResolvers<Answer<Found>>();
    const settled = async (answer: Answer<Found>): Promise<void> => {
      resolve(answer);
      await vi.advanceTimersByTimeAsync(0);
    };
    asked.push({
      ...asking,
      answer: (found) => settled({ ok: true, output: { messages: [], people: [], conversations: [], answeredBy: 'instant', because: null, position: 1, behind: 0, ...found } }),
      refuse: () => settled({ ok: false, code: 'query-unreadable', sentence: 'This quotation mark is never closed.' }),
    });
    return promise;
  });
  return { finder, asked };
};
const paused = () => vi.advanceTimersByTimeAsync(120);

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  instantIsOff.set(false);
  vi.useRealTimers();
});

describe('finding while one types', () => {
  it('asks once for what is typed fast', async () => {
    const { finder, asked } = aFinder();
    for (const text of ['m', 'me', 'met', 'mete', 'meter ']) finder.type(text, 'here');
    await paused();
    expect(asked).toMatchObject([{ text: 'meter', within: 'here' }]);
    await asked[0]!.answer();
    expect(finder.found.value?.text).toBe('meter');
  });

  it('asks nothing for one letter, and something for one character that can be a word', async () => {
    const { finder, asked } = aFinder();
    finder.type('m');
    await paused();
    finder.type('海');
    await paused();
    expect(asked.map(({ text }) => text)).toEqual(['海']);
  });

  it('has one question under way, and asks the latest next', async () => {
    const { finder, asked } = aFinder();
    for (const text of ['me', 'met', 'mete', 'meter']) {
      finder.type(text);
      await paused();
    }
    expect(asked.map(({ text }) => text)).toEqual(['me']);
    await asked[0]!.answer();
    expect(asked.map(({ text }) => text)).toEqual(['me', 'meter']);
    await asked[1]!.answer();
    expect([finder.found.value?.text, asked.length]).toEqual(['meter', 2]);
  });

  it('drops an answer that comes after everything was taken out', async () => {
    const { finder, asked } = aFinder();
    finder.type('meter');
    await paused();
    finder.stop();
    await asked[0]!.answer();
    expect(finder.found.value).toBeUndefined();
  });

  it('keeps what was found while the next text is refused, as half a phrase is', async () => {
    const { finder, asked } = aFinder();
    finder.type('hall');
    await paused();
    await asked[0]!.answer();
    finder.type('"hall');
    await paused();
    await asked[1]!.refuse();
    expect(finder.found.value?.text).toBe('hall');
  });

  it('asks no more once it is known that nothing is set up for it', async () => {
    const { finder, asked } = aFinder();
    finder.type('meter');
    await paused();
    await asked[0]!.answer({ because: 'not-set-up', answeredBy: 'exact' });
    finder.type('drift');
    await paused();
    expect([asked.length, finder.found.value, instantIsOff.value]).toEqual([1, undefined, true]);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepScreenAwake } from '#web/calls/screen-awake.ts';

/** Locks that the browser gave and nobody gave back. */
let held: Set<object>;
/** Asked for, and not given yet. */
let asked: (() => void)[];
let page: EventTarget & { visibilityState: string };
beforeEach(() => {
  [held, asked] = [new Set(), []];
  page = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  const request = (): Promise<object> =>
    new Promise((resolve) => asked.push(() => {
      const lock = { release: async () => void held.delete(lock) };
      held.add(lock);
      resolve(lock);
    }));
  vi.stubGlobal('document', page);
  vi.stubGlobal('navigator', { wakeLock: { request } });
});
afterEach(() => vi.unstubAllGlobals());

const becomes = (visibilityState: string): void => {
  page.visibilityState = visibilityState;
  if (visibilityState === 'hidden') held.clear(); // The browser does it.
  page.dispatchEvent(new Event('visibilitychange'));
};
const given = async (): Promise<void> => {
  for (const give of asked.splice(0)) give();
  await new Promise((resolve) => setTimeout(resolve));
};

describe('the screen during a call', () => {
  it('stays on, after one has looked elsewhere too, until the call is over', async () => {
    const end = keepScreenAwake();
    await given();
    expect(held.size).toBe(1);
    becomes('hidden');
    await given();
    expect(held.size).toBe(0);
    becomes('visible');
    await given();
    expect(held.size).toBe(1);
    end();
    becomes('hidden');
    becomes('visible');
    await given();
    expect(held.size).toBe(0);
  });
  it('may go dark when the call is over before the browser has answered', async () => {
    const end = keepScreenAwake();
    end();
    await given();
    expect(held.size).toBe(0);
  });
  it('is left alone by a browser that refuses, or cannot', () => {
    vi.stubGlobal('navigator', {});
    keepScreenAwake()();
    vi.stubGlobal('navigator', { wakeLock: { request: () => Promise.reject(new DOMException('low battery', 'NotAllowedError')) } });
    keepScreenAwake()();
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallPace } from '#web/client/call-pace.ts';

describe('calls in their turn', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const wentBy = async (ms: number, gone: readonly number[]): Promise<number> => {
    await vi.advanceTimersByTimeAsync(ms);
    return gone.length;
  };

  it('go at once as long as they are few, then so many a second, in their order', async () => {
    const pace = new CallPace({ burst: 10, perSecond: 20 });
    const gone: number[] = [];
    for (let n = 0; n < 30; n += 1) void pace.turn().then(() => gone.push(n));
    expect(await wentBy(0, gone)).toBe(10);
    expect(await wentBy(500, gone)).toBe(20);
    expect(await wentBy(500, gone)).toBe(30);
    expect(gone).toEqual(gone.toSorted((a, b) => a - b));
  });

  it('are few again after a rest', async () => {
    const pace = new CallPace({ burst: 10, perSecond: 20 });
    const gone: number[] = [];
    const ten = (): void => { for (let n = 0; n < 10; n += 1) void pace.turn().then(() => gone.push(n)); };
    ten();
    await vi.advanceTimersByTimeAsync(500);
    ten();
    expect(await wentBy(0, gone)).toBe(20);
  });
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ice } from '#web/calls/ice.ts';

/** What the appliance answered so far: each time with other credentials, as after it has started anew. */
let answered = 0;
let isThere = true;
const endAfterMs = 3_600_000;
beforeEach(() => {
  answered = 0;
  isThere = true;
  vi.stubGlobal('fetch', async () => {
    if (!isThere) return Response.json({ code: 'slow-down', sentence: '' }, { status: 429 });
    answered += 1;
    return Response.json({ servers: [{ urls: ['turn:127.0.0.1:3478?transport=udp'], username: String(answered), credential: 'x' }], expiresAt: Date.now() + endAfterMs, participantBitsPerSecond: 1_000_000, screenBitsPerSecond: 2_500_000, relayOnly: false });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const usernameIn = ({ configuration }: Ice): string | undefined => configuration.iceServers?.[0]?.username;

describe('credentials for the relay', () => {
  it('are kept from one call to the next', async () => {
    const ice = new Ice(() => undefined);
    expect([await ice.ready(), await ice.ready(), answered, usernameIn(ice)]).toEqual([true, true, 1, '1']);
    ice.rest();
  });
  it('come with one path for sound and pictures, before they are there too: the policy of a connection cannot change', async () => {
    const ice = new Ice(() => undefined);
    const before = ice.configuration.bundlePolicy;
    await ice.ready();
    expect([before, ice.configuration.bundlePolicy]).toEqual(['max-bundle', 'max-bundle']);
    ice.rest();
  });
  it('are asked for anew with the next call, once the connection was lost', async () => {
    const ice = new Ice(() => expect.unreachable());
    await ice.ready();
    ice.mayBeStale(false);
    expect([answered, await ice.ready(), usernameIn(ice)]).toEqual([1, true, '2']);
    ice.rest();
  });
  it('are given to the call that goes on, as soon as the connection is back', async () => {
    const renewed = Promise.withResolvers<void>();
    const ice = new Ice(renewed.resolve);
    await ice.ready();
    ice.mayBeStale(true);
    await renewed.promise;
    expect(usernameIn(ice)).toBe('2');
    ice.rest();
  });
  it('are not those that were on their way when the connection broke, not for who waits for them either', async () => {
    const answers: (() => void)[] = [];
    const answer = globalThis.fetch;
    vi.stubGlobal('fetch', (...asked: Parameters<typeof fetch>) => new Promise((resolve) => answers.push(() => resolve(answer(...asked)))));
    const renewed: (string | undefined)[] = [];
    const ice = new Ice(() => renewed.push(usernameIn(ice)));
    const waits = ice.ready().then(() => usernameIn(ice));
    ice.mayBeStale(true);
    expect(answers).toHaveLength(2);
    for (const give of answers) give();
    expect([await waits, usernameIn(ice), answered, renewed]).toEqual(['2', '2', 2, ['2']]);
    ice.rest();
  });
  it('are asked for again by who waits for those of before, where no call is in use', async () => {
    const ice = new Ice(() => expect.unreachable());
    const waits = ice.ready();
    ice.mayBeStale(false);
    expect([await waits, usernameIn(ice)]).toEqual([true, '2']);
    ice.rest();
  });
  it('are asked for until they come, when nobody gave any at the time: a call may last longer than they do', async () => {
    vi.useFakeTimers();
    const renewed: (string | undefined)[] = [];
    const ice = new Ice(() => renewed.push(usernameIn(ice)));
    await ice.ready();
    isThere = false;
    await vi.advanceTimersByTimeAsync(endAfterMs - 30_000);
    isThere = true;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(renewed).toEqual(['2']);
    ice.rest();
  });
  it('are renewed in the next call too, which began with those of the one before', async () => {
    vi.useFakeTimers();
    const ice = new Ice(() => undefined);
    await ice.ready();
    ice.rest();
    await ice.ready();
    await vi.advanceTimersByTimeAsync(endAfterMs);
    expect(answered).toBe(2);
    ice.rest();
  });
  it('are asked for no more once nobody calls, whatever is still on its way', async () => {
    vi.useFakeTimers();
    const ice = new Ice(() => undefined);
    isThere = false;
    const asked = ice.ready();
    ice.rest();
    expect(await asked).toBe(false);
    expect(vi.getTimerCount()).toBe(0);
  });
});

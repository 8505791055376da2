import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Ice } from '#web/calls/ice.ts';

/** What the appliance answered so far: each time with other credentials, as after it has started anew. */
let answered = 0;
beforeEach(() => {
  answered = 0;
  vi.stubGlobal('fetch', async () => {
    answered += 1;
    return Response.json({ servers: [{ urls: ['turn:127.0.0.1:3478?transport=udp'], username: String(answered), credential: 'x' }], expiresAt: Date.now() + 3_600_000, participantBitsPerSecond: 1_000_000, screenBitsPerSecond: 2_500_000, relayOnly: false });
  });
});
afterEach(() => vi.unstubAllGlobals());
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
});

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Signal } from '#src/contract/calls.ts';
import { PretendedConnection } from '#test/support/peer-connection.ts';
import { capsFor } from '#web/calls/caps.ts';
import { Link } from '#web/calls/link.ts';

type Description = Extract<Signal, { is: 'description' }>;

describe('a connection with another device', () => {
  const links: Link[] = [];
  beforeEach(() => {
    vi.stubGlobal('RTCPeerConnection', PretendedConnection);
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => null });
    vi.stubGlobal('MediaStream', class {});
  });
  afterEach(() => {
    for (const link of links.splice(0)) link.close();
    vi.unstubAllGlobals();
  });
  const aLink = async (offers: boolean): Promise<{ readonly link: Link; readonly said: Description[]; readonly rebuilt: true[]; readonly connection: PretendedConnection }> => {
    const [said, rebuilt]: [Description[], true[]] = [[], []];
    const link = new Link({ account: 'bob', device: 'b', offers, configuration: {} }, { send: (signal) => void (signal.is === 'description' && said.push(signal)), changed: () => undefined, rebuild: () => void rebuilt.push(true) });
    links.push(link);
    link.start({ audio: null, video: null, screen: null }, capsFor({ participantBitsPerSecond: 1_000_000, screenBitsPerSecond: 1_000_000 }, 1), false);
    await vi.waitFor(() => offers && expect(said).toHaveLength(1));
    return { link, said, rebuilt, connection: link.connection as unknown as PretendedConnection };
  };
  const answer = (sdp: string, offer: number | undefined): Signal => ({ is: 'description', type: 'answer', sdp, offer });

  it('takes no answer to one offer for that to the next', async () => {
    const { link, said, connection } = await aLink(true);
    await link.take(answer('first', said[0]?.offer));
    link.connection.restartIce();
    await vi.waitFor(() => expect(said).toHaveLength(2));
    await link.take(answer('first, said again', said[0]?.offer));
    expect(connection.applied).toEqual(['first']);
    await link.take(answer('second', said[1]?.offer));
    expect(connection.applied).toEqual(['first', 'second']);
  });
  it('says its answer again to an offer that is said again, and applies it once', async () => {
    const { link, said, connection } = await aLink(false);
    const offered: Signal = { is: 'description', type: 'offer', sdp: 'theirs', offer: 7 };
    await link.take(offered);
    await link.take(offered);
    expect(connection.applied).toEqual(['theirs']);
    expect(said).toEqual([{ is: 'description', type: 'answer', sdp: 'answer 0', offer: 7 }, { is: 'description', type: 'answer', sdp: 'answer 0', offer: 7 }]);
  });
  it('keeps the first offer when another one crosses it', async () => {
    const { link, connection } = await aLink(true);
    await link.take({ is: 'description', type: 'offer', sdp: 'crossing', offer: 9 });
    expect(connection.applied).toEqual([]);
    expect(connection.signalingState).toBe('have-local-offer');
  });
  it('begins anew where its own offer would be rolled back once pictures have come', async () => {
    const { link, said, rebuilt, connection } = await aLink(false);
    await link.take({ is: 'description', type: 'offer', sdp: 'theirs', offer: 7 });
    connection.connects();
    link.connection.restartIce();
    await vi.waitFor(() => expect(said).toHaveLength(2));
    await link.take({ is: 'description', type: 'offer', sdp: 'crossing', offer: 8 });
    expect([connection.applied, rebuilt]).toEqual([['theirs'], [true]]);
  });
});

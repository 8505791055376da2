import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CallParticipant, Signal } from '#src/contract/calls.ts';
import { PretendedConnection } from '#test/support/peer-connection.ts';
import { Mesh } from '#web/calls/mesh.ts';

const own = { audio: null, video: null, screen: null };
const caps = { participantBitsPerSecond: 1_000_000, screenBitsPerSecond: 1_000_000 };
const accountOf = (device: string): string => `account of ${device}`;
const person = (device: string): CallParticipant => ({ account: accountOf(device), device }) as CallParticipant;

describe('the connections of a device with the others in a call', () => {
  const meshes: Mesh[] = [];
  beforeEach(() => {
    vi.stubGlobal('RTCPeerConnection', class extends PretendedConnection {
      override async setLocalDescription(): Promise<void> {
        await super.setLocalDescription();
        this.localDescription!.sdp += '\r\na=rtpmap:111 opus/48000/2\r\na=fmtp:111 minptime=10\r\n';
      }
    });
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => null });
    vi.stubGlobal('MediaStream', class {
      getTracks = (): [] => [];
    });
  });
  afterEach(() => {
    for (const mesh of meshes.splice(0)) mesh.close();
    vi.unstubAllGlobals();
  });

  /** In a call with these, in the order in which they came. */
  const aMesh = (me: string, ...everybody: readonly string[]) => {
    const said: { readonly to: string; readonly signal: Signal }[] = [];
    const mesh = new Mesh(me, { own, audioOnly: false, caps }, { configuration: () => ({}), send: (to, signal) => void said.push({ to, signal }) });
    meshes.push(mesh);
    mesh.follow(everybody.map(person));
    return { mesh, offersTo: (to: string) => said.filter((one) => one.to === to && one.signal.is === 'description'), byesTo: (to: string) => said.filter((one) => one.to === to && one.signal.is === 'bye').length };
  };
  const bye: Signal = { is: 'bye' };

  it('are made by whoever came later, one with each', async () => {
    const { mesh, offersTo } = aMesh('b', 'a', 'b', 'c');
    expect([...mesh.connections.keys()]).toEqual(['a', 'c']);
    await vi.waitFor(() => expect(offersTo('a')).toHaveLength(1));
    expect(offersTo('c')).toEqual([]);
  });
  it('ask each of the others for next to nothing while nobody speaks', async () => {
    const { offersTo } = aMesh('b', 'a', 'b');
    await vi.waitFor(() => expect(offersTo('a')).toMatchObject([{ signal: { sdp: expect.stringContaining('a=fmtp:111 minptime=10;usedtx=1') } }]));
  });
  it('hear what was said before the roster showed who said it', async () => {
    const { mesh } = aMesh('a', 'a');
    mesh.take('b', accountOf('b'), { is: 'state', audio: true, video: true, screen: false, screenStream: null });
    mesh.follow(['a', 'b'].map(person));
    await vi.waitFor(() => expect(mesh.people.value).toMatchObject([{ device: 'b', audio: true, video: true }]));
  });
  it('hear nothing that somebody else says in the name of a device, early or late', async () => {
    const { mesh } = aMesh('a', 'a', 'c');
    const isOn: Signal = { is: 'state', audio: true, video: true, screen: true, screenStream: null };
    mesh.take('b', 'mallory', isOn);
    mesh.follow(['a', 'b', 'c'].map(person));
    const [b, c] = [mesh.connections.get('b'), mesh.connections.get('c')];
    for (const device of ['b', 'c']) for (const signal of [isOn, bye]) mesh.take(device, 'mallory', signal);
    mesh.take('c', accountOf('c'), { ...isOn, screen: false });
    await vi.waitFor(() => expect(mesh.people.value.map(({ device, audio, screen }) => [device, audio, screen])).toEqual([['c', true, false], ['b', false, false]]));
    expect([mesh.connections.get('b'), mesh.connections.get('c')]).toEqual([b, c]);
  });
  it('begin anew when the other one asks for it: who offers says so and offers again', async () => {
    const { mesh, offersTo, byesTo } = aMesh('b', 'a', 'b');
    await vi.waitFor(() => expect(offersTo('a')).toHaveLength(1));
    const before = mesh.connections.get('a');
    mesh.take('a', accountOf('a'), bye);
    expect(before?.connectionState).toBe('closed');
    expect(mesh.connections.get('a')).not.toBe(before);
    expect(byesTo('a')).toBe(1);
    await vi.waitFor(() => expect(offersTo('a')).toHaveLength(2));
    const numbers = offersTo('a').map(({ signal }) => 'offer' in signal && signal.offer);
    expect(new Set(numbers).size).toBe(2); // No answer to the first is taken for one to the second.
  });
  it('begin anew without a word back on the side that answers, so that the two do not go on for ever', () => {
    const { mesh, offersTo, byesTo } = aMesh('a', 'a', 'b');
    const before = mesh.connections.get('b');
    mesh.take('b', accountOf('b'), bye);
    expect(mesh.connections.get('b')).not.toBe(before);
    expect([byesTo('b'), offersTo('b').length]).toEqual([0, 0]);
  });
  it('leave the others alone when one begins anew, and end when somebody leaves', () => {
    const { mesh } = aMesh('a', 'a', 'b', 'c');
    const [b, c] = [mesh.connections.get('b'), mesh.connections.get('c')];
    mesh.take('b', accountOf('b'), bye);
    expect(mesh.connections.get('c')).toBe(c);
    mesh.follow(['a', 'b'].map(person));
    expect([...mesh.connections.keys()]).toEqual(['b']);
    expect([b?.connectionState, c?.connectionState]).toEqual(['closed', 'closed']);
  });
});

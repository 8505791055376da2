import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { listCalls, type CallRoster } from '#src/contract/calls.ts';
import type { ClientFrame, ServerFrame } from '#src/contract/socket.ts';

const [me, chat, elsewhere] = ['account of alice', 'chat with bob', 'standup'];
const kept = (): Storage => {
  const items = new Map<string, string>();
  return { getItem: (key: string) => items.get(key) ?? null, setItem: (key: string, value: string) => void items.set(key, value), removeItem: (key: string) => void items.delete(key) } as Storage;
};
/** What the appliance was asked and has not answered: by the path, in order. */
type Asked = { readonly method: string; readonly path: string; readonly input: Record<string, unknown>; readonly answer: (output: unknown) => void };
let asked: Asked[];
let calls: readonly CallRoster[];
/** Questions for camera or microphone that the person has not answered. */
let devicesAsked: ((stream: unknown) => void)[];
/** A frame on the socket. Until it has said hello, what is asked goes by HTTP. */
let fromAppliance: (frame: ServerFrame) => unknown;
/** What the page said on it. */
let said: ClientFrame[];
/** Ends it. */
let cut: () => unknown;
/** Sentences to the person since it was asked last. */
let heard: () => readonly string[];
const track = () => ({ stop: () => undefined, addEventListener: () => undefined });
const stream = () => ({ getTracks: () => [track()], getAudioTracks: () => [track()], getVideoTracks: () => [track()] });
const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

const aCall = (conversationId: string, callId: string, device: string, more: Partial<CallRoster['participants'][number]> = {}, revision = 7): CallRoster => ({
  conversationId, callId, revision, startedAt: 1, startedBy: 'bob', host: 'bob', audioOnly: false, ringing: [], knocking: [],
  participants: [{ account: 'bob', device: 'device of bob', joinedAt: 1, sharing: false }, { account: me, device, joinedAt: 2, sharing: false, ...more }],
});

describe('a ring that was ignored', () => {
  it('is heard again after a reload too, when somebody rings a second time', async () => {
    vi.stubGlobal('sessionStorage', kept());
    vi.stubGlobal('fetch', async () => Response.json({ position: 1, calls }));
    const [{ ignoreRing, readCalls, ring }, { workspace }] = await Promise.all([import('#web/calls/rosters.ts'), import('#web/client/workspace.ts')]);
    vi.stubGlobal('document', { title: '' });
    workspace.session.set({ state: 'signed-in', me: { account: me } as never });
    const rings = async (...whom: readonly string[]): Promise<string | undefined> => {
      calls = [{ ...aCall(chat, 'rings', 'nowhere'), participants: [], ringing: [...whom] }];
      await readCalls();
      return ring.value?.callId;
    };
    expect(await rings(me)).toBe('rings');
    ignoreRing('rings');
    expect([await rings(me), sessionStorage.getItem('hansard-ignored-rings')]).toEqual([undefined, expect.stringContaining('rings')]);
    await rings();
    expect(sessionStorage.getItem('hansard-ignored-rings')).not.toContain('rings'); // What a page that is loaded now knows of it.
    expect(await rings(me)).toBe('rings');
    calls = [];
    await readCalls();
    workspace.session.set({ state: 'asking' });
    vi.unstubAllGlobals();
  });
});

/** They ask for the browser as soon as they are read. */
const load = async () => {
  const [liveCall, rosters, workspace, menu, waysIn, socket, toasts] = await Promise.all([import('#web/calls/live-call.ts'), import('#web/calls/rosters.ts'), import('#web/client/workspace.ts'), import('#web/screens/details/call-from-menu.ts'), import('#web/screens/meeting/ways-in.ts'), import('#web/client/call.ts'), import('#test/support/heard-toasts.ts')]);
  return { liveCall, rosters, workspace, menu, waysIn, socket, toasts };
};

/** The parts of the page are one for the process; each test leaves the call it is in. */
describe('this tab in a call', () => {
  let parts: Awaited<ReturnType<typeof load>>;
  beforeAll(async () => {
    const listening = { addEventListener: () => undefined, removeEventListener: () => undefined };
    for (const [name, value] of Object.entries({ localStorage: kept(), sessionStorage: kept(), ...listening, location: { protocol: 'http:', host: 'hansard.test', pathname: '/', search: '', hash: '' } })) vi.stubGlobal(name, value);
    vi.stubGlobal('navigator', { onLine: true, mediaDevices: { ...listening, enumerateDevices: async () => [], getUserMedia: () => new Promise((resolve) => devicesAsked.push(resolve)) } });
    vi.stubGlobal('RTCPeerConnection', (await import('#test/support/peer-connection.ts')).PretendedConnection);
    vi.stubGlobal('WebSocket', class extends EventTarget {
      static readonly OPEN = 1;
      readonly readyState = 1;
      constructor() {
        super();
        cut = () => this.dispatchEvent(Object.assign(new Event('close'), { code: 1006 }));
        fromAppliance = (frame) => this.dispatchEvent(new MessageEvent('message', { data: JSON.stringify(frame) }));
      }
      send(frame: string): void {
        said.push(JSON.parse(frame) as ClientFrame);
      }
      close(): void {}
    });
    vi.stubGlobal('RTCRtpReceiver', { getCapabilities: () => null });
    vi.stubGlobal('MediaStream', class { getTracks = (): [] => []; });
    vi.stubGlobal('fetch', (path: string, { method, body }: { method: string; body?: string }) => {
      if (path === listCalls.path || path === `/api${listCalls.path}`) return Promise.resolve(Response.json({ position: 1, calls }));
      if (method === 'GET') return Promise.resolve(Response.json({ code: 'slow-down', sentence: '' }, { status: 429 }));
      return new Promise((resolve) => asked.push({ method, path, input: JSON.parse(body ?? '{}') as Record<string, unknown>, answer: (output) => resolve(Response.json(output)) }));
    });
    parts = await load();
    heard = parts.toasts.hearsToasts();
    parts.rosters.watchCalls();
    parts.socket.socket.start();
    vi.stubGlobal('document', { title: '', ...listening }); // Lit would take it for a browser's.
    const { workspace } = parts.workspace;
    workspace.session.set({ state: 'signed-in', me: { account: me } as never });
    workspace.conversations.set({ conversations: [{ conversationId: chat }, { conversationId: elsewhere }], spaces: [] } as never);
  });
  beforeEach(() => {
    [asked, said] = [[], []];
    heard();
    calls = [];
    devicesAsked = [];
    localStorage.removeItem('hansard-call-devices');
  });
  afterEach(async () => {
    const { liveCall } = parts.liveCall;
    void liveCall.leave();
    calls = [];
    await parts.rosters.readCalls();
  });
  afterAll(() => {
    parts.socket.socket.stop();
    parts.workspace.workspace.conversations.set(undefined);
    parts.workspace.workspace.session.set({ state: 'asking' });
    vi.unstubAllGlobals();
  });

  const entering = (callId: string): Asked | undefined => asked.find(({ method, path }) => method === 'PUT' && path.endsWith(`/${callId}/me`));
  const leavings = (callId: unknown): readonly unknown[] => asked.filter(({ method, path }) => method === 'DELETE' && path.endsWith(`/${String(callId)}/me`)).map(({ input }) => input['device']);
  const devicesAnswer = async (): Promise<void> => {
    for (const answer of devicesAsked) answer(stream());
    await settled();
  };
  /** From a page that is not in a call into one of those that go on, as the record and the answer say it. Gives back the device. */
  const comesIn = async (conversationId: string, callId: string, enters: () => unknown, more: Partial<CallRoster['participants'][number]> = {}, revision = 7): Promise<string> => {
    void enters();
    const { liveCall } = parts.liveCall;
    await vi.waitFor(() => expect(entering(callId)).toBeDefined());
    const { device } = liveCall.state.value as { device: string };
    calls = [aCall(conversationId, callId, device, more, revision)];
    await parts.rosters.readCalls();
    entering(callId)!.answer({});
    await vi.waitFor(() => expect(liveCall.mesh?.device).toBe(device));
    return device;
  };

  it('hears no late answer to an earlier entry, when it is on its way into the next call', async () => {
    const { liveCall } = parts.liveCall;
    void liveCall.accept(chat, 'first', { video: false, muted: true });
    const first = entering('first')!;
    void liveCall.leave();
    void liveCall.accept(elsewhere, 'second', { video: false, muted: true });
    expect(liveCall.state.value).toMatchObject({ phase: 'joining', conversationId: elsewhere });
    expect(leavings('first')).toEqual([first.input['device']]);
    first.answer({});
    await settled();
    await settled();
    expect(liveCall.mesh).toBeUndefined();
    // The first word of it may have come before there was anybody to leave.
    expect(leavings('first')).toEqual([first.input['device'], first.input['device']]);
    const device = await comesIn(elsewhere, 'second', () => undefined);
    expect(liveCall.mesh?.device).toBe(device);
  });

  it('leaves the call it was about to start for the one it is rung to, and takes nothing along that it is not asked for', async () => {
    const { liveCall } = parts.liveCall;
    liveCall.enterLobby(chat);
    await devicesAnswer();
    expect(liveCall.own.isOn('video')).toBe(true);
    void liveCall.join();
    const [start] = asked;
    const { callId, device } = liveCall.state.value as { callId: string; device: string };
    void liveCall.accept(elsewhere, 'rings', { video: false });
    expect([leavings(callId), liveCall.own.isWanted('video')]).toEqual([[device], false]);
    start!.answer({ revision: 3 });
    await vi.waitFor(() => expect(leavings(callId)).toEqual([device, device]));
    await comesIn(elsewhere, 'rings', () => undefined);
    expect(leavings('rings')).toEqual([]);
  });

  it('comes from the lobby of one call into another without the camera that was on there', async () => {
    const { liveCall } = parts.liveCall;
    liveCall.enterLobby(chat);
    await devicesAnswer();
    await comesIn(elsewhere, 'alone', () => liveCall.accept(elsewhere, 'alone', { video: false }));
    expect([liveCall.own.isOn('audio'), liveCall.own.isWanted('video')]).toEqual([true, false]);
  });

  it('stays in its call as it is when it is asked into the same one', async () => {
    const { liveCall } = parts.liveCall;
    const device = await comesIn(chat, 'same', () => liveCall.accept(chat, 'same', { video: false, muted: true }));
    await parts.waysIn.goIntoCall(chat, { enters: 'video', muted: false, withoutCamera: false });
    expect(liveCall.state.value).toMatchObject({ phase: 'in-call', device });
    expect([leavings('same'), devicesAsked.length]).toEqual([[], 0]);
  });

  it('lets camera and microphone go when its person is signed out in the lobby', async () => {
    const { liveCall } = parts.liveCall;
    const { session } = parts.workspace.workspace;
    const signedIn = session.value;
    liveCall.enterLobby(chat);
    await devicesAnswer();
    expect([liveCall.own.isOn('audio'), liveCall.own.isOn('video')]).toEqual([true, true]);
    session.set({ state: 'signed-out', why: 'ended' } as never);
    expect([liveCall.own.isOn('audio'), liveCall.own.isOn('video'), liveCall.state.value.phase]).toEqual([false, false, 'idle']);
    session.set(signedIn);
  });

  it('asks for relay credentials anew when the appliance is back, though it is not yet in the call', async () => {
    const { liveCall } = parts.liveCall;
    void liveCall.accept(chat, 'late', { video: false, muted: true });
    await settled(); // What was asked for first is answered.
    fromAppliance({ is: 'hello' } as ServerFrame);
    expect(said.filter((frame) => frame.is === 'call').map(({ name }) => name)).toContain('readIceServers');
    const broken = cut;
    broken();
    await vi.waitFor(() => expect(cut).not.toBe(broken));
  });

  it('stays in its call as it is, camera and all, when a call is wanted elsewhere, and says why', async () => {
    const { liveCall } = parts.liveCall;
    await comesIn(elsewhere, 'going', () => liveCall.accept(elsewhere, 'going', { video: false, muted: true }));
    await parts.menu.callFromMenu(chat, false);
    expect([liveCall.own.isWanted('video'), devicesAsked.length]).toEqual([false, 0]);
    void liveCall.toggle('audio', true);
    void liveCall.toggle('video', true);
    await vi.waitFor(() => expect(devicesAsked).toHaveLength(2));
    await devicesAnswer();
    await parts.menu.callFromMenu(chat, true);
    await parts.waysIn.goIntoCall(chat, { enters: undefined, muted: true, withoutCamera: true });
    expect([liveCall.own.isOn('audio'), liveCall.own.isOn('video'), liveCall.audioOnly.value]).toEqual([true, true, false]);
    expect(liveCall.state.value).toMatchObject({ phase: 'in-call', conversationId: elsewhere });
    heard();
    expect([liveCall.enterLobby(elsewhere), heard(), liveCall.enterLobby(chat)]).toEqual([false, [], false]);
    expect(heard()).toEqual(['You are in another call, which goes on as it was. Leave it first, then call here.']);
  });

  it('opens the lobby of a call from a menu with the camera on, or with sound alone', async () => {
    const { liveCall } = parts.liveCall;
    await parts.menu.callFromMenu(chat, false);
    expect([liveCall.state.value.phase, liveCall.own.isWanted('video'), liveCall.audioOnly.value]).toEqual(['lobby', true, false]);
    liveCall.close();
    await parts.menu.callFromMenu(chat, true);
    expect([liveCall.state.value.phase, liveCall.own.isWanted('video'), liveCall.audioOnly.value]).toEqual(['lobby', false, true]);
  });

  it('is muted by a host whose word it missed, though the first frame after the cut-off is of its own doing', async () => {
    const { liveCall } = parts.liveCall;
    const device = await comesIn(chat, 'cut', () => liveCall.accept(chat, 'cut', { video: false }));
    await devicesAnswer();
    expect(liveCall.own.isOn('audio')).toBe(true);
    fromAppliance({ is: 'call', conversationId: chat, position: 1, call: aCall(chat, 'cut', device, { taken: { audio: 8 }, sharing: true }, 9), happened: { what: 'shared-screen', account: me, by: me, taken: null, cause: null } });
    expect(liveCall.own.isOn('audio')).toBe(false);
  });

  it('comes back from a reload without what a host took meanwhile, the microphone being opened too', async () => {
    const { liveCall } = parts.liveCall;
    const comesBackTo = (callId: string, revision: number): Promise<string> => {
      sessionStorage.setItem('hansard-call', JSON.stringify({ conversationId: chat, callId, revision, audio: true, video: false, audioOnly: false }));
      return comesIn(chat, callId, () => liveCall.comeBack(), { taken: { audio: 6 } });
    };
    await comesBackTo('muted', 5);
    await devicesAnswer();
    expect([liveCall.own.isWanted('audio'), JSON.parse(sessionStorage.getItem('hansard-call')!)]).toEqual([false, expect.objectContaining({ audio: false, revision: 7 })]);
    void liveCall.leave();
    await comesBackTo('unmuted', 6);
    await devicesAnswer();
    expect(liveCall.own.isOn('audio')).toBe(true);
  });

  it('is muted by a host before it knew of its own coming, and by one who muted its person where they were before', async () => {
    const { liveCall } = parts.liveCall;
    await comesIn(chat, 'early', () => liveCall.accept(chat, 'early', { video: false }), { taken: { audio: 7 } });
    await devicesAnswer();
    expect([liveCall.own.isWanted('audio'), heard().at(-1)]).toEqual([false, 'The host muted you. Unmute when you want to speak.']);
    void liveCall.leave();
    calls = [aCall(chat, 'moves', 'my telephone', { taken: { audio: 6 } })];
    await comesIn(chat, 'moves', () => parts.waysIn.goIntoCall(chat, { enters: 'audio', muted: false, withoutCamera: false }), { taken: { audio: 6 } });
    await devicesAnswer();
    expect(liveCall.own.isWanted('audio')).toBe(false);
    void liveCall.toggle('audio', true);
    await devicesAnswer();
    expect(liveCall.own.isOn('audio')).toBe(true);
  });

  it('is muted a second time while the browser asks, after it was unmuted a first time while the browser asked', async () => {
    const { liveCall } = parts.liveCall;
    const device = await comesIn(chat, 'twice', () => liveCall.accept(chat, 'twice', { video: false }));
    const mutes = (revision: number): unknown => fromAppliance({ is: 'call', conversationId: chat, position: 1, call: aCall(chat, 'twice', device, { taken: { audio: revision } }, revision), happened: { what: 'muted', account: me, by: 'bob', taken: 'audio', cause: null } });
    mutes(8);
    void liveCall.toggle('audio', true);
    devicesAsked[0]!(stream());
    await settled();
    mutes(9);
    await devicesAnswer();
    expect([liveCall.own.isWanted('audio'), heard().length]).toEqual([false, 2]);
  });

  it('comes back as it was when the appliance took it for gone, though the line blinks again at that moment', async () => {
    const { liveCall } = parts.liveCall;
    const device = await comesIn(chat, 'slept', () => liveCall.accept(chat, 'slept', { video: true, muted: true }));
    await devicesAnswer();
    [asked, devicesAsked] = [[], []];
    const { participants, ...rest } = aCall(chat, 'slept', device);
    calls = [{ ...rest, revision: 8, participants: participants.filter(({ account }) => account !== me) }];
    await parts.rosters.readCalls();
    expect([entering('slept') === undefined, liveCall.own.isWanted('audio'), liveCall.own.isWanted('video')]).toEqual([false, false, true]);
    expect(await comesIn(chat, 'slept', () => undefined, {}, 9)).not.toBe(device);
  });

  it('opens nothing that was chosen once the call was left', async () => {
    const { liveCall } = parts.liveCall;
    localStorage.setItem('hansard-call-devices', JSON.stringify({ microphone: null }));
    await comesIn(chat, 'chooses', () => liveCall.accept(chat, 'chooses', { video: true }));
    await devicesAnswer();
    void liveCall.useDevices({ ...liveCall.own.choices, microphone: '', camera: 'another' });
    void liveCall.leave();
    await devicesAnswer();
    await devicesAnswer();
    expect([devicesAsked.length, liveCall.own.isWanted('audio'), liveCall.own.isWanted('video')]).toEqual([3, false, false]);
  });
});

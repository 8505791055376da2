import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer, type WebSocket as ServerSocket } from 'ws';
import type { ClientFrame, ServerFrame } from '#src/contract/socket.ts';
import type { Answer } from '#web/client/answer.ts';
import { LiveView } from '#web/client/live-view.ts';
import { ConnectionLost, Socket } from '#web/client/socket.ts';
import { applyTimelineChange, windowOf, type TimelineWindow } from '#web/client/timeline-window.ts';
import { WholeTimeline } from './timeline-makers.ts';

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A real socket against a server that does what the test says. */
const given = async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const frames: ClientFrame[] = [];
  let current: ServerSocket | undefined;
  server.on('connection', (webSocket) => {
    current = webSocket;
    webSocket.on('message', (data) => frames.push(JSON.parse(String(data)) as ClientFrame));
    webSocket.send(JSON.stringify({ is: 'hello', account: 'me', position: 0, version: 'test' } satisfies ServerFrame));
  });
  const socket = new Socket(() => `ws://127.0.0.1:${port}`, async () => true);
  ends.push(() => socket.stop(), () => server.close(), () => server.clients.forEach((client) => client.terminate()));
  socket.start();
  const frame = async <K extends ClientFrame['is']>(is: K, nth = 1): Promise<Extract<ClientFrame, { is: K }>> =>
    vi.waitFor(() => {
      const found = frames.filter((one) => one.is === is)[nth - 1];
      expect(found).toBeDefined();
      return found as Extract<ClientFrame, { is: K }>;
    });
  await vi.waitFor(() => expect(socket.connected).toBe(true));
  return { socket, frame, send: (one: ServerFrame) => current!.send(JSON.stringify(one)), cut: () => current!.terminate() };
};

/** A timeline view whose snapshots are answered by hand. */
const aView = (socket: Socket) => {
  const reads: ((answer: Answer<TimelineWindow>) => void)[] = [];
  const live = new LiveView(socket, { view: 'timeline', key: 'c', read: () => new Promise<Answer<TimelineWindow>>((resolve) => reads.push(resolve)), apply: applyTimelineChange });
  live.open();
  ends.push(() => live.close());
  const read = async (nth: number) => vi.waitFor(() => (expect(reads.length).toBeGreaterThanOrEqual(nth), reads[nth - 1]!));
  return { live, reads, read };
};
const snapshot = (whole: WholeTimeline): Answer<TimelineWindow> => ({ ok: true, output: windowOf(whole.page(0, whole.lines.length)) });
const revisions = (live: { readonly snapshot: TimelineWindow | undefined }): number[] | undefined => live.snapshot?.lines.map(({ revision }) => revision);
const push = (pushed: ReturnType<WholeTimeline['record']>): ServerFrame => ({ is: 'push', view: 'timeline', key: 'c', ...pushed });

describe('a live view', () => {
  it('takes each change that comes while it registers and reads once', async () => {
    const { socket, frame, send } = await given();
    const { live, read } = aView(socket);
    const { n } = await frame('subscribe');
    const whole = new WholeTimeline();
    whole.record(whole.next());
    send({ is: 'subscribed', n, position: 1, resync: true });
    const answer = await read(1);
    const contained = push(whole.record(whole.next()));
    const page = snapshot(whole);
    send(contained);
    send(push(whole.record(whole.next())));
    send({ is: 'pong' });
    await new Promise<void>((resolve) => socket.listen('pong', () => resolve()));
    answer(page);
    await vi.waitFor(() => expect(revisions(live)).toEqual([0, 1, 2]));
  });
  it('reads again when the snapshot is older than the registration', async () => {
    const { socket, frame, send } = await given();
    const { live, read } = aView(socket);
    const { n } = await frame('subscribe');
    const whole = new WholeTimeline();
    whole.record(whole.next());
    const old = snapshot(whole);
    whole.record(whole.next());
    send({ is: 'subscribed', n, position: 2, resync: true });
    (await read(1))(old);
    (await read(2))(snapshot(whole));
    await vi.waitFor(() => expect(revisions(live)).toEqual([0, 1]));
  });
  it('resumes after its position when the connection comes back, without reading', async () => {
    const { socket, frame, send, cut } = await given();
    const { live, reads, read } = aView(socket);
    const whole = new WholeTimeline();
    whole.record(whole.next());
    send({ is: 'subscribed', n: (await frame('subscribe')).n, position: 1, resync: true });
    (await read(1))(snapshot(whole));
    await vi.waitFor(() => expect(live.snapshot).toBeDefined());
    cut();
    const again = await frame('subscribe', 2);
    expect(again.after).toBe(1);
    send(push(whole.record(whole.next())));
    send({ is: 'subscribed', n: again.n, position: 2, resync: false });
    await vi.waitFor(() => expect(revisions(live)).toEqual([0, 1]));
    expect(reads).toHaveLength(1);
  });
  it('reads afresh when it is too far behind to resume', async () => {
    const { socket, frame, send, cut } = await given();
    const { live, read } = aView(socket);
    const whole = new WholeTimeline();
    whole.record(whole.next());
    send({ is: 'subscribed', n: (await frame('subscribe')).n, position: 1, resync: true });
    (await read(1))(snapshot(whole));
    await vi.waitFor(() => expect(live.snapshot).toBeDefined());
    cut();
    const again = await frame('subscribe', 2);
    whole.record(whole.next());
    send({ is: 'subscribed', n: again.n, position: 2, resync: true });
    (await read(2))(snapshot(whole));
    await vi.waitFor(() => expect(revisions(live)).toEqual([0, 1]));
  });
  it('joins a page without losing what changed while it was under way', async () => {
    const { socket, frame, send } = await given();
    const { live, read } = aView(socket);
    const whole = new WholeTimeline();
    for (let n = 0; n < 4; n++) whole.record(whole.next());
    send({ is: 'subscribed', n: (await frame('subscribe')).n, position: 4, resync: true });
    (await read(1))({ ok: true, output: windowOf(whole.page(2, 4)) });
    await vi.waitFor(() => expect(live.snapshot).toBeDefined());
    const page = whole.page(0, 2);
    const joined = live.extend(
      async () => {
        send(push(whole.record({ kind: 'line-edited', messageId: (whole.lines[0] as { messageId: string }).messageId, text: 'edited', mentions: [], editedAt: 9 })));
        await vi.waitFor(() => expect(live.snapshot).toBeDefined());
        send({ is: 'pong' });
        await new Promise<void>((resolve) => socket.listen('pong', () => resolve()));
        return { ok: true, output: page };
      },
      (now, older) => ({ ...now, lines: [...older.lines, ...now.lines] }),
    );
    await joined;
    expect(live.snapshot?.lines.map((line) => line.kind === 'message' && line.text)).toEqual(['edited', 'line 1', 'line 2', 'line 3']);
  });
});

describe('the socket', () => {
  it('says that the outcome is unknown when the connection goes away before the answer', async () => {
    const { socket, frame, cut } = await given();
    const asked = socket.call('postMessage', {}, undefined).catch((cause: unknown) => cause);
    await frame('call');
    cut();
    expect(await asked).toBeInstanceOf(ConnectionLost);
  });
  it('comes back by itself', async () => {
    const { socket, cut } = await given();
    cut();
    await vi.waitFor(() => expect(socket.connection.value).toBe('reconnecting'));
    await vi.waitFor(() => expect(socket.connection.value).toBe('connected'), { timeout: 5_000 });
  });
});

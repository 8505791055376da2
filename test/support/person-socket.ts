import { WebSocket } from 'ws';
import type { Endpoint, InputOf, OutputOf } from '#src/contract/endpoint.ts';
import type { ClientFrame, Push, ServerFrame } from '#src/contract/socket.ts';
import { applyConversationsChange, listConversations, type MyConversations } from '#src/contract/conversations.ts';
import { readTimeline, type MessageLine } from '#src/contract/timeline.ts';
import { applyTimelineChange, windowOf, type TimelineWindow } from '#web/client/timeline-window.ts';
import { Watched } from './waiting.ts';

/** What a door answered instead of an output. `status` is 0 on a socket. */
export type Refused = { readonly refused: true; readonly status: number; readonly code: string; readonly sentence: string; readonly limit?: number };
export const isRefused = (answer: unknown): answer is Refused => (answer as { readonly refused?: unknown } | null)?.refused === true;

type Frame<K extends ServerFrame['is']> = Extract<ServerFrame, { is: K }>;
type Change<V extends Push['view']> = Extract<Push, { view: V }>['change'];

/** The door did not open a socket. */
export class SocketRefused extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`The socket was refused with ${status}.`);
    this.status = status;
  }
}

/** One tab: everything it heard, in order. */
export class PersonSocket {
  readonly frames: ServerFrame[] = [];
  readonly socket: WebSocket;
  readonly #watched = new Watched();
  readonly #listeners = new Set<(push: Push) => void>();
  #closedWith: { readonly code: number; readonly reason: string } | undefined;
  #n = 0;

  /** Resolves after `hello`. @throws SocketRefused */
  static async open(url: string, headers: Readonly<Record<string, string>>): Promise<PersonSocket> {
    const opened = new PersonSocket(new WebSocket(`${url.replace(/^http/, 'ws')}/api/socket`, { headers }));
    const refused = new Promise<never>((_, reject) => {
      opened.socket.once('unexpected-response', (_request, response) => {
        opened.socket.terminate();
        reject(new SocketRefused(response.statusCode ?? 0));
      });
      opened.socket.once('error', reject);
    });
    await Promise.race([opened.hears('hello'), refused]);
    return opened;
  }

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.once('close', (code, reason) => {
      this.#closedWith = { code, reason: String(reason) };
      this.#watched.changed();
    });
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data)) as ServerFrame;
      this.frames.push(frame);
      if (frame.is === 'push') for (const listener of this.#listeners) listener(frame);
      this.#watched.changed();
    });
  }

  write(frame: ClientFrame): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The first frame of this kind, from `from` on, that is so. */
  hears<K extends ServerFrame['is']>(kind: K, isSo: (frame: Frame<K>) => boolean = () => true, from = 0): Promise<Frame<K>> {
    const look = () => this.frames.slice(from).find((frame): frame is Frame<K> => frame.is === kind && isSo(frame as Frame<K>));
    return this.#watched.until(`a frame "${kind}" came`, look, () => this.frames.slice(-20));
  }

  onPush(listener: (push: Push) => void): void {
    this.#listeners.add(listener);
  }

  async answer<E extends Endpoint>(endpoint: E, input: InputOf<E>, commandId?: string): Promise<OutputOf<E> | Refused> {
    const n = this.#n++;
    this.write({ is: 'call', n, name: endpoint.name, input: input as Record<string, unknown>, ...(commandId !== undefined && { commandId }) });
    const isMine = (frame: { readonly n: number }): boolean => frame.n === n;
    const look = () => this.frames.find((frame): frame is Frame<'answer'> | Frame<'refusal'> => (frame.is === 'answer' || frame.is === 'refusal') && isMine(frame));
    const frame = await this.#watched.until(`${endpoint.name} was answered`, look, () => this.frames.slice(-5));
    if (frame.is === 'answer') return endpoint.output.parse(frame.output) as OutputOf<E>;
    const { code, sentence, limit } = frame;
    return { refused: true, status: 0, code, sentence, ...(limit !== undefined && { limit }) };
  }

  async call<E extends Endpoint>(endpoint: E, input: InputOf<E>, commandId?: string): Promise<OutputOf<E>> {
    const answer = await this.answer(endpoint, input, commandId);
    if (isRefused(answer)) throw new Error(`${endpoint.name} was refused: ${answer.code}: ${answer.sentence}`);
    return answer;
  }

  async subscribe(view: Push['view'], key: string, after?: number): Promise<Frame<'subscribed'> | Refused> {
    const n = this.#n++;
    this.write({ is: 'subscribe', n, view, key, ...(after !== undefined && { after }) });
    const look = () => this.frames.find((frame): frame is Frame<'subscribed'> | Frame<'refusal'> => (frame.is === 'subscribed' || frame.is === 'refusal') && frame.n === n);
    const frame = await this.#watched.until(`${view} ${key} was subscribed`, look, () => this.frames.slice(-5));
    return frame.is === 'subscribed' ? frame : { refused: true, status: 0, code: frame.code, sentence: frame.sentence };
  }

  /** Everything that was sent to this socket before has arrived when this resolves. */
  async caughtUp(): Promise<void> {
    const from = this.frames.length;
    this.write({ is: 'ping' });
    await this.hears('pong', () => true, from);
  }

  /** Resolves when the other side has closed it. */
  isClosed(): Promise<{ readonly code: number; readonly reason: string }> {
    return this.#watched.until('the socket was closed', () => this.#closedWith, () => this.frames.slice(-5));
  }

  close(): void {
    this.socket.close();
  }
}

/** The snapshot law at a client: registers first, then reads, and drops the pushes that the snapshot contains. */
export class Live<S extends { readonly position: number }, V extends Push['view']> {
  readonly #watched = new Watched();
  #held: Extract<Push, { view: V }>[] | undefined = [];
  #snapshot: S | undefined;
  /** Position of the last push applied, or of the snapshot. */
  position = -1;

  static async open<S extends { readonly position: number }, V extends Push['view']>(socket: PersonSocket, view: V, key: string, isMine: (key: string) => boolean, read: () => Promise<S>, apply: (snapshot: S, change: Change<V>) => S): Promise<Live<S, V>> {
    const live = new Live<S, V>();
    const take = (push: Extract<Push, { view: V }>): void => {
      if (live.#held) return void live.#held.push(push);
      if (push.position <= live.#snapshot!.position) return;
      live.#snapshot = apply(live.#snapshot!, push.change as Change<V>);
      live.position = Math.max(live.position, push.position);
      live.#watched.changed();
    };
    socket.onPush((push) => push.view === view && isMine(push.key) && take(push as Extract<Push, { view: V }>));
    const registered = await socket.subscribe(view, key);
    if (isRefused(registered)) throw new Error(`${view} was refused: ${registered.code}`);
    live.#snapshot = await read();
    live.position = live.#snapshot.position;
    if (live.position < registered.position) throw new Error(`A snapshot at ${live.position} is older than the registration at ${registered.position}.`);
    const held = live.#held!;
    live.#held = undefined;
    held.forEach(take);
    return live;
  }

  get now(): S {
    return this.#snapshot!;
  }

  until<T>(what: string, look: (now: S) => T | undefined | false, withinMs?: number): Promise<T> {
    return this.#watched.until(what, () => look(this.now), () => this.now, withinMs);
  }
}

export type LiveTimeline = Live<TimelineWindow, 'timeline'>;
export type LiveConversations = Live<MyConversations, 'conversations'>;

export const liveTimeline = (socket: PersonSocket, conversationId: string): Promise<LiveTimeline> =>
  Live.open<TimelineWindow, 'timeline'>(socket, 'timeline', conversationId, (key) => key === conversationId, async () => windowOf(await socket.call(readTimeline, { conversationId, where: 'latest' })), applyTimelineChange);

export const liveConversations = (socket: PersonSocket, account: string): Promise<LiveConversations> =>
  Live.open<MyConversations, 'conversations'>(socket, 'conversations', account, () => true, () => socket.call(listConversations, {}), (mine, change) => applyConversationsChange(mine, change, account));

export const messageWith = (text: string) => ({ lines }: TimelineWindow): MessageLine | undefined => lines.find((line): line is MessageLine => line.kind === 'message' && line.text === text);

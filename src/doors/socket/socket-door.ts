import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { limits } from '../../contract/limits.ts';
import { clientFrame, closeCodes, type ClientFrame, type ServerFrame } from '../../contract/socket.ts';
import { uuidv4 } from '../../kernel/ids.ts';
import { isRefusal, refuse, type Refusal } from '../../kernel/refusal.ts';
import type { Call, Caller, Door } from '../door.ts';
import { isOwnOrigin } from '../http/origin.ts';
import { parseJson } from '../parse-json.ts';
import { Client } from './client.ts';
import type { Hub } from './hub.ts';
import { refusedSignal, signalDoor } from './signal-door.ts';

export type SocketDoorOptions = {
  readonly door: Door;
  readonly hub: Hub;
  readonly clock: () => number;
  /** Who holds the session that this request's cookie names, or null. */
  readonly callerOf: (request: IncomingMessage) => Caller | null;
  /** The caller again, with today's roles; null once the session is over. */
  readonly callerBySession: (session: string) => Caller | null;
  readonly addressOf: (request: IncomingMessage) => string;
  readonly publicOrigin: string | undefined;
  readonly version: string;
  readonly framesPerSecond: number;
  /** Why nothing is written now; null while all is well. */
  readonly writingStopped: () => string | null;
  /** Why nobody is shown anything now: this node may have missed who lost their access. Undefined while all is well. */
  readonly notCurrent: () => Promise<Refusal | undefined>;
  readonly onFault: (cause: unknown) => void;
};

export type SocketDoor = { readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void; readonly close: () => void };

const pingEveryMs = 25_000;

/** `GET /api/socket`: the same endpoints as HTTP, and what is pushed. */
export const socketDoor = (options: SocketDoorOptions): SocketDoor => {
  // maxFragments and maxBufferedChunks keep tiny fragments from eating memory.
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.frameBytesMax, perMessageDeflate: false, clientTracking: false, skipUTF8Validation: false, ...{ maxFragments: 64, maxBufferedChunks: 1_024 } });
  const timer = setInterval(() => options.hub.pingAll((session) => options.callerBySession(session) === null), pingEveryMs);
  timer.unref();
  return {
    upgrade(request, socket, head) {
      const status = whyNot(request, options);
      if (status) {
        socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      server.handleUpgrade(request, socket, head, (webSocket) => welcome(webSocket, options.callerOf(request)!, request, options));
    },
    close() {
      clearInterval(timer);
      options.hub.closeAll();
      server.close();
    },
  };
};

const whyNot = (request: IncomingMessage, { publicOrigin, callerOf, hub }: SocketDoorOptions): string | undefined => {
  const { origin, host } = request.headers;
  if (!isOwnOrigin({ origin, host, fetchSite: request.headers['sec-fetch-site'] as string | undefined }, publicOrigin)) return '403 Forbidden';
  const caller = callerOf(request);
  if (!caller) return '401 Unauthorized';
  if (hub.socketsOf(caller.account) >= limits.socketsPerAccountMax) return '429 Too Many Requests';
  return undefined;
};

const welcome = (webSocket: WebSocket, caller: Caller, request: IncomingMessage, options: SocketDoorOptions): void => {
  const { hub, clock, version } = options;
  const client = new Client(webSocket, { account: caller.account, session: caller.session, address: options.addressOf(request), agent: (request.headers['user-agent'] ?? '').slice(0, 400) }, clock());
  webSocket.on('message', (data, isBinary) => {
    client.alive = true;
    if (client.closing) return;
    if (isBinary) return client.close(closeCodes.misbehaved, 'text frames only');
    void receive(client, String(data), options).catch(options.onFault);
  });
  webSocket.on('pong', () => (client.alive = true));
  webSocket.on('close', () => hub.remove(client));
  webSocket.on('error', () => hub.remove(client));
  hub.add(client);
  client.send({ is: 'hello', account: client.account, position: hub.position, version });
  // Also when all is well: whoever was told before a restart that writing stopped learns that it goes on.
  client.send({ is: 'writing', stopped: options.writingStopped() });
};

const receive = async (client: Client, text: string, options: SocketDoorOptions): Promise<void> => {
  const now = options.clock();
  const inCall = client.inCall !== undefined;
  if (inCall ? !client.mayGoOn(now) : !client.mayCall(now, options.framesPerSecond)) return tooFast(client, options);
  const parsed = parseJson(text);
  const frame = isRefusal(parsed) ? undefined : clientFrame.safeParse(parsed.value);
  if (!frame?.success) {
    if (isRefusal(parsed) || !refusedSignal(client, parsed.value)) client.close(closeCodes.misbehaved, 'a frame that the contract does not know');
    return;
  }
  const { hub } = options;
  const it: ClientFrame = frame.data;
  if (inCall && it.is !== 'signal' && !client.mayCall(now, options.framesPerSecond)) return tooFast(client, options);
  switch (it.is) {
    case 'call':
      return callDoor(client, it, Buffer.byteLength(text), options);
    case 'subscribe':
      return subscribe(client, it, options);
    case 'unsubscribe':
      if (it.view === 'timeline') hub.closeTimeline(client, it.key);
      else hub.closeConversations(client);
      return;
    case 'watch':
      return hub.presence.watch(client, it.accounts);
    case 'typing':
      // Who chose to be unseen does not show by writing.
      if (hub.isMember(client, it.conversationId) && hub.presence.stateOf(client.account) !== 'offline') hub.typing(client, it.conversationId);
      return;
    case 'attention':
      client.active = it.active;
      return hub.presence.changed(client.account);
    case 'in-call':
      return hub.calls.entered(client, it);
    case 'signal':
      return signalDoor(hub.calls, client, it, Buffer.byteLength(text), now);
    case 'ping':
      return client.send({ is: 'pong' });
  }
};

const tooFast = (client: Client, { framesPerSecond }: SocketDoorOptions): void => client.close(closeCodes.misbehaved, `more than ${framesPerSecond} frames a second`);

const callDoor = async (client: Client, frame: Extract<ClientFrame, { is: 'call' }>, bytes: number, options: SocketDoorOptions): Promise<void> => {
  const { door, clock } = options;
  if (door.endpoints.get(frame.name)?.httpOnly) return client.send(refusalFrame(frame.n, refuse('not-found', 'This goes over HTTP only.')));
  const call: Call = { caller: options.callerBySession(client.session), commandId: frame.commandId ?? uuidv4(), at: clock(), address: client.address, agent: client.agent, bytes };
  try {
    const output = await door.call(frame.name, frame.input, call);
    client.send(isRefusal(output) ? refusalFrame(frame.n, output) : { is: 'answer', n: frame.n, output });
  } catch (cause) {
    options.onFault(cause);
    client.send(refusalFrame(frame.n, refuse('unavailable', 'Something in the appliance failed. What was acknowledged is safe; try again in a moment.')));
  }
};

const subscribe = async (client: Client, frame: Extract<ClientFrame, { is: 'subscribe' }>, { hub, notCurrent }: SocketDoorOptions): Promise<void> => {
  const refusal = await notCurrent();
  if (refusal) return client.send(refusalFrame(frame.n, refusal));
  const isOneMore = frame.view === 'timeline' && !client.timelines.has(frame.key);
  if (isOneMore && client.timelines.size >= limits.socketSubscriptionsMax) return client.send(refusalFrame(frame.n, refuse('too-many', `A tab may follow ${limits.socketSubscriptionsMax} timelines.`, limits.socketSubscriptionsMax)));
  const registered = frame.view === 'timeline' ? await hub.openTimeline(client, frame.key, frame.after) : await hub.openConversations(client);
  client.send(registered === 'not-a-member' ? refusalFrame(frame.n, refuse('not-a-member', 'There is no such conversation among yours.')) : { is: 'subscribed', n: frame.n, ...registered });
};

const refusalFrame = (n: number, { code, sentence, limit }: Refusal): ServerFrame => (limit === undefined ? { is: 'refusal', n, code, sentence } : { is: 'refusal', n, code, sentence, limit });

import type { Socket } from 'node:net';
import * as ws from 'ws';
import { closeCodes, type ServerFrame } from '../../contract/socket.ts';
import { limits } from '../../contract/limits.ts';
import { TokenBucket } from '../token-bucket.ts';

const { WebSocket } = ws;
// The part of ws that only makes bytes: it exports it, and its types do not say so.
const { Sender } = ws as unknown as { readonly Sender: { readonly frame: (data: Buffer, options: object) => Buffer[] } };

/** Complete WebSocket text frames (RFC 6455), made once and written to every socket as they are. */
export const frameOf = (text: string): Buffer => {
  const payload = Buffer.from(text);
  return Buffer.concat(Sender.frame(payload, { fin: true, rsv1: false, opcode: 1, mask: false, readOnly: true }));
};

/** Sockets with an answer of this turn of the event loop. Until its end they gather whatever else they are sent, for one write. */
const gathering = new Set<Socket>();

const gather = (socket: Socket): void => {
  if (gathering.has(socket)) return;
  if (gathering.size === 0) setImmediate(writeGathered);
  gathering.add(socket);
  socket.cork();
};

const writeGathered = (): void => gathering.forEach(write);

const write = (socket: Socket): void => {
  if (gathering.delete(socket)) socket.uncork();
};

const nobody: ReadonlySet<string> = new Set();

/** One connected browser tab. Kept small: there are thousands of them, and most are idle. */
export class Client {
  readonly account: string;
  /** Hash of the session token. */
  readonly session: string;
  readonly address: string;
  readonly agent: string;
  /** Conversations whose timeline is open here. */
  readonly timelines = new Set<string>();
  /** Conversations whose activity this client is told, or null before it asked. */
  conversations: Set<string> | null = null;
  /** Rises when this person joined or left something: what was asked of a view before may not be so any more. */
  memberships = 0;
  watched: ReadonlySet<string> = nobody;
  active = true;
  /** The device that this socket says it is, in a call. */
  inCall: { readonly conversationId: string; readonly callId: string; readonly device: string } | undefined;
  alive = true;
  closing = false;
  readonly #bucket: TokenBucket;
  #signals: { readonly said: TokenBucket; readonly flood: TokenBucket } | undefined;
  readonly #webSocket: ws.WebSocket;

  constructor(webSocket: ws.WebSocket, who: { readonly account: string; readonly session: string; readonly address: string; readonly agent: string }, now: number) {
    this.#webSocket = webSocket;
    this.account = who.account;
    this.session = who.session;
    this.address = who.address;
    this.agent = who.agent;
    this.#bucket = new TokenBucket(limits.socketBurst, now);
  }

  send(frame: ServerFrame): void {
    if (!this.#open()) return;
    gather(this.#socket);
    this.#webSocket.send(JSON.stringify(frame));
  }

  /** Whole frames, made by `frameOf`. ws neither compresses nor queues here, so that frames never interleave. */
  write(frames: Buffer): void {
    if (this.#open()) this.#socket.write(frames);
  }

  /** While `#open`. */
  get #socket(): Socket {
    return (this.#webSocket as unknown as { readonly _socket: Socket })._socket;
  }

  /** A slow or dead socket costs others nothing: it is closed, and resumes from its position. */
  #open(): boolean {
    if (this.#webSocket.readyState !== WebSocket.OPEN) return false;
    // What was only gathered is not their slowness.
    if (this.#webSocket.bufferedAmount > limits.socketBufferedBytesMax) write(this.#socket);
    if (this.#webSocket.bufferedAmount <= limits.socketBufferedBytesMax) return true;
    this.close(closeCodes.tooSlow, 'too slow; resume from your position');
    return false;
  }

  /** Whether there is room for what others send without being asked for it: half of what may wait at most. */
  hasRoom(): boolean {
    const roomMax = limits.socketBufferedBytesMax / 2;
    if (this.#webSocket.readyState === WebSocket.OPEN && this.#webSocket.bufferedAmount > roomMax) write(this.#socket);
    return this.#webSocket.bufferedAmount <= roomMax;
  }

  /** Once is enough: what still comes in after it is not read. */
  close(code: number, reason: string): void {
    if (this.closing) return;
    this.closing = true;
    this.#webSocket.close(code, reason);
    // Who does not read does not answer a close either.
    setTimeout(() => this.#webSocket.terminate(), 2_000).unref();
  }

  /** False when this client sends more than it may. */
  mayCall(now: number, perSecond: number): boolean {
    return this.#bucket.take(now, perSecond);
  }

  /** False when more signals come than anybody's browser makes. */
  maySignal(now: number): boolean {
    return this.#signalBuckets(now).said.take(now, limits.callSignalsPerSecond);
  }

  /** False when it goes on though it is refused: asked before a frame of a socket in a call is even read. */
  mayGoOn(now: number): boolean {
    return this.#signalBuckets(now).flood.take(now, limits.callSignalsPerSecond * 2);
  }

  /** Only a socket that is in a call has them. */
  #signalBuckets(now: number): { readonly said: TokenBucket; readonly flood: TokenBucket } {
    return (this.#signals ??= { said: new TokenBucket(limits.callSignalBurst, now), flood: new TokenBucket(limits.callSignalBurst * 2, now) });
  }

  /** Asks for a sign of life; false when the last one was never answered. */
  ping(): boolean {
    if (!this.alive) {
      this.#webSocket.terminate();
      return false;
    }
    this.alive = false;
    this.#webSocket.ping();
    return true;
  }
}

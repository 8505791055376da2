import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { ServerFrame } from '#src/contract/socket.ts';
import { Client } from '#src/doors/socket/client.ts';

/** A tab whose web socket is a stand-in that keeps what was written to it. Proves nothing about buffers, slow readers and closing. */
export class HeardClient extends Client {
  readonly frames: ServerFrame[];

  constructor(account: string) {
    const frames: ServerFrame[] = [];
    const webSocket = {
      readyState: 1,
      bufferedAmount: 0,
      send: (text: string) => void frames.push(JSON.parse(text) as ServerFrame),
      _socket: { cork: () => undefined, uncork: () => undefined, write: (bytes: Buffer) => void frames.push(...textFramesIn(bytes).map((text) => JSON.parse(text) as ServerFrame)) },
    };
    super(webSocket as unknown as WebSocket, { account, session: randomUUID(), address: '127.0.0.1', agent: '' }, 0);
    this.frames = frames;
  }

  /** The presence of this person as it was told last. */
  lastOf(account: string): string | undefined {
    return this.frames.flatMap((frame) => (frame.is === 'presence' ? frame.people : [])).findLast(([person]) => person === account)?.[1];
  }
}

/** Payloads of unmasked text frames below 64 KiB (RFC 6455, section 5.2). */
const textFramesIn = (bytes: Buffer): readonly string[] => {
  const texts: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const short = bytes[at + 1]!;
    const [from, length] = short < 126 ? [at + 2, short] : [at + 4, bytes.readUInt16BE(at + 2)];
    texts.push(bytes.toString('utf8', from, from + length));
    at = from + length;
  }
  return texts;
};

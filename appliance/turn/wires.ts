import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { IceUrl } from '#src/ice/ice-url.ts';
import { Deframer, frameBytesMax } from './deframer.ts';

/** A way to one server. `onMessage` gets whole messages, STUN or ChannelData. */
export type Wire = { readonly send: (bytes: Buffer) => void; onMessage: (bytes: Buffer) => void; readonly isReliable: boolean; readonly localPort: number; readonly close: () => void };

/** Rejects when there is no such host, or nothing that takes the connection. */
export const openWire = async ({ host, port, transport }: Pick<IceUrl, 'host' | 'port' | 'transport'>, connectMs: number): Promise<Wire> => (transport === 'udp' ? udpWire(host, port) : streamWire(host, port, transport, connectMs));

const udpWire = async (host: string, port: number): Promise<Wire> => {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  try {
    const connected = once(socket, 'connect');
    socket.connect(port, host);
    await connected;
  } catch (cause) {
    socket.close();
    throw cause;
  }
  const wire: Wire = { send: (bytes) => socket.send(bytes, () => undefined), onMessage: () => undefined, isReliable: false, localPort: socket.address().port, close: () => socket.close() };
  // Nobody listens there: the request runs out of time and says so.
  socket.on('error', () => undefined).on('message', (bytes) => wire.onMessage(bytes));
  return wire;
};

const streamWire = async (host: string, port: number, transport: 'tcp' | 'tls', connectMs: number): Promise<Wire> => {
  const signal = AbortSignal.timeout(connectMs);
  const socket: Socket = transport === 'tls' ? connectTls({ host, port, servername: host }) : connect(port, host);
  try {
    await once(socket, transport === 'tls' ? 'secureConnect' : 'connect', { signal });
  } catch (cause) {
    socket.destroy();
    throw cause;
  }
  return overStream(socket);
};

/** Over a connection that is open. */
export const overStream = (socket: Socket): Wire => {
  const wire: Wire = { send: (bytes) => socket.write(bytes), onMessage: () => undefined, isReliable: true, localPort: socket.localPort ?? 0, close: () => socket.destroy() };
  const deframer = new Deframer();
  socket.setNoDelay();
  socket.on('error', () => undefined).on('data', (data) => void (deframer.take(data, frameBytesMax, (frame) => wire.onMessage(frame)) || socket.destroy()));
  return wire;
};

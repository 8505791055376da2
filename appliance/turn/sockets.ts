import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server, type Socket as StreamSocket } from 'node:net';
import { randomInt } from 'node:crypto';
import { familyOf } from './addresses.ts';
import type { RelaySettings } from './relay-settings.ts';

/** Bursts of a call of eight wait here while one packet is handled; the system may give less. */
const bufferBytes = 4 * 2 ** 20;
const triesMax = 200;

/** A bound UDP socket. Addresses are never names, so none is looked up. Rejects as `bind` does. */
export const boundSocket = async (address: string, port: number): Promise<Socket> => {
  const family = familyOf(address);
  const socket = createSocket({
    type: family === 4 ? 'udp4' : 'udp6', ipv6Only: family === 6, recvBufferSize: bufferBytes, sendBufferSize: bufferBytes,
    lookup: (host, _options, done) => done(null, host, family),
  });
  try {
    // Before it is bound: nothing is looked up, so it may listen at once.
    const listening = once(socket, 'listening');
    socket.bind({ address, port, exclusive: true });
    await listening;
    // A datagram that could not be sent is a datagram lost.
    socket.on('error', () => undefined);
    return socket;
  } catch (cause) {
    socket.close();
    throw cause;
  }
};

/** A server for TCP connections. Rejects as `listen` does. */
export const listeningServer = async (address: string, port: number, onConnection: (socket: StreamSocket) => void): Promise<Server> => {
  // What is said in a call is not held back until there is more of it.
  const server = createServer({ noDelay: true }, onConnection);
  const listening = once(server, 'listening');
  server.listen({ host: address, port, ipv6Only: familyOf(address) === 6, exclusive: true });
  await listening;
  // A connection that could not be taken, because there is no room for one more, is one less.
  server.on('error', () => undefined);
  return server;
};

/** A socket on a port of the range, chosen at random (RFC 6056) and from there upwards; an even one where that is wanted. Rejects when none of it is free. */
export const relaySocket = async (address: string, { from, to }: RelaySettings['relayPorts'], isTaken: (port: number) => boolean, even: boolean): Promise<Socket> => {
  const count = to - from + 1;
  const first = randomInt(count);
  let tries = 0;
  for (let step = 0; step < count && tries < triesMax; step += 1) {
    const port = from + ((first + step) % count);
    if (isTaken(port) || (even && port % 2 === 1)) continue;
    tries += 1;
    try {
      return await boundSocket(address, port);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    }
  }
  throw new Error('No port of the relay range is free.');
};

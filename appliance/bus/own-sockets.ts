import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

type Opening = { readonly sockets: Set<Socket>; done: boolean };

const opening = new AsyncLocalStorage<Opening>();
let listening = false;

/**
 * Runs `open` and knows the sockets that it opened until it is settled. The NATS client (3.4) leaves its socket behind when a server takes the
 * connection and says nothing, and waits for ever to close one whose server stopped reading (measured with a server under SIGSTOP); whoever
 * knows the sockets can end them. Node publishes each on the channel `net.client.socket` as it is made.
 */
export const withOwnSockets = <T>(open: () => Promise<T>): { readonly opened: Promise<T>; readonly destroyAll: () => void } => {
  if (!listening) subscribe('net.client.socket', (message) => remember((message as { readonly socket: Socket }).socket));
  listening = true;
  const own: Opening = { sockets: new Set(), done: false };
  const opened = opening.run(own, open).finally(() => {
    // What is heard later runs in the same context, and may open sockets that are none of this one's business.
    own.done = true;
  });
  return {
    opened,
    destroyAll: () => own.sockets.forEach((socket) => socket.destroy()),
  };
};

const remember = (socket: Socket): void => {
  const own = opening.getStore();
  if (!own || own.done) return;
  own.sockets.add(socket);
  socket.once('close', () => own.sockets.delete(socket));
};

import { fork } from 'node:child_process';
import { WebSocket, WebSocketServer } from 'ws';
import { percentile } from '../support/load.ts';

const seconds = 3;
const isServer = process.argv[2] === 'bare-server';

/** The floor: a bare `ws` server in its own process that sends what it gets to everybody, and answers the sender. No work at all. */
if (isServer) {
  const server: WebSocketServer = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => process.send!((server.address() as { port: number }).port));
  server.on('connection', (socket) => socket.on('message', (data) => {
    for (const client of server.clients) client.send(data, { binary: false });
  }));
}

export const bareFanOut = async (members: number): Promise<{ readonly deliveries: number; readonly messages: number; readonly p50: number }> => {
  const child = fork(new URL(import.meta.url), ['bare-server']);
  const port = await new Promise<number>((resolve) => child.once('message', (value) => resolve(value as number)));
  const sockets = await Promise.all(Array.from({ length: members }, () => new Promise<WebSocket>((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
    socket.once('open', () => resolve(socket));
  })));
  let deliveries = 0;
  let messages = 0;
  const latencies: number[] = [];
  const filling = 'x'.repeat(400);
  for (const [index, socket] of sockets.entries()) {
    socket.on('message', (data: Buffer) => {
      deliveries += 1;
      const text = data.toString('latin1');
      const [sender, sentAt] = text.split(' ', 2);
      if (index % 10 === 0) latencies.push(performance.now() - Number(sentAt));
      // A sender sends the next when its own comes back.
      if (Number(sender) !== index) return;
      messages += 1;
      socket.send(`${index} ${performance.now()} ${filling}`);
    });
  }
  for (const [index, socket] of sockets.slice(0, 4).entries()) for (let i = 0; i < 4; i += 1) socket.send(`${index} ${performance.now()} ${filling}`);
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const result = { deliveries: deliveries / seconds, messages: messages / seconds, p50: percentile(latencies, 0.5) };
  for (const socket of sockets) socket.terminate();
  child.kill();
  return result;
};

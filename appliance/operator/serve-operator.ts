import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { placesIn } from '#appliance/config.ts';
import type { House } from '#appliance/house/house.ts';
import { Fault } from '#src/kernel/fault.ts';
import { requestBytesMax, requestFrame, type ReplyFrame } from './frames.ts';
import { perform } from './perform.ts';

// The shortest that any system allows for the address of a unix socket, one for the end aside.
const socketPathBytesMax = 103;

/**
 * Listens on `<data>/operator.sock`, 0600: whoever may read the data folder may run the appliance. One that lies there
 * already is stale, because this process holds the log's lock.
 */
export const serveOperator = async (house: House): Promise<{ readonly close: () => Promise<void> }> => {
  const { operatorSocket } = placesIn(house.config.dataFolder);
  if (Buffer.byteLength(operatorSocket) > socketPathBytesMax) throw new Fault(`The path of the data folder is too long for the operator's socket: ${operatorSocket} has more than ${socketPathBytesMax} bytes.`);
  rmSync(operatorSocket, { force: true });
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket)).on('error', () => socket.destroy());
    serveOne(house, socket);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(operatorSocket, resolve));
  chmodSync(operatorSocket, 0o600);
  return {
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
};

const serveOne = (house: House, socket: Socket): void => {
  const gone = new AbortController();
  socket.on('close', () => gone.abort());
  const tell = (frame: ReplyFrame): void => void (socket.writable && socket.write(`${JSON.stringify(frame)}\n`));
  let bytes = 0;
  socket.on('data', (chunk) => {
    bytes += chunk.length;
    if (bytes > requestBytesMax) socket.destroy();
  });
  createInterface({ input: socket }).once('line', (line) => {
    const request = requestFrame.safeParse(parsed(line));
    if (!request.success) {
      tell({ is: 'refusal', code: 'malformed', sentence: 'This is no request of "hansard".' });
      socket.end();
      return;
    }
    void perform(house, request.data.verb, request.data.input, tell, gone.signal).finally(() => socket.end());
  });
};

const parsed = (line: string): unknown => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

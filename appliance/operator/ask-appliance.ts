import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { Fault } from '#src/kernel/fault.ts';
import { replyFrame, type ReplyFrame, type RequestFrame } from './frames.ts';

/** The open socket of the appliance that runs on this data folder; undefined where none runs (a stale socket file aside). */
export const reachAppliance = (operatorSocket: string): Promise<Socket | undefined> =>
  new Promise((resolve, reject) => {
    const socket = connect(operatorSocket);
    socket.once('connect', () => resolve(socket));
    socket.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED') resolve(undefined);
      else reject(new Fault(`The appliance cannot be asked over ${operatorSocket}: ${cause.message}. The verbs of the operator need the user that it runs as.`, { cause }));
    });
  });

/** Resolves with the answer; progress is told on the way. Rejects with a `Fault` when the appliance goes away before it has answered. */
export const askAppliance = async (socket: Socket, request: RequestFrame, onProgress: (frame: ReplyFrame & { readonly is: 'progress' }) => void): Promise<ReplyFrame> => {
  socket.on('error', () => socket.destroy());
  socket.write(`${JSON.stringify(request)}\n`);
  for await (const line of createInterface({ input: socket })) {
    const frame = replyFrame.parse(JSON.parse(line));
    if (frame.is !== 'progress') return frame;
    onProgress(frame);
  }
  throw new Fault('The appliance stopped before it had answered. What was acknowledged is safe; start it and try again.');
};

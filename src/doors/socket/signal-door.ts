import { z } from 'zod';
import { limits } from '../../contract/limits.ts';
import type { ClientFrame, SignalRefused } from '../../contract/socket.ts';
import { id } from '../../contract/shapes.ts';
import type { CallExchange } from './call-exchange.ts';
import type { Client } from './client.ts';

const envelope = z.looseObject({ is: z.literal('signal'), callId: id, to: id });
/** With what a bus adds to it, it must still be one frame there. */
const signalBytesMax = limits.frameBytesMax - 4 * 1024;
/** A long description counts as several, so that nobody's connection is filled by one. */
const bytesOfOne = 4 * 1024;

/** A signal that keeps the contract: within the rate it goes on, else it is refused and the others' go on. */
export const signalDoor = (calls: CallExchange, client: Client, frame: Extract<ClientFrame, { is: 'signal' }>, bytes: number, now: number): void => {
  if (bytes > signalBytesMax) return refuse(client, frame, 'too-large');
  for (let taken = 0; taken < bytes; taken += bytesOfOne) if (!client.maySignal(now)) return refuse(client, frame, 'too-many');
  calls.signal(client, frame);
};

/** True where a frame that breaks the contract was a signal: its sender is told, and the call goes on. */
export const refusedSignal = (client: Client, value: unknown): boolean => {
  const parsed = envelope.safeParse(value);
  if (!parsed.success) return false;
  const sdp = (parsed.data['signal'] as { readonly sdp?: unknown } | null | undefined)?.sdp;
  refuse(client, parsed.data, typeof sdp === 'string' && sdp.length > limits.sdpMax ? 'too-large' : 'malformed');
  return true;
};

const refuse = (client: Client, { callId, to }: { readonly callId: string; readonly to: string }, why: SignalRefused['why']): void => client.send({ is: 'signal-refused', callId, to, why });

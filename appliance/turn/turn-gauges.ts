import type { RelayCounts } from './relay-settings.ts';
import type { Turn } from './turn.ts';

const listens = (turn: Turn): boolean => !['starting', 'waiting'].includes(turn.state().state);

/** For metrics: name without prefix, what it says, and how it is read. */
export const turnGauges: readonly (readonly [name: string, help: string, read: (turn: Turn) => number])[] = [
  ['turn_listening', '1 when the TURN relay listens for UDP, or is not wanted.', (turn) => (listens(turn) ? 1 : 0)],
  ['turn_listening_tcp', '1 when it takes TCP connections too, or is not wanted.', (turn) => (listens(turn) && turn.state().says === null ? 1 : 0)],
  ['turn_credentials', 'Times that a session was given ICE servers with credentials since the start.', (turn) => turn.rate.counts.given],
  ['turn_credentials_refused', 'Times that a session had asked for them too often since the start.', (turn) => turn.rate.counts.refused],
  ['turn_restarts', 'How often the process of the TURN relay was started again.', (turn) => turn.restarts],
  ...([
    ['allocations', 'Allocations of the TURN relay now.'], ['allocated', 'Allocations since its process began.'], ['refreshed', 'Refreshes since then.'], ['packets', 'Packets relayed since then.'], ['bytes', 'Bytes relayed since then.'],
    ['dropped', 'Packets that might not be relayed, or that their client did not read, since then.'], ['refused', 'Requests refused or left without an answer since then.'], ['malformed', 'Datagrams and frames that were nothing since then.'],
    ['connections', 'TCP connections of the TURN relay now.'], ['cut', 'TCP connections that it ended or would not have since then.'],
  ] as const satisfies readonly (readonly [keyof RelayCounts, string])[]).map(([count, help]) => [`turn_${count}`, help, (turn: Turn) => turn.counts()[count]] as const),
];

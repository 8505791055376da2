import { randomUUID } from 'node:crypto';
import { figure, type Figure } from '../support/figure.ts';
import { measuredAppliance, type BenchPerson } from '../support/ask.ts';
import { LoadSocket, percentile } from '../support/load.ts';

const seconds = 5;
/** Of the size of an ICE candidate as browsers write it. */
const candidate = 'candidate:842163049 1 udp 1677729535 192.0.2.17 46154 typ srflx raddr 10.0.0.5 rport 46154 generation 0 ufrag EsAw network-id 1';

type Pair = { readonly sockets: readonly [LoadSocket, LoadSocket]; readonly devices: readonly [string, string]; readonly call: { readonly conversationId: string; readonly callId: string } };

/** Calls of two. Each side answers what it gets with the next one, so that two signals are under way in each call at any time. */
export const signalFigures = async (): Promise<Figure[]> => {
  const pairs = 200;
  const appliance = await measuredAppliance();
  await appliance.ask({ do: 'allow' });
  const people = await appliance.ask<BenchPerson[]>({ do: 'people', count: pairs * 2, from: 0 });
  const groups = await appliance.ask<string[]>({ do: 'groups', groups: Array.from({ length: pairs }, (_, n) => [people[2 * n]!.account, people[2 * n + 1]!.account]) });
  const calls: Pair[] = [];
  for (const [n, conversationId] of groups.entries()) {
    const sockets = [await LoadSocket.open(appliance.port, people[2 * n]!), await LoadSocket.open(appliance.port, people[2 * n + 1]!)] as const;
    const [call, devices] = [{ conversationId, callId: randomUUID() }, [randomUUID(), randomUUID()] as const];
    await sockets[0].call('startCall', { ...call, device: devices[0] });
    await sockets[1].call('joinCall', { ...call, device: devices[1] });
    for (const side of [0, 1] as const) sockets[side].send({ is: 'in-call', ...call, device: devices[side] });
    calls.push({ sockets, devices, call });
  }
  const latencies: number[] = [];
  let [handedOn, counting, running] = [0, false, true];
  const say = ({ sockets, devices, call }: Pair, side: 0 | 1): void =>
    sockets[side].send({ is: 'signal', ...call, to: devices[1 - side], signal: { is: 'candidate', candidate: `@${performance.now().toFixed(3)}@${candidate}`, sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null } });
  for (const pair of calls) {
    for (const side of [0, 1] as const) {
      pair.sockets[side].onSignal = (text) => {
        if (counting) {
          handedOn += 1;
          latencies.push(performance.now() - Number(/@(\d+\.\d+)@/.exec(text)![1]));
        }
        if (running) say(pair, side);
      };
      say(pair, side);
    }
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  counting = true;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  [counting, running] = [false, false];
  for (const { sockets } of calls) for (const socket of sockets) socket.close();
  await appliance.stop();
  return [
    figure(`signals, ${pairs} calls of two: handed on`, handedOn / seconds, '/s'),
    figure('signals: from sending to received, p50', percentile(latencies, 0.5), 'ms'),
    figure('signals: from sending to received, p99', percentile(latencies, 0.99), 'ms'),
  ];
};

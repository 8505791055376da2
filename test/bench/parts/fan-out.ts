import { figure, type Figure } from '../support/figure.ts';
import { measuredAppliance, type BenchPerson } from '../support/ask.ts';
import { LoadSocket, percentile } from '../support/load.ts';
import { bareFanOut } from './bare-fan-out.ts';

const seconds = 5;
const senders = 4;
const inFlight = 4;
export const text180 = 'The quick brown fox jumps over the lazy dog, and then it does it again because nobody wrote it down. '.repeat(2).slice(0, 160);

type FanOut = { readonly deliveries: number; readonly messages: number; readonly p50: number; readonly p99: number };

/** One channel, everybody with its timeline open; 4 senders keep 4 messages in flight each. Delivered means received by a member's socket. */
export const fanOut = async (members: number): Promise<FanOut> => {
  const appliance = await measuredAppliance();
  await appliance.ask({ do: 'allow' });
  const people = await appliance.ask<BenchPerson[]>({ do: 'people', count: members, from: 0 });
  const [conversation] = await appliance.ask<string[]>({ do: 'groups', groups: [people.map(({ account }) => account)] });
  const sockets = await Promise.all(people.map((person) => LoadSocket.open(appliance.port, person)));
  await Promise.all(sockets.map((socket, i) => Promise.all([socket.subscribe('timeline', conversation!), socket.subscribe('conversations', people[i]!.account)])));
  let deliveries = 0;
  let messages = 0;
  let counting = false;
  const latencies: number[] = [];
  for (const [index, socket] of sockets.entries()) {
    socket.onPush = (text) => {
      if (!counting || !text.startsWith('{"is":"push","view":"timeline"')) return;
      deliveries += 1;
      // Every tenth socket is enough for the spread.
      if (index % 10 !== 0) return;
      const sentAt = /@(\d+\.\d+)@/.exec(text);
      if (sentAt) latencies.push(performance.now() - Number(sentAt[1]));
    };
  }
  let running = true;
  const send = async (socket: LoadSocket): Promise<void> => {
    while (running) {
      await socket.post(conversation!, `@${performance.now().toFixed(3)}@ ${text180}`);
      if (counting) messages += 1;
    }
  };
  const loops = sockets.slice(0, senders).flatMap((socket) => Array.from({ length: inFlight }, () => send(socket)));
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  counting = true;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  counting = false;
  running = false;
  await Promise.all(loops);
  for (const socket of sockets) socket.close();
  await appliance.stop();
  return { deliveries: deliveries / seconds, messages: messages / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
};

export const fanOutFigures = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  const bare100 = await bareFanOut(100);
  const bare10 = await bareFanOut(10);
  for (const members of [10, 100, 1_000]) {
    const { deliveries, messages, p50, p99 } = await fanOut(members);
    const floor = members === 100 ? `bare ws ${Math.round(bare100.deliveries).toLocaleString('en')}/s, p50 ${bare100.p50.toFixed(1)} ms` : members === 10 ? `bare ws ${Math.round(bare10.messages).toLocaleString('en')} messages/s` : undefined;
    figures.push(
      figure(`fan-out, ${members} members: deliveries`, deliveries, '/s', members === 100 ? { least: 100_000 } : undefined, floor),
      figure(`fan-out, ${members} members: messages`, messages, '/s', members === 10 ? { least: 5_000 } : undefined),
      figure(`fan-out, ${members} members: from sending to received, p50`, p50, 'ms', members === 100 ? { most: 20 } : undefined),
      figure(`fan-out, ${members} members: from sending to received, p99`, p99, 'ms'),
    );
  }
  return figures;
};

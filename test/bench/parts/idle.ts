import { fork } from 'node:child_process';
import { WebSocket, WebSocketServer } from 'ws';
import { figure, type Figure } from '../support/figure.ts';
import { measuredAppliance, type BenchPerson } from '../support/ask.ts';

const isServer = process.argv[2] === 'bare-idle-server';
const isHolder = process.argv[2] === 'idle-holder';

if (isServer) {
  const server: WebSocketServer = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false }, () => process.send!((server.address() as { port: number }).port));
  process.on('message', () => {
    globalThis.gc?.();
    process.send!(process.memoryUsage().rss);
  });
}

// Holds the client ends in a process of its own, so that their memory is not counted.
if (isHolder) {
  process.on('message', ({ port, people, path, asks }: { port: number; people: (BenchPerson | null)[]; path: string; asks: boolean }) => {
    const open = (person: BenchPerson | null): Promise<void> => new Promise((resolve, reject) => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { perMessageDeflate: false, ...(person && { headers: { cookie: `hansard=${person.token}` } }) });
      socket.once('error', reject);
      socket.once('open', () => {
        if (!asks || !person) return resolve();
        socket.on('message', (data: Buffer) => data.includes('"subscribed"') && resolve());
        socket.send(JSON.stringify({ is: 'subscribe', n: 1, view: 'conversations', key: person.account }));
      });
    });
    void (async () => {
      for (let i = 0; i < people.length; i += 100) await Promise.all(people.slice(i, i + 100).map(open));
      process.send!('open');
    })();
  });
}

const held = async (port: number, people: (BenchPerson | null)[], path: string, asks: boolean): Promise<() => void> => {
  const holder = fork(new URL(import.meta.url), ['idle-holder'], { serialization: 'advanced' });
  const opened = new Promise((resolve) => holder.once('message', resolve));
  holder.send({ port, people, path, asks });
  await opened;
  return () => holder.kill();
};

const bareIdle = async (count: number): Promise<number> => {
  const child = fork(new URL(import.meta.url), ['bare-idle-server'], { execArgv: ['--expose-gc'] });
  const port = await new Promise<number>((resolve) => child.once('message', (value) => resolve(value as number)));
  const memory = (): Promise<number> => new Promise((resolve) => {
    child.once('message', (value) => resolve(value as number));
    child.send('memory');
  });
  const before = await memory();
  const letGo = await held(port, Array.from({ length: count }, () => null), '/', false);
  const after = await memory();
  letGo();
  child.kill();
  return (after - before) / count;
};

const conversationsEach = 20;
const groupSize = 500;

/** Growth of the appliance's resident memory for each signed-in socket that has its twenty conversations on screen and does nothing. */
export const idleFigures = async (count: number): Promise<Figure[]> => {
  const bare = await bareIdle(Math.min(count, 5_000));
  const preparing = await measuredAppliance();
  await preparing.ask({ do: 'allow' });
  const people = await preparing.ask<BenchPerson[]>({ do: 'people', count, from: 0 });
  const groups = Array.from({ length: Math.ceil((count * conversationsEach) / groupSize) }, (_, g) => Array.from({ length: Math.min(groupSize, count) }, (__, i) => people[(g * 7 + i * Math.max(1, Math.floor(count / groupSize))) % count]!.account));
  await preparing.ask({ do: 'groups', groups: groups.map((members) => [...new Set(members)]) });
  await preparing.ask({ do: 'settled' });
  await preparing.stop('keep');
  // A new process: memory that the preparation left free would hide what the sockets take.
  const appliance = await measuredAppliance(preparing.folder);
  const before = await appliance.ask<NodeJS.MemoryUsage>({ do: 'memory' });
  const letGo = await held(appliance.port, people, '/api/socket', true);
  const after = await appliance.ask<NodeJS.MemoryUsage>({ do: 'memory' });
  letGo();
  await appliance.stop();
  return [figure(`memory for each idle signed-in socket, ${count.toLocaleString('en')} of them`, (after.rss - before.rss) / count / 1_024, 'KB', { most: 15 }, `bare ws ${(bare / 1_024).toFixed(1)} KB`)];
};

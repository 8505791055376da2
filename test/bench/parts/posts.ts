import { figure, type Figure } from '../support/figure.ts';
import { measuredAppliance, type BenchPerson } from '../support/ask.ts';
import { LoadSocket, percentile } from '../support/load.ts';
import { text180 } from './fan-out.ts';

const seconds = 5;

/** 500 posts a second, evenly, over 50 conversations of two: how long until one is acknowledged, that is flushed. */
const acknowledgements = async (perSecond: number): Promise<Figure[]> => {
  const appliance = await measuredAppliance();
  const people = await appliance.ask<BenchPerson[]>({ do: 'people', count: 50, from: 0 });
  const groups = await appliance.ask<string[]>({ do: 'groups', groups: people.map(({ account }, i) => [account, people[(i + 1) % people.length]!.account]) });
  const sockets = await Promise.all(people.map((person) => LoadSocket.open(appliance.port, person)));
  const times: number[] = [];
  const running: Promise<unknown>[] = [];
  const began = performance.now();
  for (let i = 0; i < perSecond * (seconds + 1); i += 1) {
    const due = began + (i * 1_000) / perSecond;
    while (performance.now() < due) await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
    const sentAt = performance.now();
    const isWarm = i >= perSecond;
    running.push(sockets[i % 50]!.post(groups[i % 50]!, text180).then(() => isWarm && times.push(performance.now() - sentAt)));
  }
  await Promise.all(running);
  for (const socket of sockets) socket.close();
  await appliance.stop();
  const aims = perSecond === 500 ? ([{ most: 3 }, { most: 20 }] as const) : [undefined, undefined];
  return [figure(`acknowledged, ${perSecond} posts/s over 50 conversations, p50`, percentile(times, 0.5), 'ms', aims[0]), figure(`acknowledged, ${perSecond} posts/s over 50 conversations, p99`, percentile(times, 0.99), 'ms', aims[1])];
};

/** As many as go: 256 in flight over 1,000 conversations, through the socket, each acknowledged when flushed. */
const durablePosts = async (): Promise<Figure[]> => {
  const appliance = await measuredAppliance();
  const people = await appliance.ask<BenchPerson[]>({ do: 'people', count: 64, from: 0 });
  const groups = await appliance.ask<string[]>({ do: 'groups', groups: Array.from({ length: 1_000 }, (_, i) => [people[i % 64]!.account, people[(i + 1) % 64]!.account]) });
  const sockets = await Promise.all(people.map((person) => LoadSocket.open(appliance.port, person)));
  let done = 0;
  let counting = false;
  let running = true;
  const loop = async (index: number): Promise<void> => {
    // Each person posts into their own conversations only.
    for (let i = 0; running; i += 1) {
      await sockets[index % 64]!.post(groups[((index % 64) + 64 * (i % 15)) % 1_000]!, text180).catch((cause: unknown) => { if (running) throw cause; });
      if (counting) done += 1;
    }
  };
  const loops = Array.from({ length: 256 }, (_, index) => loop(index));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const before = await appliance.ask<NodeJS.CpuUsage>({ do: 'cpu' });
  counting = true;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  counting = false;
  const after = await appliance.ask<NodeJS.CpuUsage>({ do: 'cpu' });
  running = false;
  await Promise.all(loops);
  const cpuMicros = (after.user + after.system - before.user - before.system) / done;
  for (const socket of sockets) socket.close();
  await appliance.stop();
  return [figure('durable posts, 1,000 conversations, 256 in flight', done / seconds, '/s', { least: 8_000 }), figure('  processor time of the appliance for each, all threads', cpuMicros, 'us')];
};

export const postFigures = async (): Promise<Figure[]> => [...(await acknowledgements(500)), ...(await acknowledgements(2_000)), ...(await durablePosts())];

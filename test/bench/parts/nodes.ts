import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawnEventStore } from '#test/support/event-store/spawn-event-store.ts';
import { measuredAppliance, type BenchPerson, type MeasuredAppliance } from '../support/ask.ts';
import { figure, type Figure } from '../support/figure.ts';
import { LoadSocket, percentile } from '../support/load.ts';
import { text180 } from './fan-out.ts';

const seconds = 5;
const inFlightEach = 64;
const conversationsEach = 200;

/**
 * Appliances on one log in the stand-in for EventStoreDB (or the insecure server that HANSARD_TEST_ESDB names), one and more of
 * them, everything on this machine: posts that were acknowledged, how long that took, and until a post made at the first is
 * pushed at the last.
 */
export const nodeFigures = async (): Promise<Figure[]> => {
  const figures: Figure[] = [];
  for (const count of [1, 2, 3]) figures.push(...(await withNodes(count)));
  return figures;
};

const withNodes = async (count: number): Promise<Figure[]> => {
  const named = process.env['HANSARD_TEST_ESDB'];
  const server = named === undefined ? await spawnEventStore() : undefined;
  const [keys, files] = [mkdtempSync(join(tmpdir(), 'hansard-bench-keys-')), mkdtempSync(join(tmpdir(), 'hansard-bench-files-'))];
  const env = { HANSARD_LOG: named ?? server!.url, HANSARD_KEYS: keys, HANSARD_FILES: files };
  const nodes: MeasuredAppliance[] = [];
  for (let n = 0; n < count; n += 1) nodes.push(await measuredAppliance(undefined, env));
  const people = await nodes[0]!.ask<BenchPerson[]>({ do: 'people', count: 64, from: 0 });
  const groups = await nodes[0]!.ask<string[]>({ do: 'groups', groups: Array.from({ length: conversationsEach * count }, (_, i) => [people[i % 64]!.account, people[(i + 1) % 64]!.account]) });
  for (const node of nodes) await node.ask({ do: 'settled' });
  const figures = [...(await posting(nodes, people, groups)), ...(await crossing(nodes, people, groups[0]!))];
  for (const node of nodes) await node.stop();
  await server?.close();
  for (const folder of [keys, files]) rmSync(folder, { recursive: true, force: true });
  return figures.map((one) => ({ ...one, what: `${one.what} [${count} ${count === 1 ? 'node' : 'nodes'}]` }));
};

/** As many as go, each conversation written at one node. */
const posting = async (nodes: readonly MeasuredAppliance[], people: readonly BenchPerson[], groups: readonly string[]): Promise<Figure[]> => {
  const sockets = await Promise.all(nodes.map((node) => Promise.all(people.map((person) => LoadSocket.open(node.port, person)))));
  const times: number[] = [];
  let counting = false;
  let running = true;
  const loop = async (node: number, lane: number): Promise<void> => {
    for (let i = 0; running; i += 1) {
      const group = node * conversationsEach + ((lane + 64 * i) % conversationsEach);
      const began = performance.now();
      await sockets[node]![group % 64]!.post(groups[group]!, text180);
      if (counting) times.push(performance.now() - began);
    }
  };
  const loops = nodes.flatMap((_, node) => Array.from({ length: inFlightEach }, (_lane, lane) => loop(node, lane)));
  await new Promise((resolve) => setTimeout(resolve, 2_000));
  const cpuOf = async (): Promise<number> => (await Promise.all(nodes.map((node) => node.ask<NodeJS.CpuUsage>({ do: 'cpu' })))).reduce((sum, { user, system }) => sum + user + system, 0);
  const before = await cpuOf();
  counting = true;
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  counting = false;
  const cpuUs = (await cpuOf()) - before;
  running = false;
  await Promise.all(loops);
  for (const socket of sockets.flat()) socket.close();
  return [
    figure(`acknowledged posts, ${inFlightEach} in flight at each`, times.length / seconds, '/s'),
    figure('  acknowledged, p50', percentile(times, 0.5), 'ms'), figure('  acknowledged, p99', percentile(times, 0.99), 'ms'),
    figure('  processor time of all appliances for each post', cpuUs / times.length, 'us'),
  ];
};

/** One post after the other at the first node, until its push is at the last. */
const crossing = async (nodes: readonly MeasuredAppliance[], people: readonly BenchPerson[], group: string): Promise<Figure[]> => {
  const [from, to] = [await LoadSocket.open(nodes[0]!.port, people[0]!), await LoadSocket.open(nodes.at(-1)!.port, people[1]!)];
  await to.subscribe('timeline', group);
  const times: number[] = [];
  for (let i = 0; i < 200; i += 1) {
    const pushed = new Promise((resolve) => (to.onPush = (text) => text.includes('line-added') && resolve(text)));
    const began = performance.now();
    await Promise.all([pushed, from.post(group, text180)]);
    times.push(performance.now() - began);
  }
  from.close();
  to.close();
  return [figure('from a post at the first to its push at the last, p50', percentile(times, 0.5), 'ms'), figure('  the same, p99', percentile(times, 0.99), 'ms')];
};

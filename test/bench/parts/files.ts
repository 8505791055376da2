import { fork } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measuredAppliance, type BenchPerson, type MeasuredAppliance } from '../support/ask.ts';
import { figure, type Figure } from '../support/figure.ts';
import { percentile } from '../support/load.ts';

const mebi = 2 ** 20;
const piece = randomBytes(mebi);

/** One request over one connection of its own; `mebis` of body. */
const send = (port: number, options: RequestOptions, body: { readonly mebis: number } | { readonly text: string | Buffer } | undefined, onByte: (bytes: number) => void = () => undefined): Promise<{ readonly status: number; readonly firstByteMs: number; readonly text: string }> =>
  new Promise((resolve, reject) => {
    const began = performance.now();
    const sent = request({ host: '127.0.0.1', port, agent: false, ...options }, (response: IncomingMessage) => {
      let firstByteMs = Number.NaN;
      let text = '';
      response.on('data', (data: Buffer) => {
        if (Number.isNaN(firstByteMs)) firstByteMs = performance.now() - began;
        if (text.length < 1_000) text += data.toString('latin1', 0, 1_000);
        onByte(data.length);
      });
      response.on('end', () => resolve({ status: response.statusCode!, firstByteMs, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    if (!body) return sent.end();
    if ('text' in body) return sent.end(body.text);
    let left = body.mebis;
    const more = (): void => {
      for (; left > 0; left -= 1) if (!sent.write(piece)) return void sent.once('drain', () => ((left -= 1), more()));
      sent.end();
    };
    more();
  });

type Shared = { readonly fileId: string; readonly conversationId: string };

const uploadTo = (appliance: MeasuredAppliance, person: BenchPerson, conversationId: string, mebis: number): Promise<Shared> => uploadBytes(appliance, person, conversationId, mebis * mebi);

const uploadBytes = async ({ port }: MeasuredAppliance, person: BenchPerson, conversationId: string, bytes: number): Promise<Shared> => {
  const fileId = randomUUID();
  const headers = { Cookie: `hansard=${person.token}`, 'Content-Type': 'application/json' };
  const must = async (answer: Promise<{ readonly status: number; readonly text: string }>): Promise<void> => {
    const { status, text } = await answer;
    if (status >= 300) throw new Error(`${status}: ${text}`);
  };
  await must(send(port, { method: 'PUT', path: `/api/uploads/${fileId}`, headers }, { text: JSON.stringify({ conversationId, name: 'bench.bin', size: bytes }) }));
  const partBytes = 256 * mebi;
  for (let at = 0; at < bytes; at += partBytes) {
    const now = Math.min(partBytes, bytes - at);
    const body = now < mebi ? { text: piece.subarray(0, now) } : { mebis: now / mebi };
    await must(send(port, { method: 'PATCH', path: `/api/uploads/${fileId}`, headers: { ...headers, 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': at, 'Content-Length': now } }, body));
  }
  await must(send(port, { method: 'PUT', path: `/api/conversations/${conversationId}/files/${fileId}`, headers }, { text: JSON.stringify({ name: 'bench.bin' }) }));
  return { fileId, conversationId };
};

const download = ({ port }: MeasuredAppliance, person: BenchPerson, { fileId, conversationId }: Shared): Promise<{ readonly status: number; readonly firstByteMs: number }> =>
  send(port, { path: `/api/conversations/${conversationId}/files/${fileId}`, headers: { Cookie: `hansard=${person.token}` } }, undefined);

const seconds = async (work: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await work();
  return (performance.now() - began) / 1_000;
};

type Moved = { readonly mebisPerSecond: number; readonly cpuMsPerMebi: number };

/** How fast, and what it costs all threads of the process that serves. */
const moved = async (mebis: number, cpuOf: () => Promise<NodeJS.CpuUsage>, work: () => Promise<unknown>): Promise<Moved> => {
  const before = await cpuOf();
  const took = await seconds(work);
  const after = await cpuOf();
  return { mebisPerSecond: mebis / took, cpuMsPerMebi: (after.user + after.system - before.user - before.system) / 1_000 / mebis };
};

const plainCopy = async (mebis: number): Promise<{ readonly up: Moved; readonly down: Moved }> => {
  const folder = mkdtempSync(join(tmpdir(), 'hansard-copy-'));
  const child = fork(new URL('../support/plain-copy-process.ts', import.meta.url), [folder]);
  const { port } = await new Promise<{ port: number }>((resolve) => child.once('message', (told) => resolve(told as { port: number })));
  const cpuOf = async (): Promise<NodeJS.CpuUsage> => {
    const told = new Promise<{ cpu: NodeJS.CpuUsage }>((resolve) => child.once('message', (answer) => resolve(answer as { cpu: NodeJS.CpuUsage })));
    child.send('cpu');
    return (await told).cpu;
  };
  const up = await moved(mebis, cpuOf, () => send(port, { method: 'PUT', path: '/', headers: { 'Content-Length': mebis * mebi } }, { mebis }));
  const down = await moved(mebis, cpuOf, () => send(port, { path: '/' }, undefined));
  child.kill();
  rmSync(folder, { recursive: true, force: true });
  return { up, down };
};

/** The highest resident memory while `work` runs, above what was before, in MB. */
const memoryAbove = async (appliance: MeasuredAppliance, work: () => Promise<unknown>): Promise<number> => {
  const rss = async (): Promise<number> => (await appliance.ask<NodeJS.MemoryUsage>({ do: 'memory' })).rss;
  const before = await rss();
  let highest = before;
  let running = true;
  const looking = (async () => {
    while (running) {
      highest = Math.max(highest, await rss());
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  })();
  await work().finally(() => (running = false));
  await looking;
  return (highest - before) / 1e6;
};

const figuresOf = (what: string, ours: Moved, plain: Moved): Figure[] => [
  figure(what, ours.mebisPerSecond, 'MB/s', undefined, `plain node copy ${Math.round(plain.mebisPerSecond)} MB/s`),
  figure('  share of the plain copy', (100 * ours.mebisPerSecond) / plain.mebisPerSecond, '%', { least: 60 }),
  figure('  processor time of the appliance, all threads', ours.cpuMsPerMebi, 'ms/MB', undefined, `plain node copy ${Math.round(plain.cpuMsPerMebi * 100) / 100} ms/MB`),
];

const sizeMebis = 512;
const longMebis = 4 * 1_024;

/** Uploads and downloads beside a plain copy of the same bytes in the same run. */
export const fileFigures = async (): Promise<Figure[]> => {
  const appliance = await measuredAppliance();
  const [alice, bob] = (await appliance.ask<BenchPerson[]>({ do: 'people', count: 2, from: 0 })) as [BenchPerson, BenchPerson];
  await appliance.ask({ do: 'allow' });
  const [conversationId] = (await appliance.ask<string[]>({ do: 'groups', groups: [[alice.account, bob.account]] })) as [string];
  await uploadTo(appliance, alice, conversationId, 64); // Both threads and their code are warm.
  const copy = await plainCopy(sizeMebis);
  let shared: Shared | undefined;
  const cpuOf = (): Promise<NodeJS.CpuUsage> => appliance.ask<NodeJS.CpuUsage>({ do: 'cpu' });
  const up = await moved(sizeMebis, cpuOf, async () => (shared = await uploadTo(appliance, alice, conversationId, sizeMebis)));
  const down = await moved(sizeMebis, cpuOf, () => download(appliance, bob, shared!));
  const small = await uploadTo(appliance, alice, conversationId, 1);
  const firsts: number[] = [];
  for (let i = 0; i < 50; i += 1) firsts.push((await download(appliance, bob, small)).firstByteMs);
  const dropped = await seconds(() => Promise.all(Array.from({ length: 100 }, () => uploadBytes(appliance, alice, conversationId, 100_000))));
  const droppedLarger = await seconds(() => Promise.all(Array.from({ length: 100 }, () => uploadTo(appliance, alice, conversationId, 1))));
  let long: Shared | undefined;
  const memoryUp = await memoryAbove(appliance, async () => (long = await uploadTo(appliance, alice, conversationId, longMebis)));
  const memoryDown = await memoryAbove(appliance, () => download(appliance, bob, long!));
  await appliance.stop();
  return [
    ...figuresOf(`upload of ${sizeMebis} MB, sealed, hashed and flushed`, up, copy.up), ...figuresOf(`download of ${sizeMebis} MB, opened and checked`, down, copy.down),
    figure('first byte of a 1 MB download, median', percentile(firsts, 0.5), 'ms', { most: 10 }), figure('first byte of a 1 MB download, 95 %', percentile(firsts, 0.95), 'ms'),
    figure('100 files of 100 KB sent at once, all shared', dropped, 's'), figure('100 files of 1 MB sent at once, all shared', droppedLarger, 's'),
    figure('memory above idle during a 4 GB upload', memoryUp, 'MB'), figure('memory above idle during a 4 GB download', memoryDown, 'MB'),
  ];
};

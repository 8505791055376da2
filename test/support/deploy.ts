import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../appliance/main.ts', import.meta.url));
const readyWithinMs = 30_000;

/** What a command line left behind. `json` is its stdout, parsed. */
export type Ran = { readonly exit: number | null; readonly out: string; readonly err: string; readonly json: () => unknown };

/** The product as it is run: a process of its own, a folder of its own, started and asked through the command line. */
export type Deployment = {
  readonly folder: string;
  readonly url: string;
  /** Runs `hansard ...` with this deployment's environment. */
  readonly hansard: (...words: readonly string[]) => Promise<Ran>;
  /** Starts the appliance and resolves when it serves, with what it printed. @throws with what it said, where it does not start */
  readonly start: () => Promise<string>;
  /** SIGTERM, or another signal; resolves when it is gone. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number | null>;
  readonly remove: () => Promise<void>;
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
};

export const runHansard = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<Ran> => {
  const child = spawn(process.execPath, [main, ...words], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...env } as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, out, err, json: () => JSON.parse(out) as unknown };
};

/** Nothing is started yet. `env` adds to a folder and a port of its own. */
export const aDeployment = async (env: Readonly<Record<string, string>> = {}): Promise<Deployment> => {
  const folder = await mkdtemp(join(tmpdir(), 'hansard-run-'));
  const port = await freePort();
  const environment = { HANSARD_DATA: folder, HANSARD_PORT: String(port), HANSARD_RESERVE_BYTES: '0', HANSARD_TURN: 'off', ...env };
  let running: ChildProcess | undefined;
  const stop = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    const child = running;
    running = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    child.kill(signal);
    const [exit] = (await once(child, 'close')) as [number | null];
    return exit;
  };
  return {
    folder, stop,
    url: `http://localhost:${port}`,
    hansard: (...words) => runHansard(words, environment),
    async start() {
      const child = spawn(process.execPath, [main, 'start'], { env: { PATH: process.env['PATH'], HOME: process.env['HOME'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'], ...environment } as NodeJS.ProcessEnv, stdio: ['ignore', 'pipe', 'pipe'] });
      running = child;
      let said = '';
      const serves = new Promise<string>((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`It does not serve within ${readyWithinMs} ms. It said: ${said}`)), readyWithinMs);
        const hear = (chunk: Buffer): void => {
          said += chunk.toString();
          if (!said.includes('Everything lives in ')) return;
          clearTimeout(timer);
          resolve(said);
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        child.on('close', (exit) => {
          clearTimeout(timer);
          reject(new Error(`It ended with ${exit}. It said: ${said}`));
        });
      });
      await serves;
      // The first link comes in the same write or right after it.
      return said;
    },
    async remove() {
      await stop('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
};

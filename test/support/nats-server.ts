import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { programOnPath } from './chromium.ts';
import { eventually } from './waiting.ts';

/** `HANSARD_TEST_NATS`, else the one on the path, else where Debian puts it: not on everybody's path. */
export const natsServerPath = (): string | undefined => process.env['HANSARD_TEST_NATS'] ?? programOnPath('nats-server') ?? ['/usr/sbin/nats-server'].find((file) => existsSync(file));

/** A real nats-server on loopback, with a port of its own that it keeps, to be killed, started again and frozen. */
export class NatsServer {
  readonly port: number;
  readonly #words: readonly string[];
  #process: ChildProcess | undefined;

  /** `words`: more of its command line. Resolves when it answers, unless `starts` is false. */
  static async open({ words = [], starts = true }: { readonly words?: readonly string[]; readonly starts?: boolean } = {}): Promise<NatsServer> {
    if (natsServerPath() === undefined) throw new Error('There is no nats-server. Install one: "npm run pretest" as root, or "apt-get install nats-server"; or name one in HANSARD_TEST_NATS.');
    const server = new NatsServer(await freePort(), words);
    if (starts) await server.start();
    return server;
  }

  private constructor(port: number, words: readonly string[]) {
    this.port = port;
    this.#words = words;
  }

  get url(): string {
    return `nats://127.0.0.1:${this.port}`;
  }

  async start(): Promise<void> {
    const started = spawn(natsServerPath()!, ['-a', '127.0.0.1', '-p', String(this.port), ...this.#words], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    started.stderr.on('data', (data: Buffer) => (said = (said + String(data)).slice(-2_000)));
    this.#process = started;
    await eventually('nats-server answers', async () => {
      if (started.exitCode !== null) throw new Error(`nats-server ended: ${said}`);
      return answers(this.port);
    }, () => said, 15_000);
  }

  /** As a power cut would: nothing is said to anybody. */
  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  /** Takes connections and bytes as far as the system does, and does nothing with them. */
  freeze(): void {
    this.#process!.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process!.kill('SIGCONT');
  }
}

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('data', () => done(true));
    socket.once('error', () => done(false));
  });

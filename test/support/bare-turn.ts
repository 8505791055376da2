import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { TurnClient } from '#appliance/turn/turn-client.ts';
import { anyUdpSocket } from './turn-relay.ts';

/** node-turn without its guard, in a process of its own; alice has the password "password". */
export class BareTurn {
  readonly port: number;
  readonly process: ChildProcess;
  readonly #clients: TurnClient[] = [];

  static async open(): Promise<BareTurn> {
    const socket = await anyUdpSocket();
    const { port } = socket.address();
    socket.close();
    await once(socket, 'close');
    const started = fork(fileURLToPath(new URL('bare-turn-process.ts', import.meta.url)), [String(port)], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    await once(started, 'message');
    return new BareTurn(port, started);
  }

  private constructor(port: number, started: ChildProcess) {
    this.port = port;
    this.process = started;
  }

  async client(username = 'alice', credential = 'password', timeoutMs = 3_000): Promise<TurnClient> {
    const client = await TurnClient.open({ host: '127.0.0.1', port: this.port, transport: 'udp' }, { username, credential }, { timeoutMs, retryMs: 10_000 });
    this.#clients.push(client);
    return client;
  }

  async nonces(): Promise<number> {
    const answered = once(this.process, 'message');
    this.process.send('nonces');
    return ((await answered)[0] as { readonly nonces: number }).nonces;
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    if (this.process.exitCode !== null || this.process.signalCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }
}

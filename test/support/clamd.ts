import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { programOnPath } from './chromium.ts';
import { eventually } from './waiting.ts';

/** `HANSARD_TEST_CLAMD`, else the one on the path, else where Debian puts it: not on everybody's path. */
export const clamdPath = (): string | undefined => process.env['HANSARD_TEST_CLAMD'] ?? programOnPath('clamd') ?? ['/usr/sbin/clamd'].find((file) => existsSync(file));

/** The string that every scanner takes for a virus (https://www.eicar.org); in two halves, so that none takes this file for one. */
export const eicar = Buffer.from(['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join(''));
/** As clamd gives it back: signatures of one's own are marked so. */
export const eicarSignature = 'Hansard.Test.EICAR.UNOFFICIAL';

export const clamdTakesBytes = 2 * 1024 * 1024;

/** A real clamd with one signature, on a socket of its own, to be killed, frozen and started again. It takes streams of 2 MiB. */
export class Clamd {
  readonly folder: string;
  #process: ChildProcess | undefined;

  static async open(): Promise<Clamd> {
    const folder = await mkdtemp(join(tmpdir(), 'hansard-clamd-'));
    await writeFile(join(folder, 'own.ndb'), `Hansard.Test.EICAR:0:*:${eicar.toString('hex')}\n`);
    await writeFile(join(folder, 'clamd.conf'), [
      `LocalSocket ${join(folder, 'clamd.sock')}`, `DatabaseDirectory ${folder}`, `TemporaryDirectory ${folder}`, 'Foreground yes', 'FixStaleSocket yes', 'AlertExceedsMax yes', `StreamMaxLength ${clamdTakesBytes}`, 'SelfCheck 0', '',
    ].join('\n'));
    const clamd = new Clamd(folder);
    await clamd.start();
    return clamd;
  }

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** As HANSARD_CLAMD names it. */
  get address(): string {
    return `unix:${this.#socket}`;
  }

  get #socket(): string {
    return join(this.folder, 'clamd.sock');
  }

  async start(): Promise<void> {
    const started = spawn(clamdPath()!, ['--config-file', join(this.folder, 'clamd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (data: Buffer) => (said = (said + String(data)).slice(-2_000)));
    this.#process = started;
    await eventually('clamd answers', async () => {
      if (started.exitCode !== null) throw new Error(`clamd ended: ${said}`);
      return answers(this.#socket);
    }, () => said, 30_000);
  }

  async kill(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, 'exit');
    running.kill('SIGKILL');
    await ended;
  }

  /** Takes connections as far as the system does, and says nothing. */
  freeze(): void {
    this.#process!.kill('SIGSTOP');
  }

  thaw(): void {
    this.#process!.kill('SIGCONT');
  }

  async close(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}

const answers = (path: string): Promise<true | undefined> =>
  new Promise((resolve) => {
    const socket = connect({ path });
    socket.on('error', () => resolve(undefined)).on('data', () => (socket.destroy(), resolve(true))).on('connect', () => socket.write('zPING\0'));
  });

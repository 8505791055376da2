import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Fault } from '#src/kernel/fault.ts';
import type { FromProcess, ToProcess } from './process-messages.ts';
import { unread, type Reading, type ReadingLimits } from './reading.ts';

/** A parser that has read so many files is replaced: what it may have kept of them goes with it. */
const filesMost = 200;
/** On top of what the process grants itself. */
const wallGraceMs = 10_000;
const niceness = 10;
/** Its memory is given back when nobody shares anything. */
const idleMs = 30_000;

/** The program and its packages, and nothing else: no data, no keys. */
const readable = (): readonly string[] => {
  const packages = createRequire(import.meta.url).resolve.paths('saxes') ?? [];
  return [fileURLToPath(new URL('.', import.meta.url)), fileURLToPath(new URL('../../package.json', import.meta.url)), fileURLToPath(new URL('../../src/', import.meta.url)), ...packages.filter((folder) => existsSync(folder)).flatMap((folder) => [`${folder}/`, `${realpathSync(folder)}/`])];
};

/** The other end of a process that reads files. It is started when it is needed, and ended by whatever goes wrong. */
export class ReaderProcess {
  readonly #limits: ReadingLimits;
  #child: ChildProcess | undefined;
  #files = 0;
  #idle: NodeJS.Timeout | undefined;

  constructor(limits: ReadingLimits) {
    this.#limits = limits;
  }

  /** One file at a time. Rejects with `Fault` where no process can be had, and with what `bytes` rejects with. */
  async read(type: string, size: number, bytes: ReadableStream<Uint8Array>): Promise<Reading> {
    const child = await this.#ready();
    const answer = this.#answerOf(child);
    try {
      await sends(child, { is: 'file', type, size, limits: this.#limits });
      for await (const piece of bytes) await sends(child, { is: 'piece', bytes: piece });
    } catch (cause) {
      this.end();
      throw cause;
    }
    return answer;
  }

  end(): void {
    clearTimeout(this.#idle);
    this.#child?.kill('SIGKILL');
    this.#child = undefined;
    this.#files = 0;
  }

  async #ready(): Promise<ChildProcess> {
    clearTimeout(this.#idle);
    if (this.#files >= filesMost) this.end();
    this.#files += 1;
    if (this.#child?.connected) return this.#child;
    const child = fork(new URL('./reading-process.ts', import.meta.url), [], { execArgv: ['--permission', '--allow-worker', ...readable().map((path) => `--allow-fs-read=${path}`)], env: {}, serialization: 'advanced', stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    this.#child = child;
    child.on('error', () => undefined); // Its exit says the same.
    child.unref();
    child.channel?.unref();
    await new Promise<void>((resolve, reject) => {
      const failed = (why: string): void => {
        this.end();
        reject(new Fault(`The process that reads files did not start (${why}).`));
      };
      child.once('message', ({ is }: FromProcess) => (is === 'ready' ? resolve() : failed('its program cannot be loaded')));
      child.once('exit', (code, signal) => failed(String(signal ?? code)));
    });
    child.removeAllListeners('exit');
    if (child.pid !== undefined) setPriority(child.pid, niceness);
    return child;
  }

  /** Its death is an answer too. */
  #answerOf(child: ChildProcess): Promise<Reading> {
    return new Promise((resolve) => {
      const over = (reading: Reading, isEnd: boolean): void => {
        clearTimeout(late);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        if (isEnd && this.#child === child) this.end();
        else this.#idle = setTimeout(() => this.end(), idleMs).unref();
        resolve(reading);
      };
      const late = setTimeout(() => over(unread('timed-out'), true), this.#limits.wallMs + wallGraceMs).unref();
      child.once('message', (message: FromProcess) => over(message.is === 'read' ? message.reading : unread('damaged'), message.is === 'read' && ['too-complex', 'timed-out'].includes(message.reading.state)));
      child.once('exit', () => over(unread('too-complex'), true));
    });
  }
}

const sends = (child: ChildProcess, message: ToProcess): Promise<void> =>
  new Promise((resolve) => {
    // What ended it is the answer; what can no longer be said is not missed.
    if (!child.connected) return resolve();
    child.send(message, () => resolve());
  });

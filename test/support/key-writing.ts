import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { RecordedEvent } from '#src/kernel/event.ts';
import type { ToldByNode } from './key-writing-process.ts';
import type { KeyNodes } from './key-nodes.ts';
import { Watched } from './waiting.ts';

const script = fileURLToPath(new URL('./key-writing-process.ts', import.meta.url));
const broken = fileURLToPath(new URL('./key-broken.ts', import.meta.url));

type Sealed = Extract<ToldByNode, { kind: 'sealed' }>;

/** A node in a process of its own, and everything it has told. */
export class WritingNode {
  readonly process: ChildProcess;
  readonly told: ToldByNode[] = [];
  readonly #watched = new Watched();
  readonly #gone: Promise<unknown>;

  constructor(nodes: KeyNodes, name: string, { build = 'sound' as 'sound' | 'broken', atOnce = 8, altogether = Infinity, under = [] as readonly string[] } = {}) {
    const { dataFolder, keysFolder = '' } = nodes.placesOf(name);
    const [program = '', ...words] = [...under, process.execPath, ...(build === 'broken' ? ['--import', broken] : []), script, dataFolder, keysFolder, String(atOnce), String(altogether)];
    this.process = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'], detached: true });
    this.process.stdin!.on('error', () => undefined);
    const lines = createInterface(this.process.stdout!);
    lines.on('line', (line) => {
      // A kill may cut the last line; what was cut was not told.
      if (!line.endsWith('}')) return;
      this.told.push(JSON.parse(line) as ToldByNode);
      this.#watched.changed();
    });
    this.#gone = Promise.all([once(this.process, 'exit'), once(lines, 'close')]);
  }

  of<K extends ToldByNode['kind']>(kind: K): readonly Extract<ToldByNode, { kind: K }>[] {
    return this.told.filter((one): one is Extract<ToldByNode, { kind: K }> => one.kind === kind);
  }

  get sealed(): readonly Sealed[] {
    return this.of('sealed');
  }

  open(recorded: RecordedEvent): void {
    this.process.stdin!.write(`${JSON.stringify(recorded)}\n`);
  }

  until(what: string, look: () => boolean): Promise<unknown> {
    return this.#watched.until(what, look, () => this.told.slice(-3), 60_000);
  }

  /** With whatever runs it. */
  async kill(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) process.kill(-this.process.pid!, 'SIGKILL');
    await this.#gone;
  }

  /** Lets it end by itself. */
  async end(): Promise<void> {
    this.process.stdin!.end();
    await this.#gone;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { EventLog } from '#src/log/event-log.ts';
import { allOf, faultsOf } from './log-makers.ts';

export type WritingMode = 'idle' | 'sound' | 'acknowledges before commit' | 'acknowledges in spite of errors';

export type Acknowledged = { readonly kind: 'acknowledged'; readonly stream: string; readonly position: number; readonly revision: number; readonly ids: readonly string[] };

/** What a writing process says on its stdout. */
export type Told =
  | { readonly kind: 'open'; readonly size: number }
  | Acknowledged
  /** `again`: what one more append got. */
  | { readonly kind: 'stopped'; readonly sentence: string; readonly again: string }
  /** Something that is neither an answer nor a stop. */
  | { readonly kind: 'failed'; readonly sentence: string }
  /** After the end of writing: how many events a read finds, and how many a follower was given. */
  | { readonly kind: 'read'; readonly size: number; readonly followed: number };

const script = fileURLToPath(new URL('./log-writing-process.ts', import.meta.url));

export type WritingProcess = {
  readonly process: ChildProcess;
  readonly told: readonly Told[];
  /** Resolves with everything that was told, when the process is gone and its last line was read. */
  readonly gone: Promise<readonly Told[]>;
  /** Resolves when the process has told of `count` acknowledgements, or is gone. */
  readonly hasAcknowledged: (count: number) => Promise<void>;
};

/** Starts a writing process, if wanted under another program (`strace`, say) whose words come first. */
export const startWriting = (file: string, mode: WritingMode, { appends = Infinity, under = [] as readonly string[] } = {}): WritingProcess => {
  const [program = '', ...words] = [...under, process.execPath, script, file, mode, String(appends)];
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const told: Told[] = [];
  let wanted = Infinity;
  let acknowledged = 0;
  let reached: () => void = () => undefined;
  const lines = createInterface(child.stdout);
  lines.on('line', (line) => {
    // A kill may cut the last line; what was cut was not told.
    if (!line.endsWith('}')) return;
    const one = JSON.parse(line) as Told;
    told.push(one);
    if (one.kind === 'acknowledged' && ++acknowledged >= wanted) reached();
  });
  const gone = Promise.all([once(child, 'exit'), once(lines, 'close')]).then(() => told);
  const hasAcknowledged = (count: number): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    [wanted, reached] = [count, resolve];
    if (acknowledged >= count) resolve();
    return Promise.race([promise, gone.then(() => undefined)]);
  };
  return { process: child, told, gone, hasAcknowledged };
};

/** Remembers what was acknowledged, over any number of processes, and says what a log has lost of it, holds twice or has out of its place. */
export class Witness {
  readonly acknowledged: Acknowledged[] = [];

  hear(told: readonly Told[]): void {
    for (const one of told) if (one.kind === 'acknowledged') this.acknowledged.push(one);
  }

  async complaintsAbout(log: EventLog): Promise<string[]> {
    const events = await allOf(log.readAll());
    const placeOf = new Map(events.map((event) => [event.id, event]));
    const complaints = await faultsOf(log);
    for (const { stream, position, revision, ids } of this.acknowledged) {
      for (const [i, id] of ids.entries()) {
        const event = placeOf.get(id);
        if (!event) complaints.push(`lost: ${id}, acknowledged as ${stream} ${revision}`);
        else if (event.stream !== stream || event.position !== position + i || event.revision !== revision - ids.length + 1 + i) complaints.push(`moved: ${id}`);
      }
    }
    return complaints;
  }
}

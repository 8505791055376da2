import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type BenchPerson = { readonly account: string; readonly token: string };
export type Asked =
  | { readonly do: 'people'; readonly count: number; readonly from: number }
  | { readonly do: 'groups'; readonly groups: readonly (readonly string[])[] }
  | { readonly do: 'allow' }
  | { readonly do: 'fill'; readonly conversation: string; readonly author: string; readonly texts: readonly string[] }
  | { readonly do: 'settled' } | { readonly do: 'memory' } | { readonly do: 'cpu' } | { readonly do: 'stop' };

export type MeasuredAppliance = {
  readonly port: number; readonly readyMs: number; readonly folder: string;
  readonly ask: <T>(asked: Asked) => Promise<T>;
  /** Ends the process; `keep` leaves the folder for the next. */
  readonly stop: (keep?: 'keep') => Promise<void>;
};

/** Starts the appliance in its own process on a folder beside this checkout's, so that flushes are real. */
export const measuredAppliance = async (folder = mkdtempSync(join(tmpdir(), 'hansard-bench-')), env: Readonly<Record<string, string>> = {}): Promise<MeasuredAppliance> => {
  const child = fork(new URL('./appliance-process.ts', import.meta.url), [folder, JSON.stringify(env)], { execArgv: ['--expose-gc'], serialization: 'advanced' });
  const waiting = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (cause: Error) => void }>();
  let n = 0;
  const answerTo = <T>(id: number): Promise<T> => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
  child.on('message', (answer: { readonly n: number; readonly value?: never; readonly failed?: string }) => {
    const { resolve, reject } = waiting.get(answer.n)!;
    waiting.delete(answer.n);
    if (answer.failed === undefined) resolve(answer.value as never);
    else reject(new Error(answer.failed));
  });
  child.on('exit', (code) => waiting.forEach(({ reject }) => reject(new Error(`The appliance ended with ${code}.`))));
  const { port, readyMs } = await answerTo<{ port: number; readyMs: number }>(0);
  const ask = <T>(asked: Asked): Promise<T> => {
    n += 1;
    child.send({ ...asked, n });
    return answerTo<T>(n);
  };
  return {
    port, readyMs, folder, ask,
    async stop(keep) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      await ask({ do: 'stop' });
      await ended;
      if (!keep) rmSync(folder, { recursive: true, force: true });
    },
  };
};

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

import type { Order, Reply } from './event-store-process.ts';
import type { EventStoreStandIn } from './event-store-stand-in.ts';
import type { EventStoreOptions } from './event-store.ts';
import type { Faults } from './faults.ts';

type Answer<Target, Verb extends keyof Target> = Target[Verb] extends (...words: never[]) => infer Value ? Awaited<Value> : Target[Verb];
type Words<Target, Verb extends keyof Target> = Target[Verb] extends (...words: infer Given) => unknown ? Given : [];

/** A stand-in in another process. What it stores goes with that process: `server('kill')` and `server('restart')` keep it, `close` does not. */
export type EventStoreProcess = {
  readonly url: string;
  readonly pid: number;
  /** Any verb or value of `EventStoreStandIn`. */
  server<Verb extends keyof EventStoreStandIn>(verb: Verb, ...words: Words<EventStoreStandIn, Verb>): Promise<Answer<EventStoreStandIn, Verb>>;
  /** Any verb or value of `Faults`. */
  faults<Verb extends keyof Faults>(verb: Verb, ...words: Words<Faults, Verb>): Promise<Answer<Faults, Verb>>;
  /** Stopped as a whole: not even a ping is answered, as when a machine is gone. */
  stop(): void;
  go(): void;
  close(): Promise<void>;
};

export const spawnEventStore = async (options: EventStoreOptions = {}): Promise<EventStoreProcess> => {
  const child = fork(fileURLToPath(new URL('event-store-process.ts', import.meta.url)), [JSON.stringify(options)], { execArgv: [] });
  const waiting = new Map<number, { readonly resolve: (value: never) => void; readonly reject: (error: Error) => void }>();
  let numbers = 0;
  const started = new Promise<string>((resolve, reject) => waiting.set(0, { resolve, reject }));
  child.on('message', ({ number, value, failure }: Reply) => {
    if (failure === undefined) waiting.get(number)?.resolve(value as never);
    else waiting.get(number)?.reject(new Error(failure));
    waiting.delete(number);
  });
  child.on('exit', (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`The stand-in for EventStoreDB ended (${code ?? signal}).`));
    waiting.clear();
  });
  const ask = <Value>(target: Order['target'], verb: string, words: readonly unknown[]): Promise<Value> =>
    new Promise((resolve, reject) => {
      numbers += 1;
      waiting.set(numbers, { resolve, reject });
      child.send({ number: numbers, target, verb, words } satisfies Order, (error) => error && reject(error));
    });
  const url = await started;
  return {
    url,
    pid: child.pid as number,
    server: (verb, ...words) => ask('server', verb, words),
    faults: (verb, ...words) => ask('faults', verb, words),
    stop: () => void child.kill('SIGSTOP'),
    go: () => void child.kill('SIGCONT'),
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
};

import type { EventStoreOptions } from './event-store.ts';
import { startEventStore } from './event-store.ts';

/**
 * The stand-in in a process of its own, for benchmarks and for what only a process can do (be stopped by a signal). It listens to
 * its parent: `{ number, target, verb, words }`, answered by `{ number, value }` or `{ number, failure }`.
 */
export type Order = { readonly number: number; readonly target: 'server' | 'faults'; readonly verb: string; readonly words: readonly unknown[] };
export type Reply = { readonly number: number; readonly value?: unknown; readonly failure?: string };

const server = await startEventStore(JSON.parse(process.argv[2] ?? '{}') as EventStoreOptions);
const targets = { server, faults: server.faults } as unknown as Record<Order['target'], Record<string, unknown>>;

const obey = async ({ number, target, verb, words }: Order): Promise<Reply> => {
  try {
    const member = targets[target][verb];
    return { number, value: typeof member === 'function' ? await Reflect.apply(member, targets[target], words) : member };
  } catch (error) {
    return { number, failure: String(error) };
  }
};

process.on('message', (order: Order) => void obey(order).then((reply) => process.send?.(reply)));
// Nobody is left to ask for anything.
process.on('disconnect', () => process.exit());
process.send?.({ number: 0, value: server.url });

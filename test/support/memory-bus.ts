import { randomUUID } from 'node:crypto';
import type { Bus, BusState } from '#src/doors/socket/bus.ts';

type Listener = (body: unknown, from: string) => void;
type Way = { readonly from: string; readonly to: string };

/**
 * A network in memory that carries what nodes publish, in a later turn and in order. It can be cut between nodes and lose frames.
 * It proves nothing about NATS, envelopes or limits.
 */
export class MemoryNetwork {
  readonly #nodes = new Map<string, { readonly listeners: Map<string, Set<Listener>>; readonly reached: (() => void)[] }>();
  readonly #cut = new Set<string>();
  /** What was published, whoever heard it. */
  readonly published: { readonly from: string; readonly subject: string; readonly bytes: number }[] = [];
  /** True loses this frame on this way. */
  loses: (way: Way, body: { readonly is?: string }) => boolean = () => false;

  node(): Bus {
    const node = randomUUID();
    const listeners = new Map<string, Set<Listener>>();
    const reached: (() => void)[] = [];
    this.#nodes.set(node, { listeners, reached });
    const state: BusState = { state: 'connected', since: 0 };
    return {
      node,
      publish: (subject, body) => this.#carry(node, subject, JSON.stringify(body)),
      subscribe(subject, listener) {
        const those = listeners.get(subject) ?? new Set();
        listeners.set(subject, those.add(listener));
        return () => void those.delete(listener);
      },
      onConnected(listener) {
        reached.push(listener);
        listener();
      },
      state: () => state,
    };
  }

  #carry(from: string, subject: string, text: string): void {
    this.published.push({ from, subject, bytes: Buffer.byteLength(text) });
    for (const [to, { listeners }] of this.#nodes) {
      if (to === from || this.#cut.has(from) || this.#cut.has(to) || this.loses({ from, to }, JSON.parse(text))) continue;
      queueMicrotask(() => listeners.get(subject)?.forEach((listener) => listener(JSON.parse(text), from)));
    }
  }

  /** This node reaches nobody, and nobody reaches it. */
  cut(bus: Bus): void {
    this.#cut.add(bus.node);
  }

  heal(bus: Bus): void {
    if (this.#cut.delete(bus.node)) for (const listener of this.#nodes.get(bus.node)!.reached) listener();
  }

  /** As `heal`, but the node does not notice: only heartbeats can tell. */
  healSilently(bus: Bus): void {
    this.#cut.delete(bus.node);
  }
}

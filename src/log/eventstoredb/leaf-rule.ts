import type { StoredEvent } from './wire.ts';

/**
 * What of a database is ours, and which leaf an event is. The same on every node and for ever: positions and the tree follow
 * from it. A module exports these three; the product's is `our-leaves.ts`.
 */
export type LeafRule = {
  readonly isOurs: (stream: string) => boolean;
  /** Leaf hash, base64url, from what is stored alone; `log` is the log id known before this event, or null. Never throws. */
  readonly leafOf: (event: StoredEvent, log: string | null) => string;
  /** The log id that this event states, if it is the one that founds a log. */
  readonly foundedBy: (event: StoredEvent) => string | undefined;
};

/**
 * Ephemera between the appliances of one organisation: presence, typing, and whatever else is worth nothing a moment later. Never
 * in the log, and never waited for: what the bus loses is repaired by what comes next, or was not worth repairing.
 */
export type Bus = {
  /** This run of this node. A node that starts again is another one. */
  readonly node: string;
  /**
   * Fire and forget, to every other node: returns at once, never throws, never waits. `subject` is dot-separated words of [a-z0-9-];
   * `body` is JSON of at most `busBodyBytesMax` bytes. What one node publishes arrives elsewhere in that order, each at most once, with gaps where it was lost.
   */
  readonly publish: (subject: string, body: object) => void;
  /** What other nodes publish under exactly this subject, made by a holder of the log secret and not seen before. Gives the way to end it. */
  readonly subscribe: (subject: string, listener: (body: unknown, from: string) => void) => () => void;
  /** After each time the bus was reached, the first included: what was published before may not have arrived. */
  readonly onConnected: (listener: () => void) => void;
  readonly state: () => BusState;
};

/** `since`: ms UTC. `says`: for a person, what happened and what to do. */
export type BusState =
  | { readonly state: 'off' }
  | { readonly state: 'connected'; readonly since: number }
  | { readonly state: 'cut'; readonly since: number; readonly says: string };

/** A session description with many candidates fits (RFC 8866 sets no limit; browsers make 4 to 16 KiB). NATS takes 1 MiB unless told otherwise. */
export const busBodyBytesMax = 64 * 1024;

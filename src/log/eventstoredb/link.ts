import type { Connection } from './connection.ts';

/** The one connection of this process, replaced as a whole when it stays dead: what the client remembers of a failure goes with it. */
export class Link {
  readonly #connect: () => Connection;
  #current: Connection;

  constructor(connect: () => Connection) {
    this.#connect = connect;
    this.#current = connect();
  }

  get current(): Connection {
    return this.#current;
  }

  /** Does nothing where somebody else has replaced `stale` already. Every call on it ends with an error. */
  renew(stale: Connection): void {
    if (stale !== this.#current) return;
    this.#current = this.#connect();
    void stale.close();
  }

  close(): Promise<void> {
    return this.#current.close();
  }
}

const delayMs = { first: 50, most: 1000 } as const;

/** How long to wait before the n-th attempt after a failure (n from 1): doubling, with half of it left to chance so that nodes do not return as one. */
export const backOffMs = (failures: number): number => Math.min(delayMs.most, delayMs.first * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);

/**
 * Whether a connection that failed so often in a row should be replaced: at the second failure, then ever more rarely, since a
 * cluster that elects a leader answers with errors for seconds and every replacement costs the calls that live.
 */
export const isWorthRenewing = (failures: number): boolean => failures >= 2 && (failures % 16 === 0 || (failures & (failures - 1)) === 0);

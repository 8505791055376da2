import type { Socket } from 'node:net';
import { Tally } from '#src/kernel/tally.ts';
import { Connection, type ConnectionPorts } from './connection.ts';
import type { RelayLimits } from './relay-settings.ts';
import { sourceOf } from './strangers.ts';
import type { Caller } from './ways.ts';

export type ConnectionsPorts = Pick<ConnectionPorts, 'clock' | 'onFrame'> & { readonly onEnd: (caller: Caller) => void };

const sweepEveryMs = 1_000;

/** All connections of clients. Those with an allocation are as many as there are allocations at most; here it is said how many others there may be, and how long. */
export class Connections {
  readonly #limits: RelayLimits;
  readonly #ports: ConnectionPorts;
  readonly #all = new Set<Connection>();
  readonly #sweeping: NodeJS.Timeout;
  /** Those without an allocation, who has been for longest first; and how many of them come from where. */
  readonly #strangers = new Set<Connection>();
  readonly #bySource = new Tally();
  #made = 0;
  /** Those that the relay ended or would not have. */
  cut = 0;

  constructor(limits: RelayLimits, { clock, onFrame, onEnd }: ConnectionsPorts) {
    this.#limits = limits;
    this.#ports = {
      clock, limits, onFrame,
      onStanding: (connection) => (connection.hasAllocation ? this.#known(connection) : this.#unknown(connection)),
      onEnd: (connection, isCut) => {
        this.#all.delete(connection);
        if (!connection.hasAllocation) this.#known(connection);
        if (isCut) this.cut += 1;
        onEnd(connection.caller);
      },
    };
    this.#sweeping = setInterval(() => this.#sweep(clock()), sweepEveryMs).unref();
  }

  get size(): number {
    return this.#all.size;
  }

  /**
   * One more, or its end where too many from there have no allocation: those that were there first stay. Where there are too many in all,
   * the one that has had the longest time to get an allocation goes instead: honest clients take two round trips, and come during a flood too.
   */
  take(socket: Socket, place: { readonly bind: string; readonly port: number }): void {
    const { remoteAddress: address, remotePort: port } = socket;
    if (address === undefined || port === undefined || this.#bySource.of(sourceOf(address)) >= this.#limits.strangerConnectionsPerSourceMax) {
      this.cut += 1;
      socket.on('error', () => undefined).resetAndDestroy();
      return;
    }
    const connection = new Connection(socket, place, { address, port }, (this.#made += 1), this.#ports);
    this.#all.add(connection);
    if (this.#strangers.size >= this.#limits.strangerConnectionsMax) this.#strangers.values().next().value?.cut();
    this.#unknown(connection);
  }

  close(): void {
    clearInterval(this.#sweeping);
    for (const connection of [...this.#all]) connection.end();
  }

  #unknown(connection: Connection): void {
    this.#strangers.add(connection);
    this.#bySource.add(sourceOf(connection.caller.remote.address), 1);
  }

  #known(connection: Connection): void {
    this.#strangers.delete(connection);
    this.#bySource.add(sourceOf(connection.caller.remote.address), -1);
  }

  #sweep(now: number): void {
    for (const connection of [...this.#all]) if (connection.isOverdue(now)) connection.cut();
  }
}

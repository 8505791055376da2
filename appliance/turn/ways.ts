import type { Socket } from 'node:dgram';
import type { Endpoint } from './addresses.ts';

/** The way back: one for all clients of a socket that takes datagrams, one for each client that has a connection. */
export interface Way {
  /** The relay's end of it. */
  readonly bind: string;
  readonly port: number;
  /** There is no client at the other end any more. */
  readonly isEnded: boolean;
  /** An answer to a request. */
  answer(bytes: Buffer, remote: Endpoint): void;
  /** Data. False: there was no room for it, and it is lost. */
  carry(bytes: Buffer, remote: Endpoint): boolean;
  /** True once for a connection where `isDue`: over one a request that is not answered is lost, so the one that shows the answer to the first is not charged to strangers. */
  spares(isDue: () => boolean): boolean;
  /** Its client has an allocation from now on, or none any more. */
  standing(hasAllocation: boolean): void;
  /** Ends a connection that nothing more is wanted from. Datagrams cannot be kept from coming. */
  cut(): void;
}

/** Who sent something, and the way back. `source`: address and port; `key`: of its 5-tuple, and of nobody else for as long as it lives. */
export type Caller = { readonly way: Way; readonly remote: Endpoint; readonly source: string; readonly key: string };

export class DatagramWay implements Way {
  readonly bind: string;
  readonly port: number;
  readonly isEnded = false;
  readonly #socket: Socket;

  constructor(socket: Socket, bind: string) {
    this.#socket = socket;
    this.bind = bind;
    this.port = socket.address().port;
  }

  answer(bytes: Buffer, { port, address }: Endpoint): void {
    this.#socket.send(bytes, port, address);
  }

  carry(bytes: Buffer, { port, address }: Endpoint): boolean {
    this.#socket.send(bytes, port, address);
    return true;
  }

  spares(): boolean {
    return false;
  }

  standing(): void {}

  cut(): void {}
}

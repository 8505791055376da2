import type { Socket as DatagramSocket } from 'node:dgram';
import type { Server, Socket } from 'node:net';
import type { RelayPlace } from './relay-settings.ts';
import { boundSocket, listeningServer } from './sockets.ts';
import { DatagramWay, type Caller } from './ways.ts';

export type ListenersPorts = { readonly onDatagram: (bytes: Buffer, caller: Caller) => void; readonly onConnection: (socket: Socket, place: { readonly bind: string; readonly port: number }) => void };

/** For tests, which want any port: one that is free for both is found soon. */
const anyPortTries = 20;

/** One port at every place: datagrams, and connections where that port is free for them too. */
export class Listeners {
  readonly #places: readonly RelayPlace[];
  readonly #ports: ListenersPorts;
  readonly #sockets: DatagramSocket[] = [];
  readonly #servers: Server[] = [];
  #port = 0;
  #isClosed = false;

  constructor(places: readonly RelayPlace[], ports: ListenersPorts) {
    this.#places = places;
    this.#ports = ports;
  }

  /** For datagrams. Resolves with the port; `wanted` 0: any that is free for connections too. Rejects as `bind` does; then nothing is open. */
  async open(wanted: number): Promise<number> {
    for (let tries = 1; ; tries += 1) {
      try {
        await this.#openSockets(wanted);
        if (wanted === 0) await this.openServers();
        return this.#port;
      } catch (cause) {
        this.#closeAll();
        if (wanted !== 0 || tries === anyPortTries) throw cause;
      }
    }
  }

  /** For connections, on the port that is open for datagrams. Rejects as `listen` does; then none are taken anywhere. Harmless where they are. */
  async openServers(): Promise<void> {
    if (this.#servers.length > 0 || this.#isClosed) return;
    const opened: Server[] = [];
    try {
      for (const { bind } of this.#places) opened.push(await listeningServer(bind, this.#port, (socket) => this.#ports.onConnection(socket, { bind, port: this.#port })));
    } catch (cause) {
      for (const server of opened) server.close();
      throw cause;
    }
    this.#servers.push(...opened);
    if (this.#isClosed) this.#closeAll();
  }

  /** Connections that were taken go on. */
  close(): void {
    this.#isClosed = true;
    this.#closeAll();
  }

  async #openSockets(wanted: number): Promise<void> {
    this.#port = wanted;
    for (const { bind } of this.#places) {
      const socket = await boundSocket(bind, this.#port);
      this.#sockets.push(socket);
      this.#port = socket.address().port;
      const way = new DatagramWay(socket, bind);
      socket.on('message', (bytes, remote) => this.#ports.onDatagram(bytes, { way, remote, source: `${remote.address}:${remote.port}`, key: `${bind}|${remote.address}:${remote.port}` }));
    }
  }

  #closeAll(): void {
    for (const one of [...this.#sockets.splice(0), ...this.#servers.splice(0)]) one.close();
  }
}

import type { AddressInfo, Server as Listener, Socket } from 'node:net';
import { createServer } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';

import type { Realm } from './realm.ts';

export type Certificate = { readonly key: string | Buffer; readonly certificate: string | Buffer };
export type Services = (node: ServerNode) => readonly (readonly [ServiceDefinition, UntypedServiceImplementation])[];

const messageBytesMax = 16 * 1024 * 1024;
/** Calls under way on one connection, as measured; the next one waits, without an error. */
const callsMax = 100;

/** One port of the cluster. It takes the connections itself and hands them to gRPC, so that a test can break, refuse or freeze them. */
export class ServerNode {
  readonly host = '127.0.0.1';
  /** The same for life. */
  port = 0;
  alive = false;
  readonly #realm: Realm;
  readonly #services: Services;
  readonly #certificate: Certificate | undefined;
  readonly #sockets = new Map<string, Socket>();
  readonly #watchers = new Set<() => void>();
  #listener: Listener | undefined;
  #grpc: Server | undefined;
  /** What waits for the thaw, in order; undefined while nothing is frozen. */
  #frozen: (() => void)[] | undefined;
  #lagging = -1;

  constructor(realm: Realm, services: Services, certificate: Certificate | undefined) {
    this.#realm = realm;
    this.#services = services;
    this.#certificate = certificate;
    realm.store.visibility.watch(() => this.#onMore());
  }

  async open(): Promise<void> {
    const { key, certificate } = this.#certificate ?? {};
    const credentials = key === undefined || certificate === undefined ? ServerCredentials.createInsecure() : ServerCredentials.createSsl(null, [{ private_key: Buffer.from(key), cert_chain: Buffer.from(certificate) }]);
    const grpc = new Server({ 'grpc.max_receive_message_length': messageBytesMax, 'grpc.max_send_message_length': -1, 'grpc.max_concurrent_streams': callsMax });
    for (const [definition, implementation] of this.#services(this)) grpc.addService(definition, implementation);
    const injector = grpc.createConnectionInjector(credentials);
    const listener = createServer({ noDelay: true }, (socket) => {
      const name = `${socket.remoteAddress}:${socket.remotePort}`;
      this.#sockets.set(name, socket);
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(name));
      this.whenThawed(() => void (socket.destroyed || injector.injectConnection(socket)));
    });
    await new Promise<void>((resolve, reject) => listener.once('error', reject).listen(this.port, this.host, resolve));
    this.port = (listener.address() as AddressInfo).port;
    this.#listener = listener;
    this.#grpc = grpc;
    this.alive = true;
  }

  /** As by `kill -9`: nothing is said to anybody. What is stored stays. */
  async kill(): Promise<void> {
    if (!this.alive) return;
    this.alive = false;
    this.#frozen = undefined;
    const closed = new Promise((resolve) => this.#listener?.close(resolve));
    this.breakConnections();
    this.#grpc?.forceShutdown();
    await closed;
  }

  breakConnections(): void {
    for (const socket of this.#sockets.values()) socket.destroy();
  }

  /** `peer` as gRPC names it. */
  breakConnection(peer: string): void {
    this.#sockets.get(peer)?.destroy();
  }

  /** Takes connections and requests and says nothing, to anybody, until the thaw. */
  freeze(): void {
    this.#frozen ??= [];
  }

  thaw(): void {
    const waiting = this.#frozen ?? [];
    this.#frozen = undefined;
    for (const go of waiting) go();
  }

  /** At once, or in order after the thaw. */
  whenThawed(go: () => void): void {
    if (this.#frozen === undefined) go();
    else this.#frozen.push(go);
  }

  /** Undefined unless frozen, so that the way that is taken thirty thousand times a second waits for nothing. */
  thawing(): Promise<void> | undefined {
    return this.#frozen === undefined ? undefined : new Promise((resolve) => this.whenThawed(resolve));
  }

  /** Position of the last event that this node shows. */
  visibleTo(): number {
    return this.#lags() ? this.#lagging : this.#realm.store.visibility.to;
  }

  /** Calls back whenever this node shows more, until what this gives is called. */
  watch(onMore: () => void): () => void {
    this.#watchers.add(onMore);
    return () => void this.#watchers.delete(onMore);
  }

  #lags(): boolean {
    return this.#realm.followerLagMs > 0 && this.#realm.leader !== this;
  }

  #onMore(): void {
    const { to } = this.#realm.store.visibility;
    const show = (): void => {
      this.#lagging = Math.max(this.#lagging, to);
      for (const look of [...this.#watchers]) look();
    };
    if (this.#lags()) this.#realm.later(this.#realm.followerLagMs, show);
    else show();
  }
}

import { randomUUID } from 'node:crypto';
import streams from '@eventstore/db-client/generated/streams_pb.js';

import type { Faults } from './faults.ts';
import type { Leaderless, Realm } from './realm.ts';
import { metastreamOf } from './metadata.ts';
import { tombstoneRevision } from './recorded.ts';
import type { AppendResult, Expected } from './store.ts';
import { systemEvent } from './store.ts';

/** An event as it lies in the store; `data` and `metadata` as text. */
export type RawEvent = { readonly stream: string; readonly revision: string; readonly position: number; readonly id: string; readonly type: string; readonly data: string; readonly metadata: string };
export type RawProposed = { readonly id?: string; readonly type?: string; readonly data?: string; readonly metadata?: string; readonly json?: boolean };

/** A running stand-in. Everything here goes past the protocol: it is the test's hand on the server. */
export class EventStoreStandIn {
  readonly faults: Faults;
  readonly #realm: Realm;
  readonly #electionMs: number;
  readonly #authorityFile: string | undefined;
  #endNoLeader: (() => void) | undefined;

  constructor(realm: Realm, electionMs: number, authorityFile: string | undefined) {
    this.#realm = realm;
    this.#electionMs = electionMs;
    this.#authorityFile = authorityFile;
    this.faults = realm.faults;
  }

  /** For a client: all nodes by name. Without name and password; put them in with `urlAs`. */
  get url(): string {
    return this.urlAs(undefined);
  }

  /** `who`: "name:password". */
  urlAs(who: string | undefined): string {
    const hosts = this.#realm.nodes.map(({ host, port }) => `${host}:${port}`).join(',');
    return `esdb://${who === undefined ? '' : `${who}@`}${hosts}?${this.#tls()}`;
  }

  /** For a client that is told one node and asks it for the others. */
  discoverUrl(node = 0): string {
    const { host, port } = this.#node(node);
    return `esdb+discover://${host}:${port}?${this.#tls()}`;
  }

  get ports(): readonly number[] {
    return this.#realm.nodes.map(({ port }) => port);
  }

  /** Number of the node that leads. */
  get leader(): number | undefined {
    const at = this.#realm.nodes.findIndex((node) => node === this.#realm.leader);
    return at < 0 ? undefined : at;
  }

  /** As by `kill -9`; what is stored stays. Without a number: every node. A cluster that still has a majority elects another leader. */
  async kill(node?: number): Promise<void> {
    await Promise.all((node === undefined ? this.#realm.nodes : [this.#node(node)]).map((one) => one.kill()));
    if (this.#realm.leader?.alive === false) this.#lead(undefined);
    this.#elect();
  }

  /** Starts again, on the same ports, what was killed or still runs. */
  async restart(node?: number): Promise<void> {
    await this.kill(node);
    for (const one of node === undefined ? this.#realm.nodes : [this.#node(node)]) await one.open();
    if (this.#realm.nodes.length === 1) this.#lead(0);
    this.#elect();
  }

  /** Every connection breaks; new ones are taken. */
  breakConnections(): void {
    for (const node of this.#realm.nodes) node.breakConnections();
  }

  freeze(node?: number): void {
    for (const one of node === undefined ? this.#realm.nodes : [this.#node(node)]) one.freeze();
  }

  thaw(node?: number): void {
    for (const one of node === undefined ? this.#realm.nodes : [this.#node(node)]) one.thaw();
  }

  /** For so long nobody leads: reads go on, appends fare as said. Resolves when there is a leader again. */
  async noLeader(ms: number, appends: Leaderless = 'mixed'): Promise<void> {
    this.loseLeader(appends);
    await new Promise<void>((resolve) => void this.#realm.later(ms, resolve));
    this.findLeader();
  }

  loseLeader(appends: Leaderless = 'mixed'): void {
    this.#realm.leaderless = appends;
    this.#lead(undefined);
  }

  /** Ends `loseLeader`. */
  findLeader(): void {
    this.#lead(this.#realm.nodes.findIndex(({ alive }) => alive));
  }

  /** Another node leads from now on. */
  elect(node: number): void {
    this.#lead(node);
  }

  /** As somebody else would, past all access lists and faults. */
  append(stream: string, events: readonly RawProposed[] = [{}], expected: Expected = 'any'): AppendResult {
    const proposed = events.map(({ id = randomUUID(), type = 'Foreign', data = '{}', metadata = '', json = true }) => ({ id, type, json, data: Buffer.from(data), metadata: Buffer.from(metadata) }));
    return this.#realm.store.append(stream, expected, proposed);
  }

  setMetadata(stream: string, metadata: Record<string, unknown>): AppendResult {
    return this.append(metastreamOf(stream), [{ type: '$metadata', data: JSON.stringify(metadata) }]);
  }

  delete(stream: string): AppendResult {
    return this.#realm.store.delete(stream, 'any');
  }

  tombstone(stream: string): AppendResult {
    return this.#realm.store.tombstone(stream, 'any');
  }

  /** Gives how many events went, and leaves the server's own events about it. */
  scavenge(): number {
    const id = randomUUID();
    const { store } = this.#realm;
    store.append('$scavengePoints', 'any', [systemEvent('$scavengePoint', '{"threshold":0}')]);
    store.append(`$scavenges-${id}`, 'any', [systemEvent('$scavengeStarted', JSON.stringify({ scavengeId: id }))]);
    const gone = store.scavenge();
    store.append(`$scavenges-${id}`, 'any', [systemEvent('$scavengeCompleted', JSON.stringify({ scavengeId: id, result: 'Success' }))]);
    return gone;
  }

  /** So many of the server's own events. */
  systemEvents(count = 1): void {
    for (let i = 0; i < count; i += 1) this.#realm.store.appendStatistics();
  }

  /** Everything in `$all`, the server's own events too, also what readers cannot see yet. */
  events(): readonly RawEvent[] {
    return this.#realm.store.readAll(0, Number.MAX_SAFE_INTEGER, false, Number.MAX_SAFE_INTEGER).map((event) => {
      const recorded = streams.ReadResp.deserializeBinary(event.answer).getEvent()?.getEvent();
      const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString();
      return {
        stream: event.stream,
        revision: event.revision < 0 ? tombstoneRevision : String(event.revision),
        position: event.position,
        id: event.id,
        type: event.type,
        data: text(recorded?.getData_asU8()),
        metadata: text(recorded?.getCustomMetadata_asU8()),
      };
    });
  }

  async close(): Promise<void> {
    this.#realm.over();
    await Promise.all(this.#realm.nodes.map((node) => node.kill()));
  }

  #node(number: number) {
    const node = this.#realm.nodes[number];
    if (node === undefined) throw new Error(`There is no node ${number}.`);
    return node;
  }

  #tls(): string {
    return this.#authorityFile === undefined ? 'tls=false' : `tls=true&tlsCAFile=${this.#authorityFile}`;
  }

  /** While nobody leads, what is written is agreed on by nobody. */
  #lead(number: number | undefined): void {
    const leader = number === undefined ? undefined : this.#realm.nodes[number];
    this.#realm.leader = leader;
    if (leader === undefined) this.#endNoLeader ??= this.#realm.store.visibility.hold();
    else {
      this.#endNoLeader?.();
      this.#endNoLeader = undefined;
    }
  }

  #elect(): void {
    const { nodes } = this.#realm;
    if (this.#realm.leader !== undefined || nodes.length === 1) return;
    this.#realm.later(this.#electionMs, () => {
      const alive = nodes.filter((node) => node.alive);
      if (this.#realm.leader === undefined && alive.length * 2 > nodes.length) this.findLeader();
    });
  }
}

import type { Socket } from 'node:dgram';
import type { TurnHolder } from '#src/ice/turn-credential.ts';
import type { Endpoint } from './addresses.ts';
import { ByteBucket } from './byte-bucket.ts';
import type { TurnAllocation } from './node-turn-parts.ts';
import type { Caller } from './ways.ts';

/** RFC 8656, 12: not settable. */
const channelLivesMs = 600_000;
/** Of what an allocation may receive: what peers without a channel have besides, all together. Connections are tried with that; what is said in a call goes over channels. */
const unboundShare = 0.1;

export type Channel = { readonly number: number; readonly peer: Endpoint; endsAt: number };

/** What an allocation is made from. `ofAccount`: what all allocations of its account share. `client`: whose it is. `answer`: what a repeated request gets again. */
export type RelayedParts = {
  readonly allocation: TurnAllocation; readonly holder: TurnHolder; readonly username: string; readonly announced: Endpoint; readonly socket: Socket; readonly startedAt: number;
  readonly transaction: string; readonly answer: Buffer; readonly bytesPerSecond: number; readonly ofAccount: ByteBucket; readonly client: Caller;
};

/** One allocation: node-turn keeps when it ends and its permissions, this the channels and how much may flow. */
export class Relayed {
  readonly parts: RelayedParts;
  readonly #channels = new Map<number, Channel>();
  readonly #byPeer = new Map<string, Channel>();
  readonly #sent: ByteBucket;
  readonly #received: ByteBucket;
  readonly #fromUnbound: ByteBucket;

  constructor(parts: RelayedParts) {
    this.parts = parts;
    this.#sent = new ByteBucket(parts.bytesPerSecond, parts.startedAt);
    this.#received = new ByteBucket(parts.bytesPerSecond, parts.startedAt);
    this.#fromUnbound = new ByteBucket(parts.bytesPerSecond * unboundShare, parts.startedAt);
  }

  hasPermission(address: string, now: number): boolean {
    return (this.parts.allocation.permissions[address] ?? 0) > now;
  }

  /** Those that are over are forgotten by this. */
  permissions(now: number): number {
    const { permissions } = this.parts.allocation;
    for (const [address, endsAt] of Object.entries(permissions)) if (endsAt! <= now) delete permissions[address];
    return Object.keys(permissions).length;
  }

  channel(number: number, now: number): Channel | undefined {
    const found = this.#channels.get(number);
    return found && found.endsAt > now ? found : undefined;
  }

  channelOf(peer: string, now: number): Channel | undefined {
    const found = this.#byPeer.get(peer);
    return found && found.endsAt > now ? found : undefined;
  }

  /** What node-turn has bound. */
  bound(number: number, peer: Endpoint, now: number): void {
    const channel = { number, peer, endsAt: now + channelLivesMs };
    this.#channels.set(number, channel);
    this.#byPeer.set(`${peer.address}:${peer.port}`, channel);
  }

  /** How many are bound; those that are over are forgotten by this, by node-turn too. */
  channels(now: number): number {
    for (const [number, { endsAt, peer }] of this.#channels) {
      if (endsAt > now) continue;
      this.#channels.delete(number);
      this.#byPeer.delete(`${peer.address}:${peer.port}`);
      delete this.parts.allocation.channelBindings[number];
    }
    return this.#channels.size;
  }

  maySend(bytes: number, now: number): boolean {
    return this.#sent.take(bytes, now) && this.parts.ofAccount.take(bytes, now);
  }

  /** Whom the client bound no channel to may be anybody with an allocation here: they cannot use up what those have whom it did bind. */
  mayReceive(bytes: number, now: number, isBound: boolean): boolean {
    return (isBound ? this.#received : this.#fromUnbound).take(bytes, now);
  }
}
